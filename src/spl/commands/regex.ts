// Keeps the rows in which a field matches a regular expression.

import { constant, mapColumn, valueAt } from '../../value/column.ts'
import { noRows } from '../../value/mask.ts'
import { textsOf } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import { cachedPcre, warnAtBudget } from '../regex/pcre.ts'
import { defineCommand } from './command.ts'
import { readingArgument } from './shared/regex-argument.ts'

interface RegexArguments {
  readonly field: string
  readonly pattern: string
  /** `!=` keeps the rows that do not match. */
  readonly negated: boolean
}

export const regex = defineCommand<RegexArguments>({
  name: 'regex',
  type: 'distributable streaming',
  summary:
    'Keeps the rows in which a regular expression is found in a field, or with != those in which it is not.',
  syntax: 'regex (<field>="<regex>" | <field>!="<regex>" | "<regex>")',
  examples: [
    {
      search: '* | regex process="(?i)\\\\\\\\rundll32\\.exe$"',
      input: [{ process: 'C:\\Windows\\System32\\RUNDLL32.EXE' }, { process: 'C:\\Windows\\explorer.exe' }],
      output: [{ process: 'C:\\Windows\\System32\\RUNDLL32.EXE' }],
    },
    {
      search: '* | regex src!="^10\\."',
      input: [{ src: '10.0.0.1' }, { src: '192.0.2.7' }, { user: 'alice' }],
      output: [{ src: '192.0.2.7' }, { user: 'alice' }],
      note: 'A row without the field does not match.',
    },
  ],

  parse(reader) {
    const first = reader.requiredWord('a regular expression in quotation marks')
    // `field!="…"`: the exclamation mark is read with a bare word.
    const sticksToField = !first.quoted && first.text.endsWith('!')
    const negated = reader.punctuation('!=') || (sticksToField && reader.punctuation('='))
    const hasField = negated || reader.punctuation('=')
    const field = hasField ? (sticksToField ? first.text.slice(0, -1) : first.text) : '_raw'
    const word = hasField ? reader.requiredWord('a regular expression in quotation marks') : first
    readingArgument(reader, word, (text) => cachedPcre(text))
    return { field, pattern: word.text, negated }
  },

  needs: ({ field }, wanted) => union(wanted, [field]),

  async *run({ field, pattern, negated }, input, context) {
    const compiled = cachedPcre(pattern, { onBudget: warnAtBudget((diagnostic) => context.warn(diagnostic)) })
    for (const warning of compiled.warnings) context.warn(warning)
    for await (const batch of input) {
      const column = batch.column(field) ?? constant(undefined)
      const matches = mapColumn(column, (value) => textsOf(value).some((text) => compiled.test(text)))
      const mask = noRows(batch.length)
      for (let row = 0; row < batch.length; row++)
        mask[row] = (valueAt(matches, row) === true) !== negated ? 1 : 0
      const kept = batch.filter(mask)
      if (kept.length > 0) yield kept
    }
  },
})
