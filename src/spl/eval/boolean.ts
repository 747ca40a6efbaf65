// Three-valued logic: TRUE, FALSE and null. A condition holds only when it is TRUE.
// (Search Reference: eval, Boolean expressions; null operands as in rule "comparisons with null are not true")

import type { Value } from '../../value/value.ts'

/**
 * What a value says as a condition. Booleans say themselves, and so do the texts true and false, which JSON functions
 * give; anything else says nothing.
 */
export function truthOf(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' || value.length > 5) return undefined
  const folded = value.toLowerCase()
  return folded === 'true' ? true : folded === 'false' ? false : undefined
}

export const isTrue = (value: Value): boolean => value === true || truthOf(value) === true

export function and(left: Value, right: Value): boolean | undefined {
  const a = truthOf(left)
  const b = truthOf(right)
  if (a === false || b === false) return false
  return a === undefined || b === undefined ? undefined : true
}

export function or(left: Value, right: Value): boolean | undefined {
  const a = truthOf(left)
  const b = truthOf(right)
  if (a === true || b === true) return true
  return a === undefined || b === undefined ? undefined : false
}

export function xor(left: Value, right: Value): boolean | undefined {
  const a = truthOf(left)
  const b = truthOf(right)
  return a === undefined || b === undefined ? undefined : a !== b
}

export function negation(value: Value): boolean | undefined {
  const truth = truthOf(value)
  return truth === undefined ? undefined : !truth
}
