// Rule of precision: a result is no more precise than the least precise decimal that went into it (8.250 * 0.2 is 2).
// Whole numbers and computed doubles are exact; a decimal written as text, in a search or in a field, is as precise as
// its digits. Which operation keeps which precision is in arithmetic.ts.

import { formatNumber, parseNumber } from '../../base/text/number.ts'
import type { Value } from '../../value/value.ts'

/** A number that came from a decimal text: it is known to so many decimals, which may be negative (1110 of 1111). */
export class Measured {
  readonly number: number
  readonly decimals: number

  constructor(number: number, decimals: number) {
    this.number = number
    this.decimals = decimals
  }
}

/** A value on its way through a calculation. */
export type Operand = Value | Measured

/** A double holds this many digits; a decimal with more is as exact as a double can be. */
const digitsOfDouble = 17

/** The number of a value with its precision; undefined for what is not a number. */
export function quantityOf(operand: Operand): number | Measured | undefined {
  if (typeof operand === 'number' || operand instanceof Measured) return operand
  if (typeof operand !== 'string') return undefined
  const number = parseNumber(operand)
  return number === undefined ? undefined : withPrecisionOf(operand, number)
}

/** A number as precise as it was written. An exponent says nothing about precision. */
export function withPrecisionOf(text: string, number: number): number | Measured {
  const point = text.indexOf('.')
  return point < 0 || /e/i.test(text) ? number : new Measured(number, text.length - point - 1)
}

export const numberOfQuantity = (quantity: number | Measured): number =>
  typeof quantity === 'number' ? quantity : quantity.number

/** To how many decimals a quantity is known. */
export const decimalsOf = (quantity: number | Measured): number =>
  typeof quantity === 'number' ? Number.POSITIVE_INFINITY : quantity.decimals

/** How many digits of a quantity are significant: 3 for 0.230, 4 for 8.250. */
export const significantDigitsOf = (quantity: number | Measured): number =>
  typeof quantity === 'number'
    ? Number.POSITIVE_INFINITY
    : quantity.decimals + digitsBeforePoint(quantity.number)

/** 2 for 12.5, 1 for 8.25, 0 for 0.2, -1 for 0.014; 1 for zero. */
export function digitsBeforePoint(number: number): number {
  return number === 0 ? 1 : Math.floor(Math.log10(Math.abs(number))) + 1
}

/** A quantity known to so many decimals; exact when that is more than a double can tell. */
export function measured(number: number, decimals: number): number | Measured {
  return decimals === Number.POSITIVE_INFINITY || decimals + digitsBeforePoint(number) > digitsOfDouble
    ? number
    : new Measured(number, decimals)
}

/** What a field shows: decimals beyond the precision are rounded away, trailing zeros within it stay (`1.650`). */
export function settle(operand: Operand): Value {
  return operand instanceof Measured ? fixed(operand.number, Math.max(0, operand.decimals)) : operand
}

/** As `settle`, with the digits before the point rounded too: sigfig(1.00 * 1111) is 1110. */
export function settleSignificant(operand: Operand): Value {
  if (!(operand instanceof Measured)) return operand
  return operand.decimals >= 0 ? settle(operand) : roundTo(operand.number, operand.decimals)
}

/** The bare number, for functions and comparisons, which do not round. */
export function unrounded(operand: Operand): Value {
  return operand instanceof Measured ? operand.number : operand
}

/** A number rounded to so many decimals, all of which are shown: `2.50`. */
export function fixed(number: number, decimals: number): Value {
  const rounded = roundTo(number, decimals)
  return decimals <= 0 || !Number.isFinite(rounded) || Math.abs(rounded) >= 1e21
    ? rounded
    : rounded.toFixed(Math.min(decimals, 100))
}

/**
 * Rounds to so many decimals, by the digits that the number shows: 2.555 gives 2.56 although its double lies below.
 * A half goes up, also below zero: -4.5 gives -4.
 */
export function roundTo(number: number, decimals: number): number {
  if (!Number.isFinite(number)) return number
  // Away from a tie the multiplication's error cannot matter, and dividing whole doubles rounds correctly.
  if (decimals >= 0 && decimals <= 15) {
    const power = 10 ** decimals
    const scaled = number * power
    const distance = Math.abs(scaled - Math.floor(scaled) - 0.5)
    if (Math.abs(scaled) < 1e9 && distance > 1e-6) return Math.round(scaled) / power + 0
  }
  const rounded = Math.round(shifted(number, decimals))
  return Number.isFinite(rounded) ? shifted(rounded, -decimals) + 0 : number
}

/** The number times a power of ten, without the error of a multiplication. */
function shifted(number: number, places: number): number {
  const [mantissa, exponent = '0'] = String(number).split('e')
  return Number(`${mantissa}e${Number(exponent) + places}`)
}

/** The text of a number literal's value: a decimal keeps its digits, so that it keeps its precision in a field. */
export function literalValue(text: string, number: number): Value {
  const quantity = withPrecisionOf(text, number)
  if (typeof quantity === 'number') return number
  return formatNumber(number) === text ? text : fixed(number, quantity.decimals)
}
