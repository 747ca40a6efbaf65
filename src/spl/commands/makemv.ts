// Makes a multivalue field out of one text.

import { mapColumn } from '../../value/column.ts'
import { multivalue, textsOf } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import { cachedPcre, compilePcre, warnAtBudget } from '../regex/pcre.ts'
import { defineCommand } from './command.ts'

interface MakemvArguments {
  readonly field: string
  readonly delim: string
  readonly tokenizer: string | undefined
  readonly allowempty: boolean
}

export const makemv = defineCommand<MakemvArguments>({
  name: 'makemv',
  type: 'distributable streaming',
  summary: 'Splits the text of a field into the values of a multivalue field.',
  syntax: 'makemv [delim=<string> | tokenizer=<regex>] [allowempty=<bool>] [setsv=<bool>] <field>',
  options: {
    delim: 'The text between values. Default: a blank.',
    tokenizer: 'A regular expression; each match of its first group is a value.',
    allowempty: 'Whether empty values stay. Default: false.',
    setsv: 'Accepted, and without effect: a field has no second, single value here.',
  },
  examples: [
    {
      search: '* | makemv delim="," groups',
      input: [{ groups: 'admins,,users' }],
      output: [{ groups: ['admins', 'users'] }],
    },
    {
      search: '* | makemv tokenizer="(\\d+)" ports',
      input: [{ ports: '80/tcp 443/tcp' }],
      output: [{ ports: ['80', '443'] }],
    },
  ],

  parse(reader) {
    const schema = { delim: 'string', tokenizer: 'string', allowempty: 'boolean', setsv: 'boolean' } as const
    const before = reader.options(schema)
    const field = reader.field()
    const { delim = ' ', tokenizer, allowempty = false } = { ...before, ...reader.options(schema) }
    if (tokenizer !== undefined && compilePcre(tokenizer).groupCount === 0) {
      reader.fail(
        'bad-argument',
        `The tokenizer "${tokenizer}" needs a group in parentheses that holds the value.`,
      )
    }
    return { field, delim, tokenizer, allowempty }
  },

  needs: ({ field }, wanted) => union(wanted, [field]),

  async *run({ field, delim, tokenizer, allowempty }, input, context) {
    const regex =
      tokenizer === undefined
        ? undefined
        : cachedPcre(tokenizer, { onBudget: warnAtBudget((diagnostic) => context.warn(diagnostic)) })
    const split = (text: string): string[] => {
      const pieces =
        regex === undefined ? text.split(delim) : regex.matchAll(text).map(({ groups }) => groups[1] ?? '')
      return allowempty ? pieces : pieces.filter((piece) => piece !== '')
    }
    for await (const batch of input) {
      const column = batch.column(field)
      const made = column && mapColumn(column, (value) => multivalue(textsOf(value).flatMap(split)))
      yield made === undefined ? batch : batch.with([[field, made]])
    }
  },
})
