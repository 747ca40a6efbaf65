// The `.` operator: joins the texts of its sides, numbers included. Null on either side gives null.
// (Search Reference: eval, Operators)

import { textOf, type Value } from '../../value/value.ts'

/** A multivalue joins as `nomv` shows it: with line breaks. */
export function concatenate(left: Value, right: Value): Value {
  const a = textOf(left)
  if (a === undefined) return undefined
  const b = textOf(right)
  return b === undefined ? undefined : a + b
}
