// What an expression's type is before any row is read, as far as its form tells. Fields can be anything.

import type { Expression } from '../syntax/ast.ts'
import { isArithmetic } from './arithmetic.ts'
import { findFunction } from './functions/index.ts'

export type StaticType = 'Boolean' | 'number' | 'string' | 'unknown'

/** What was found out: a sum asks for the types of both sides, and these for those of theirs. */
const known = new WeakMap<Expression, StaticType>()

export function staticType(expression: Expression): StaticType {
  let type = known.get(expression)
  if (type === undefined) {
    type = typeOf(expression)
    known.set(expression, type)
  }
  return type
}

function typeOf(expression: Expression): StaticType {
  switch (expression.kind) {
    case 'Number':
      return 'number'
    case 'String':
      return 'string'
    case 'InExpression':
      return 'Boolean'
    case 'Unary':
      return expression.operator === 'NOT' ? 'Boolean' : 'number'
    case 'Binary':
      return binaryType(expression)
    case 'Call': {
      const returns = findFunction(expression.name)?.returns
      return returns === 'Boolean' || returns === 'number' || returns === 'string' ? returns : 'unknown'
    }
    case 'Field':
    case 'Subsearch':
      return 'unknown'
  }
}

function binaryType(expression: Extract<Expression, { kind: 'Binary' }>): StaticType {
  const { operator } = expression
  if (operator === '.') return 'string'
  if (operator === '+') return joinsTexts(expression.left, expression.right) ? 'string' : 'unknown'
  return isArithmetic(operator) ? 'number' : 'Boolean'
}

/** Whether an expression gives a Boolean, which cannot be assigned to a field or calculated with. */
export const returnsBoolean = (expression: Expression): boolean => staticType(expression) === 'Boolean'

/**
 * Whether `+` between two expressions joins texts whatever their values: when a side is a text as written
 * (`"0" + hour`), or both sides are functions that give texts. Otherwise the values decide.
 */
export const joinsTexts = (left: Expression, right: Expression): boolean =>
  isText(left) || isText(right) || (staticType(left) === 'string' && staticType(right) === 'string')

/** A string literal, a concatenation, or a sum that joins texts. */
function isText(expression: Expression): boolean {
  if (expression.kind === 'String') return true
  if (expression.kind !== 'Binary') return false
  const { operator } = expression
  return operator === '.' || (operator === '+' && staticType(expression) === 'string')
}
