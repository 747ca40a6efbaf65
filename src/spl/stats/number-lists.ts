// All numbers of each group: the state behind median and the percentiles.

import type { Value } from '../../value/value.ts'
import type { Accumulator, AggregateInput } from './aggregate.ts'
import { forEachNumber } from './each-value.ts'

/** Keeps every number, so results are exact: 8 bytes a number. */
export class NumberLists implements Accumulator {
  readonly #pick: (sorted: ArrayLike<number>) => number
  readonly #lists: (number[] | undefined)[] = []
  heldBytes = 0

  /** @param pick chooses from the numbers in ascending order; never asked for groups without a number */
  constructor(pick: (sorted: ArrayLike<number>) => number) {
    this.#pick = pick
  }

  add(input: AggregateInput): void {
    const lists = this.#lists
    forEachNumber(input, (group, number) => {
      this.heldBytes += 8
      const list = lists[group]
      if (list === undefined) lists[group] = [number]
      else list.push(number)
    })
  }

  merge(other: NumberLists, groupOf: Uint32Array): void {
    groupOf.forEach((target, group) => {
      const added = other.#lists[group]
      if (added !== undefined) this.#lists[target] = (this.#lists[target] ?? []).concat(added)
    })
  }

  result(group: number): Value {
    const list = this.#lists[group]
    return list === undefined ? undefined : this.#pick(Float64Array.from(list).sort())
  }
}

/**
 * The value below which `percent` of the numbers lie, between two of them where it falls between: perc50 of 1 to 10 is
 * 5.5, perc95 is 9.55. For 100 it is the largest.
 *
 * @see Search Reference: Aggregate functions (perc), whose examples these are
 */
export function interpolatedPercentile(sorted: ArrayLike<number>, percent: number): number {
  // In hundredths of a rank, so that the fraction is free of the error that 8.55 - 8 has.
  const rank = percent * (sorted.length - 1)
  const below = Math.floor(rank / 100)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low === high ? low : low + (high - low) * ((rank - below * 100) / 100)
}
