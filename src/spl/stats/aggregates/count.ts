// The aggregate count, with its state.

import type { Value } from '../../../value/value.ts'
import { type Accumulator, type AggregateInput, defineAggregate } from '../aggregate.ts'
import { forEachText } from '../each-value.ts'
import { grown, targetCount } from '../growing.ts'

/** Counts values; rows when no field is given. */
class Counts implements Accumulator {
  readonly #countsRows: boolean
  #counts = new Float64Array(0)

  constructor(countsRows: boolean) {
    this.#countsRows = countsRows
  }

  add(input: AggregateInput): void {
    this.#counts = grown(this.#counts, input.groupCount)
    const counts = this.#counts
    if (this.#countsRows) {
      const { groups, length } = input
      for (let row = 0; row < length; row++) counts[groups[row]!]!++
    } else {
      forEachText(input, (group) => {
        counts[group]!++
      })
    }
  }

  merge(other: Counts, groupOf: Uint32Array): void {
    this.#counts = grown(this.#counts, targetCount(groupOf))
    groupOf.forEach((target, group) => {
      this.#counts[target]! += other.#counts[group] ?? 0
    })
  }

  result(group: number): Value {
    return this.#counts[group] ?? 0
  }
}

export const count = defineAggregate({
  name: 'count',
  aliases: ['c'],
  summary: 'Counts events, or the values of a field.',
  syntax: 'count | count(<field>) | count(eval(<condition>))',
  examples: [{ call: 'count(x)', values: ['a', null, ['b', 'c']], result: '3' }],
  fieldOptional: true,
  create: ({ hasField }) => new Counts(!hasField),
})
