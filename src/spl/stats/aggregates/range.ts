// The aggregate range, with its state.

import type { Value } from '../../../value/value.ts'
import { type Accumulator, type AggregateInput, defineAggregate } from '../aggregate.ts'
import { forEachNumber } from '../each-value.ts'
import { grown, targetCount } from '../growing.ts'

class Range implements Accumulator {
  #lowest = new Float64Array(0)
  #highest = new Float64Array(0)

  add(input: AggregateInput): void {
    this.#grow(input.groupCount)
    const lowest = this.#lowest
    const highest = this.#highest
    forEachNumber(input, (group, number) => {
      if (number < lowest[group]!) lowest[group] = number
      if (number > highest[group]!) highest[group] = number
    })
  }

  merge(other: Range, groupOf: Uint32Array): void {
    this.#grow(targetCount(groupOf))
    groupOf.forEach((target, group) => {
      this.#lowest[target] = Math.min(this.#lowest[target]!, other.#lowest[group] ?? Number.POSITIVE_INFINITY)
      this.#highest[target] = Math.max(
        this.#highest[target]!,
        other.#highest[group] ?? Number.NEGATIVE_INFINITY,
      )
    })
  }

  result(group: number): Value {
    const range = (this.#highest[group] ?? Number.NEGATIVE_INFINITY) - (this.#lowest[group] ?? 0)
    return range === Number.NEGATIVE_INFINITY ? undefined : range
  }

  #grow(length: number): void {
    this.#lowest = grown(this.#lowest, length, Number.POSITIVE_INFINITY)
    this.#highest = grown(this.#highest, length, Number.NEGATIVE_INFINITY)
  }
}

export const range = defineAggregate({
  name: 'range',
  summary: 'The difference between the largest and the smallest number of a field.',
  syntax: 'range(<field>)',
  examples: [{ call: 'range(x)', values: ['1200', '1650', '1400'], result: '450' }],
  isNumeric: true,
  create: () => new Range(),
})
