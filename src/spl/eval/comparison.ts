// Comparison of values in eval and where: numbers with numbers, anything else as text, case counts; null gives null; a
// multivalue compares by any of its values. (Search Reference: eval, where; Comparison and Conditional functions)
//
// Texts are ordered by UTF-16 unit, which differs from Splunk's UTF-8 order only between astral characters and U+E000-FFFF.

import { isMultivalue, numberOf, scalarText, type Value } from '../../value/value.ts'
import type { BinaryOperator } from '../syntax/ast.ts'

export type RelationalOperator = Extract<BinaryOperator, '=' | '!=' | '<' | '<=' | '>' | '>='>

type Scalar = string | number | boolean

export const isRelational = (operator: BinaryOperator): operator is RelationalOperator =>
  operator === '=' ||
  operator === '!=' ||
  operator === '<' ||
  operator === '<=' ||
  operator === '>' ||
  operator === '>='

/** TRUE, FALSE, or null when a side is null. */
export function compareValues(operator: RelationalOperator, left: Value, right: Value): boolean | undefined {
  if (left === undefined || right === undefined) return undefined
  if (isMultivalue(left)) return left.some((item) => compareValues(operator, item, right) === true)
  if (isMultivalue(right)) return right.some((item) => compareValues(operator, left, item) === true)
  if (operator === '=') return areEqual(left, right)
  if (operator === '!=') return !areEqual(left, right)
  return holds(operator, compareScalars(left, right))
}

/** `value operator constant` as a test of the value, with the constant read once. */
export function comparisonWith(
  operator: RelationalOperator,
  constant: Value,
): (value: Value) => boolean | undefined {
  if (constant === undefined) return () => undefined
  const isPlainText = typeof constant === 'string' && numberOf(constant) === undefined
  if (isPlainText && (operator === '=' || operator === '!=')) {
    // Nothing but the very text equals a text that is no number.
    const wanted = operator === '='
    return (value) =>
      typeof value === 'string' ? (value === constant) === wanted : compareValues(operator, value, constant)
  }
  const number = numberOf(constant)
  if (number === undefined) return (value) => compareValues(operator, value, constant)
  return (value) => {
    const other = numberOf(value)
    return other === undefined ? compareValues(operator, value, constant) : holds(operator, other - number)
  }
}

/** The operator with its sides exchanged. */
export const mirrored: Readonly<Record<RelationalOperator, RelationalOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/**
 * Whether a value is in a list, as a chain of `=` and OR would say it: null when it is not and either is null.
 */
export function isInList(value: Value, list: readonly Value[]): boolean | undefined {
  let result: boolean | undefined = false
  for (const item of list) {
    const equal = compareValues('=', value, item)
    if (equal === true) return true
    if (equal === undefined) result = undefined
  }
  return result
}

/** Less than, equal to or greater than zero: as numbers when both are or look like numbers, else as text. */
export function compareScalars(left: Scalar, right: Scalar): number {
  const a = numberOf(left)
  if (a !== undefined) {
    const b = numberOf(right)
    if (b !== undefined) return a - b
  }
  const x = scalarText(left)
  const y = scalarText(right)
  return x < y ? -1 : x > y ? 1 : 0
}

/** Orders for max() and min(): numbers among themselves, texts among themselves, texts above numbers. */
export function numbersBeforeTexts(left: Scalar, right: Scalar): number {
  const isNumber = numberOf(left) !== undefined
  return isNumber === (numberOf(right) !== undefined) ? compareScalars(left, right) : isNumber ? -1 : 1
}

function areEqual(left: Scalar, right: Scalar): boolean {
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    // The JSON functions give "true" where a comparison gives True.
    return scalarText(left).toLowerCase() === scalarText(right).toLowerCase()
  }
  return left === right || compareScalars(left, right) === 0
}

function holds(operator: RelationalOperator, difference: number): boolean {
  switch (operator) {
    case '=':
      return difference === 0
    case '!=':
      return difference !== 0
    case '<':
      return difference < 0
    case '<=':
      return difference <= 0
    case '>':
      return difference > 0
    case '>=':
      return difference >= 0
  }
}
