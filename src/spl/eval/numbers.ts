// Texts as numbers of any base, for tonumber(), toint() and todouble().

import { parseNumber } from '../../base/text/number.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import { isMultivalue, scalarText, type Value } from '../../value/value.ts'
import { integer } from './arguments.ts'
import type { Constant, FunctionExample, Parameter } from './function.ts'

export const numberParameters: readonly Parameter[] = [
  { name: 'str', type: 'string' },
  { name: 'base', type: 'number', optional: true },
]

/** The number that a text says; null for anything else, blanks around it included. A number is itself. */
export function parseInBase([value, base]: readonly Value[]): number | undefined {
  if (typeof value === 'number') return value
  if (value === undefined || isMultivalue(value)) return undefined
  const digits = scalarText(value)
  const radix = base === undefined ? 10 : integer(base)
  if (radix === undefined || radix < 2 || radix > 36) return undefined
  if (radix === 10) return parseNumber(digits)
  const bare = radix === 16 ? digits.replace(/^([+-]?)0x/i, '$1') : digits
  const allowed = radix <= 10 ? `0-${radix - 1}` : `0-9a-${(radix - 1).toString(36)}`
  return new RegExp(`^[+-]?[${allowed}]+$`, 'i').test(bare) ? Number.parseInt(bare, radix) : undefined
}

/**
 * Refuses a constant that is no number, as Splunk does, and a wrong base.
 * @throws SearchError
 */
export function refuseConstants([value, base]: readonly (Constant | undefined)[], name: string): undefined {
  if (base !== undefined) {
    const radix = integer(base.value)
    if (radix === undefined || radix < 2 || radix > 36) {
      throw searchError('bad-argument', `The base of ${name}() must be a whole number from 2 to 36.`)
    }
  }
  if (value?.value === undefined || (base === undefined && typeof value.value !== 'string')) return undefined
  if (parseInBase([value.value, base?.value]) === undefined) {
    throw searchError(
      'bad-argument',
      `"${String(value.value)}" is not a number, so ${name}() cannot read it.`,
    )
  }
  return undefined
}

export const parsingExamples = (name: string): readonly FunctionExample[] => [
  { expression: `${name}(x)`, fields: { x: '42' }, result: '42' },
  { expression: `${name}(x)`, fields: { x: ' 42 ' }, result: null },
  { expression: `${name}("0A4", 16)`, result: '164' },
]
