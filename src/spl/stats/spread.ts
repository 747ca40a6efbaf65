// Count, mean and squared deviations by group: the state behind stdev, stdevp, var and varp.

import type { Value } from '../../value/value.ts'
import type { Accumulator, AggregateInput } from './aggregate.ts'
import { forEachNumber } from './each-value.ts'
import { grown, targetCount } from './growing.ts'

/**
 * Follows the mean and the sum of squared deviations from it. Updated by Welford's method and merged by Chan's: sums of
 * squares would lose their digits where numbers are large and close together, as times are.
 */
export class Spread implements Accumulator {
  readonly #finish: (squares: number, count: number) => number
  #counts = new Float64Array(0)
  #means = new Float64Array(0)
  #squares = new Float64Array(0)

  /** @param finish makes the result of the sum of squared deviations; never asked for groups without a number */
  constructor(finish: (squares: number, count: number) => number) {
    this.#finish = finish
  }

  add(input: AggregateInput): void {
    this.#grow(input.groupCount)
    const counts = this.#counts
    const means = this.#means
    const squares = this.#squares
    forEachNumber(input, (group, number) => {
      const count = counts[group]! + 1
      const before = number - means[group]!
      counts[group] = count
      means[group]! += before / count
      squares[group]! += before * (number - means[group]!)
    })
  }

  merge(other: Spread, groupOf: Uint32Array): void {
    this.#grow(targetCount(groupOf))
    groupOf.forEach((target, group) => {
      const added = other.#counts[group] ?? 0
      if (added === 0) return
      const had = this.#counts[target]!
      const count = had + added
      const difference = other.#means[group]! - this.#means[target]!
      this.#counts[target] = count
      this.#means[target]! += (difference * added) / count
      this.#squares[target]! += other.#squares[group]! + (difference * difference * had * added) / count
    })
  }

  result(group: number): Value {
    const count = this.#counts[group] ?? 0
    return count === 0 ? undefined : this.#finish(this.#squares[group]!, count)
  }

  #grow(length: number): void {
    this.#counts = grown(this.#counts, length)
    this.#means = grown(this.#means, length)
    this.#squares = grown(this.#squares, length)
  }
}

/** The variance of a sample; a single value has none, which Splunk shows as 0. */
export const sampleVariance = (squares: number, count: number): number =>
  count > 1 ? squares / (count - 1) : 0

/** The variance of a whole population. */
export const populationVariance = (squares: number, count: number): number => squares / count
