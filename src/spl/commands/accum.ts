// Replaces the numbers of a field by their running total.

import { nullColumn, plain, valuesOf } from '../../value/column.ts'
import { numberOf } from '../../value/value.ts'
import { union, without } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { readAlias, requiredFieldName } from './shared/field-names.ts'

export const accum = defineCommand({
  name: 'accum',
  type: 'centralized streaming',
  summary: 'Puts the running total of a field in its place, or into a new field.',
  syntax: 'accum <field> [AS <name>]',
  examples: [
    {
      search: '* | accum x AS total',
      input: [{ x: '1' }, { x: 'none' }, { x: '3' }],
      output: [{ x: '1', total: '1' }, { x: 'none' }, { x: '3', total: '4' }],
    },
  ],

  parse(reader) {
    const field = requiredFieldName(reader)
    return { field, output: readAlias(reader) ?? field }
  },

  needs: ({ field, output }, wanted) => union(without(wanted, [output]), [field]),

  async *run({ field, output }, input) {
    let total = 0
    for await (const batch of input) {
      const sums = valuesOf(batch.column(field) ?? nullColumn, batch.length).map((value) => {
        const number = numberOf(value)
        // What is no number stays where the field is replaced, and has no total otherwise.
        if (number === undefined) return output === field ? value : undefined
        total += number
        return total
      })
      yield batch.with([[output, plain(sums)]])
    }
  },
})
