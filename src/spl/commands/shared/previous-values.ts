// Remembers the values of a field in the rows before: for delta and autoregress.

import type { Value } from '../../../value/value.ts'

/** The last values, as far back as it is told to remember. */
export class PreviousValues {
  readonly #furthest: number
  /** Newest last. */
  #values: Value[] = []

  constructor(furthest: number) {
    this.#furthest = furthest
  }

  /** The value so many rows before; undefined where there is no such row. */
  at(distance: number): Value {
    return this.#values[this.#values.length - distance]
  }

  add(value: Value): void {
    this.#values.push(value)
    // Cut now and then rather than for each row.
    if (this.#values.length > 2 * this.#furthest + 64) this.#values = this.#values.slice(-this.#furthest)
  }
}
