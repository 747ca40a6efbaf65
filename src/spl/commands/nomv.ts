// Makes one text of a multivalue field.

import { mapColumn } from '../../value/column.ts'
import { isMultivalue } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

export interface NomvArguments {
  readonly field: string
  /** What stands between the values: that of the mvcombine right before, else a line break. */
  readonly delimiter: string
}

export const nomv = defineCommand<NomvArguments>({
  name: 'nomv',
  type: 'distributable streaming',
  summary:
    'Joins the values of a multivalue field into one text: with line breaks, or right after mvcombine with its delimiter.',
  syntax: 'nomv <field>',
  examples: [
    { search: '* | nomv user', input: [{ user: ['alice', 'bob'] }], output: [{ user: 'alice\nbob' }] },
    {
      search: '* | mvcombine delim="," user | nomv user',
      input: [{ user: 'alice' }, { user: 'bob' }],
      output: [{ user: 'alice,bob' }],
    },
  ],

  parse: (reader) => ({ field: reader.field(), delimiter: '\n' }),

  needs: ({ field }, wanted) => union(wanted, [field]),

  async *run({ field, delimiter }, input) {
    for await (const batch of input) {
      const column = batch.column(field)
      const joined =
        column && mapColumn(column, (value) => (isMultivalue(value) ? value.join(delimiter) : value))
      yield joined === undefined ? batch : batch.with([[field, joined]])
    }
  },
})
