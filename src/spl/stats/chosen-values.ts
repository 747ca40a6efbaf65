// One chosen value by group, by the order of the rows or by time: the state behind first, last, earliest and latest.

import { valueAt } from '../../value/column.ts'
import { numberOf, scalarText, textsOf, type Value } from '../../value/value.ts'
import type { Accumulator, AggregateInput } from './aggregate.ts'
import { forEachValue } from './each-value.ts'
import { grown, targetCount } from './growing.ts'

type Present = Exclude<Value, undefined>

/** Keeps the first or the last value in the order of the rows. Of a multivalue, its first or last text. */
export class RowOrdered implements Accumulator {
  readonly #keepsFirst: boolean
  readonly #chosen: (Present | undefined)[] = []

  constructor(keepsFirst: boolean) {
    this.#keepsFirst = keepsFirst
  }

  add(input: AggregateInput): void {
    const chosen = this.#chosen
    if (this.#keepsFirst) {
      forEachValue(input, (group, value) => {
        if (chosen[group] === undefined) chosen[group] = firstOf(value)
      })
    } else {
      forEachValue(input, (group, value) => {
        chosen[group] = lastOf(value)
      })
    }
  }

  merge(other: RowOrdered, groupOf: Uint32Array): void {
    groupOf.forEach((target, group) => {
      const value = other.#chosen[group]
      if (value === undefined || (this.#keepsFirst && this.#chosen[target] !== undefined)) return
      this.#chosen[target] = value
    })
  }

  result(group: number): Value {
    return this.#chosen[group]
  }
}

/** What is shown of the choice: the value, or its time. */
export type Shown = (value: Present, time: number) => Value

/**
 * Keeps the value with the least or the greatest `_time`. Searches give events newest first, so of events with the same
 * time the later row counts as the earlier event. A row without a time counts as time 0.
 */
export class TimeOrdered implements Accumulator {
  readonly #keepsEarliest: boolean
  readonly #shown: Shown
  readonly #chosen: (Present | undefined)[] = []
  #times = new Float64Array(0)

  constructor(keepsEarliest: boolean, shown: Shown) {
    this.#keepsEarliest = keepsEarliest
    this.#shown = shown
  }

  add(input: AggregateInput): void {
    this.#times = grown(this.#times, input.groupCount)
    const timeOf = timesOf(input)
    forEachValue(input, (group, value, row) => this.#offer(group, value, timeOf(row)))
  }

  merge(other: TimeOrdered, groupOf: Uint32Array): void {
    this.#times = grown(this.#times, targetCount(groupOf))
    groupOf.forEach((target, group) => {
      const value = other.#chosen[group]
      if (value !== undefined) this.#offer(target, value, other.#times[group]!)
    })
  }

  result(group: number): Value {
    const value = this.#chosen[group]
    return value === undefined ? undefined : this.#shown(value, this.#times[group]!)
  }

  #offer(group: number, value: Present, time: number): void {
    const known = this.#times[group]!
    const wins = this.#chosen[group] === undefined || (this.#keepsEarliest ? time <= known : time > known)
    if (!wins) return
    this.#chosen[group] = firstOf(value)
    this.#times[group] = time
  }
}

/** Reads `_time` by row; 0 where a row has none. */
export function timesOf({ times }: Pick<AggregateInput, 'times'>): (row: number) => number {
  if (times === undefined) return () => 0
  return (row) => numberOf(valueAt(times, row)) ?? 0
}

/** A time as the functions for times show it: epoch seconds with microseconds. */
export const showTime = (time: number): string => time.toFixed(6)

const firstOf = (value: Present): Present => (typeof value === 'object' ? textsOf(value)[0]! : value)
const lastOf = (value: Present): Present => (typeof value === 'object' ? textsOf(value).at(-1)! : value)

/** The number of a chosen value, where a calculation needs one. */
export const chosenNumber = (value: Present): number | undefined =>
  numberOf(typeof value === 'boolean' ? scalarText(value) : value)
