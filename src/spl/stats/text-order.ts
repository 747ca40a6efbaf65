// The orders that the statistics commands sort by: text by its UTF-8 bytes, and numbers before text.

import { parseNumber } from '../../base/text/number.ts'
import { textOf, type Value } from '../../value/value.ts'

const surrogate = /[\ud800-\udfff]/

/** Compares texts as their UTF-8 bytes compare: by code point, so not by UTF-16 units. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above all others, so they rank above the units that follow them. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)

/** Sorts texts by their UTF-8 bytes, in place. */
export function sortTexts(texts: string[]): string[] {
  return texts.some((text) => surrogate.test(text)) ? texts.sort(compareText) : texts.sort()
}

/** Compares values as text; null comes first. */
export function compareAsText(a: Value, b: Value): number {
  const left = textOf(a)
  const right = textOf(b)
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined)
  return compareText(left, right)
}

/** Compares numbers as numbers and before all other text; that of bins (`10-20`) by where they start. */
export function compareNaturally(a: Value, b: Value): number {
  const left = position(a)
  const right = position(b)
  if (left !== undefined && right !== undefined) return left - right || compareAsText(a, b)
  if (left !== undefined || right !== undefined) return left !== undefined ? -1 : 1
  return compareAsText(a, b)
}

const binPattern = /^(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)$/

function position(value: Value): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const bin = binPattern.exec(value)
  return parseNumber(bin === null ? value : bin[1]!)
}
