// The aggregate estdc_error, with its state.

import type { Value } from '../../../value/value.ts'
import { type Accumulator, type AggregateInput, defineAggregate } from '../aggregate.ts'
import { forEachText } from '../each-value.ts'

/** Knows only which groups have a value: the error of an exact count is 0. */
class NoError implements Accumulator {
  readonly #groups = new Set<number>()

  add(input: AggregateInput): void {
    forEachText(input, (group) => this.#groups.add(group))
  }

  merge(other: NoError, groupOf: Uint32Array): void {
    groupOf.forEach((target, group) => {
      if (other.#groups.has(group)) this.#groups.add(target)
    })
  }

  result(group: number): Value {
    return this.#groups.has(group) ? 0 : undefined
  }
}

export const estdcError = defineAggregate({
  name: 'estdc_error',
  summary: 'The error of estdc, as a fraction. It is 0 here, as the count is exact.',
  syntax: 'estdc_error(<field>)',
  examples: [{ call: 'estdc_error(x)', values: ['a', 'b', 'a'], result: '0' }],
  create: () => new NoError(),
})
