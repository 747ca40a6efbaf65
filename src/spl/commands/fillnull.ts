// Puts a value where a field is null.

import { hasWildcard } from '../../base/text/wildcard.ts'
import { type Batch, isShown } from '../../value/batch.ts'
import { constant, mapColumn } from '../../value/column.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { expandFields } from './shared/field-patterns.ts'
import { readFieldsAndOptions } from './shared/fields-and-options.ts'

export const fillnull = defineCommand({
  name: 'fillnull',
  type: 'distributable streaming',
  summary:
    'Puts a value where a listed field is null; without a list, where any field that a row has is null in another.',
  syntax: 'fillnull [value=<string>] [<wc-field-list>]',
  options: { value: 'What to put in. Default: 0.' },
  examples: [
    {
      search: '* | fillnull value=unknown user, dest',
      input: [{ n: '1', user: 'alice' }, { n: '2' }],
      output: [
        { n: '1', user: 'alice', dest: 'unknown' },
        { n: '2', user: 'unknown', dest: 'unknown' },
      ],
    },
  ],

  parse(reader) {
    const { fields: patterns, options } = readFieldsAndOptions(reader, { value: 'string' })
    const { value = '0' } = options
    return { value, patterns }
  },

  needs: ({ patterns }, wanted) =>
    patterns.length === 0 || patterns.some(hasWildcard) ? 'all' : union(wanted, patterns),

  async *run({ value, patterns }, input, context) {
    const fill = (batch: Batch, names: readonly string[]): Batch =>
      batch.with(
        names.map((name) => {
          const column = batch.column(name)
          const filled =
            column === undefined ? constant(value) : mapColumn(column, (old) => (isShown(old) ? old : value))
          return [name, filled] as const
        }),
      )
    if (patterns.length > 0 && !patterns.some(hasWildcard)) {
      for await (const batch of input) yield fill(batch, patterns)
      return
    }
    // Which fields there are is known only when all rows are.
    const rows = await collectRows(input, context, 'fillnull')
    yield* inBatches(
      fill(
        rows,
        expandFields(patterns.length === 0 ? ['*'] : patterns, () => rows.namesWithValues()),
      ),
    )
  },
})
