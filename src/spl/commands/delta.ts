// Adds the difference between a field's number and the one some rows before.

import { nullColumn, plain, valuesOf } from '../../value/column.ts'
import { numberOf } from '../../value/value.ts'
import { union, without } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { readAlias, requiredFieldName } from './shared/field-names.ts'
import { PreviousValues } from './shared/previous-values.ts'

export const delta = defineCommand({
  name: 'delta',
  type: 'centralized streaming',
  summary:
    'Adds the difference between the number of a field and that of a row before, in the order of the rows.',
  syntax: 'delta <field> [AS <name>] [p=<int>]',
  options: { p: 'How many rows before. Default: 1.' },
  examples: [
    {
      search: '* | delta x AS change',
      input: [{ x: '10' }, { x: '7' }],
      output: [{ x: '10' }, { x: '7', change: '-3' }],
    },
  ],

  parse(reader) {
    const before = reader.options({ p: 'integer' })
    const field = requiredFieldName(reader)
    const between = reader.options({ p: 'integer' })
    const output = readAlias(reader) ?? `delta(${field})`
    const { p = 1 } = { ...before, ...between, ...reader.options({ p: 'integer' }) }
    if (p < 1) reader.fail('bad-argument', `"p" needs a number of rows, 1 or more, found "${p}".`)
    return { field, output, distance: p }
  },

  needs: ({ field, output }, wanted) => union(without(wanted, [output]), [field]),

  async *run({ field, output, distance }, input) {
    const previous = new PreviousValues(distance)
    for await (const batch of input) {
      const differences = valuesOf(batch.column(field) ?? nullColumn, batch.length).map((value) => {
        const number = numberOf(value)
        const earlier = numberOf(previous.at(distance))
        previous.add(value)
        return number === undefined || earlier === undefined ? undefined : number - earlier
      })
      yield batch.with([[output, plain(differences)]])
    }
  },
})
