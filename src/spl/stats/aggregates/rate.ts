// The aggregate rate, with its state.

import type { Value } from '../../../value/value.ts'
import { type Accumulator, type AggregateInput, defineAggregate } from '../aggregate.ts'
import { timesOf } from '../chosen-values.ts'
import { forEachNumber } from '../each-value.ts'

interface Counter {
  earliest: number
  earliestTime: number
  latest: number
  latestTime: number
  largest: number
}

/** Follows a counter that only rises, save for resets to zero. */
class Counters implements Accumulator {
  readonly #counters: (Counter | undefined)[] = []

  add(input: AggregateInput): void {
    const timeOf = timesOf(input)
    forEachNumber(input, (group, number, row) => {
      const time = timeOf(row)
      this.#take(group, {
        earliest: number,
        earliestTime: time,
        latest: number,
        latestTime: time,
        largest: number,
      })
    })
  }

  merge(other: Counters, groupOf: Uint32Array): void {
    groupOf.forEach((target, group) => {
      const added = other.#counters[group]
      if (added !== undefined) this.#take(target, { ...added })
    })
  }

  result(group: number): Value {
    const counter = this.#counters[group]
    if (counter === undefined || counter.latestTime === counter.earliestTime) return undefined
    const { earliest, earliestTime, latest, latestTime, largest } = counter
    // A counter that fell was reset: what it had reached before counts, too.
    const risen = latest - earliest + (largest > latest ? largest : 0)
    return risen / (latestTime - earliestTime)
  }

  #take(group: number, added: Counter): void {
    const counter = this.#counters[group]
    if (counter === undefined) {
      this.#counters[group] = added
      return
    }
    if (added.earliestTime <= counter.earliestTime) {
      counter.earliest = added.earliest
      counter.earliestTime = added.earliestTime
    }
    if (added.latestTime > counter.latestTime) {
      counter.latest = added.latest
      counter.latestTime = added.latestTime
    }
    counter.largest = Math.max(counter.largest, added.largest)
  }
}

export const rate = defineAggregate({
  name: 'rate',
  summary:
    'How fast a counter rises, per second: the difference of its latest and earliest value over that of their times.',
  syntax: 'rate(<field>)',
  examples: [],
  usesTime: true,
  isNumeric: true,
  create: () => new Counters(),
})
