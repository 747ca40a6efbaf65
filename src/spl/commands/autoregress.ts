// Copies the values that a field had some rows before.

import { nullColumn, plain, valuesOf } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import { union, without } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { readAlias, requiredFieldName } from './shared/field-names.ts'
import { PreviousValues } from './shared/previous-values.ts'

/** Further back than this would only fill the memory. */
const furthest = 100_000

export const autoregress = defineCommand({
  name: 'autoregress',
  type: 'centralized streaming',
  summary: 'Copies the values that a field had in rows before into new fields.',
  syntax: 'autoregress <field> [AS <name>] [p=<int> | p=<int>-<int>]',
  options: { p: 'How many rows before, or a range of them such as 2-5. Default: 1.' },
  examples: [
    {
      search: '* | autoregress x p=1-2',
      input: [{ x: 'a' }, { x: 'b' }, { x: 'c' }],
      output: [{ x: 'a' }, { x: 'b', x_p1: 'a' }, { x: 'c', x_p1: 'b', x_p2: 'a' }],
    },
  ],

  parse(reader) {
    const before = reader.options({ p: 'string' })
    const field = requiredFieldName(reader)
    const between = reader.options({ p: 'string' })
    const alias = readAlias(reader)
    const { p = '1' } = { ...before, ...between, ...reader.options({ p: 'string' }) }
    const range = /^(\d+)(?:-(\d+))?$/.exec(p)
    const first = Number(range?.[1])
    const last = Number(range?.[2] ?? first)
    if (range === null || first < 1 || last < first || last > furthest) {
      reader.fail(
        'bad-argument',
        `"p" needs a number of rows such as 3, or a range such as 2-5, found "${p}".`,
      )
    }
    if (alias !== undefined && last > first) {
      reader.fail('bad-argument', 'AS names one field, and a range of rows makes several.')
    }
    const distances = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    return {
      field,
      copies: distances.map((distance) => ({ distance, output: alias ?? `${field}_p${distance}` })),
    }
  },

  needs: ({ field, copies }, wanted) =>
    union(
      without(
        wanted,
        copies.map(({ output }) => output),
      ),
      [field],
    ),

  async *run({ field, copies }, input) {
    const previous = new PreviousValues(copies.at(-1)!.distance)
    for await (const batch of input) {
      const columns = copies.map(() => [] as Value[])
      for (const value of valuesOf(batch.column(field) ?? nullColumn, batch.length)) {
        copies.forEach(({ distance }, index) => {
          columns[index]!.push(previous.at(distance))
        })
        previous.add(value)
      }
      yield batch.with(copies.map(({ output }, index) => [output, plain(columns[index]!)] as const))
    }
  },
})
