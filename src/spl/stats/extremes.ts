// The smallest or largest value by group: numbers as numbers, and every number below all other text.

import { parseNumber } from '../../base/text/number.ts'
import { isMultivalue, scalarText, type Value } from '../../value/value.ts'
import type { Accumulator, AggregateInput } from './aggregate.ts'
import { forEachValue } from './each-value.ts'
import { grown, targetCount } from './growing.ts'
import { compareText } from './text-order.ts'

type Scalar = string | number

/**
 * Follows the extreme number, as it was written, and the extreme of the other texts.
 *
 * @see Search Reference: Aggregate functions (max, min): 1, 2, 4, 9, 100, a, b, c
 */
export class Extremes implements Accumulator {
  /** 1 for the largest, -1 for the smallest. */
  readonly #sign: 1 | -1
  #numbers = new Float64Array(0)
  readonly #written: (Scalar | undefined)[] = []
  readonly #texts: (string | undefined)[] = []

  constructor(sign: 1 | -1) {
    this.#sign = sign
  }

  add(input: AggregateInput): void {
    this.#numbers = grown(this.#numbers, input.groupCount)
    forEachValue(input, (group, value) => {
      if (isMultivalue(value)) for (const text of value) this.#offer(group, text)
      else this.#offer(group, typeof value === 'boolean' ? scalarText(value) : value)
    })
  }

  merge(other: Extremes, groupOf: Uint32Array): void {
    this.#numbers = grown(this.#numbers, targetCount(groupOf))
    groupOf.forEach((target, group) => {
      const written = other.#written[group]
      if (written !== undefined) this.#offerNumber(target, other.#numbers[group]!, written)
      const text = other.#texts[group]
      if (text !== undefined) this.#offerText(target, text)
    })
  }

  result(group: number): Value {
    const written = this.#written[group]
    const text = this.#texts[group]
    return this.#sign === 1 ? (text ?? written) : (written ?? text)
  }

  #offer(group: number, value: Scalar): void {
    const number = typeof value === 'number' ? value : parseNumber(value)
    if (number === undefined) this.#offerText(group, value as string)
    else this.#offerNumber(group, number, value)
  }

  #offerNumber(group: number, number: number, written: Scalar): void {
    if (this.#written[group] !== undefined && (number - this.#numbers[group]!) * this.#sign <= 0) return
    this.#numbers[group] = number
    this.#written[group] = written
  }

  #offerText(group: number, text: string): void {
    const known = this.#texts[group]
    if (known === undefined || compareText(text, known) * this.#sign > 0) this.#texts[group] = text
  }
}
