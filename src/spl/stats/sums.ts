// Sums and counts of numbers by group: the state behind sum, avg, sumsq and the rates of timechart.

import type { Value } from '../../value/value.ts'
import type { Accumulator, AggregateInput } from './aggregate.ts'
import { forEachNumber } from './each-value.ts'
import { grown, targetCount } from './growing.ts'

/** What becomes of a group's sum; never asked for groups without a number, which are null. */
export type Finish = (sum: number, count: number, group: number) => number

/** Adds up numbers, or what `map` makes of them. */
export class Sums implements Accumulator {
  readonly #finish: Finish
  readonly #map: ((number: number) => number) | undefined
  #sums = new Float64Array(0)
  #counts = new Float64Array(0)

  constructor(finish: Finish, map?: (number: number) => number) {
    this.#finish = finish
    this.#map = map
  }

  add(input: AggregateInput): void {
    this.#sums = grown(this.#sums, input.groupCount)
    this.#counts = grown(this.#counts, input.groupCount)
    const sums = this.#sums
    const counts = this.#counts
    const map = this.#map
    if (map === undefined) {
      forEachNumber(input, (group, number) => {
        sums[group]! += number
        counts[group]!++
      })
    } else {
      forEachNumber(input, (group, number) => {
        sums[group]! += map(number)
        counts[group]!++
      })
    }
  }

  merge(other: Sums, groupOf: Uint32Array): void {
    const length = targetCount(groupOf)
    this.#sums = grown(this.#sums, length)
    this.#counts = grown(this.#counts, length)
    groupOf.forEach((target, group) => {
      this.#sums[target]! += other.#sums[group] ?? 0
      this.#counts[target]! += other.#counts[group] ?? 0
    })
  }

  result(group: number): Value {
    const count = this.#counts[group] ?? 0
    return count === 0 ? undefined : this.#finish(this.#sums[group]!, count, group)
  }
}
