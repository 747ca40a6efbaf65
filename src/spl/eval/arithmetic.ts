// The arithmetic operators on values in flight. `+` adds two numbers and joins anything else; the others need numbers
// and give null otherwise. (Search Reference: eval, Operators, Numeric calculations)

import { isMultivalue, scalarText, type Value } from '../../value/value.ts'
import type { BinaryOperator } from '../syntax/ast.ts'
import {
  decimalsOf,
  digitsBeforePoint,
  Measured,
  measured,
  numberOfQuantity,
  type Operand,
  quantityOf,
  settle,
  significantDigitsOf,
} from './precision.ts'

export type ArithmeticOperator = Extract<BinaryOperator, '+' | '-' | '*' | '/' | '%'>

type Operation = (left: Operand, right: Operand) => Operand

export const isArithmetic = (operator: BinaryOperator): operator is ArithmeticOperator =>
  operator === '+' || operator === '-' || operator === '*' || operator === '/' || operator === '%'

/** What each operator does. Division and remainder by zero are null. */
export const operations: Readonly<Record<ArithmeticOperator, Operation>> = {
  '+': (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return left + right
    const a = quantityOf(left)
    const b = quantityOf(right)
    return a === undefined || b === undefined ? join(left, right) : sum(a, b, 1)
  },
  '-': numeric((a, b) => sum(a, b, -1)),
  '*': numeric((a, b) => scaled(numberOfQuantity(a) * numberOfQuantity(b), a, b)),
  '/': numeric((a, b) => {
    const divisor = numberOfQuantity(b)
    return divisor === 0 ? undefined : scaled(numberOfQuantity(a) / divisor, a, b)
  }),
  '%': numeric((a, b) => {
    const divisor = numberOfQuantity(b)
    if (divisor === 0) return undefined
    return measured(numberOfQuantity(a) % divisor, Math.min(decimalsOf(a), decimalsOf(b)))
  }),
}

/** `-x` */
export function negate(operand: Operand): Operand {
  const quantity = quantityOf(operand)
  if (quantity === undefined) return undefined
  return quantity instanceof Measured ? new Measured(-quantity.number, quantity.decimals) : 0 - quantity
}

/** `+x`, and any calculation's claim that its result is a number. */
export const asQuantity = (operand: Operand): Operand => quantityOf(operand)

/** `+` of two texts; null where either is null, a Boolean or a multivalue. */
export function join(left: Operand, right: Operand): Value {
  const a = settle(left)
  const b = settle(right)
  if (a === undefined || b === undefined || isMultivalue(a) || isMultivalue(b)) return undefined
  if (typeof a === 'boolean' || typeof b === 'boolean') return undefined
  return scalarText(a) + scalarText(b)
}

function numeric(operation: (a: number | Measured, b: number | Measured) => Operand): Operation {
  return (left, right) => {
    const a = quantityOf(left)
    if (a === undefined) return undefined
    const b = quantityOf(right)
    return b === undefined ? undefined : operation(a, b)
  }
}

/** A sum is known to as many decimals as its less precise part. */
function sum(a: number | Measured, b: number | Measured, sign: 1 | -1): Operand {
  const result = numberOfQuantity(a) + sign * numberOfQuantity(b)
  return typeof a === 'number' && typeof b === 'number'
    ? result
    : measured(result, Math.min(decimalsOf(a), decimalsOf(b)))
}

/** A product or quotient has as many significant digits as its less precise part. */
function scaled(result: number, a: number | Measured, b: number | Measured): Operand {
  if (typeof a === 'number' && typeof b === 'number') return result
  const digits = Math.min(significantDigitsOf(a), significantDigitsOf(b))
  return measured(result, digits - digitsBeforePoint(result))
}
