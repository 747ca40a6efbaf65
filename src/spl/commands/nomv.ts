// Makes one text of a multivalue field.

import { mapColumn } from '../../value/column.ts'
import { isMultivalue, textOf } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

export const nomv = defineCommand<{ readonly field: string }>({
  name: 'nomv',
  type: 'distributable streaming',
  summary: 'Joins the values of a multivalue field with line breaks into one text.',
  syntax: 'nomv <field>',
  examples: [
    { search: '* | nomv user', input: [{ user: ['alice', 'bob'] }], output: [{ user: 'alice\nbob' }] },
  ],

  parse: (reader) => ({ field: reader.field() }),

  needs: ({ field }, wanted) => union(wanted, [field]),

  async *run({ field }, input) {
    for await (const batch of input) {
      const column = batch.column(field)
      const joined = column && mapColumn(column, (value) => (isMultivalue(value) ? textOf(value) : value))
      yield joined === undefined ? batch : batch.with([[field, joined]])
    }
  },
})
