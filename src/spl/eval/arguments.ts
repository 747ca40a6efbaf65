// How eval functions read their arguments, so that each says in one word what it takes.

import {
  isMultivalue,
  multivalue,
  numberOf,
  scalarText,
  textOf,
  textsOf,
  type Value,
} from '../../value/value.ts'

/** The text of an argument, a multivalue with line breaks between its values; '' for null. */
export const text = (value: Value): string => textOf(value) ?? ''

/** A whole number; undefined for anything else. */
export function integer(value: Value): number | undefined {
  const number = numberOf(value)
  return number !== undefined && Number.isInteger(number) ? number : undefined
}

/** Applies a function of text to a value, to each of a multivalue's; null stays null. */
export function eachText(value: Value, apply: (text: string) => string): Value {
  if (value === undefined) return undefined
  return isMultivalue(value) ? multivalue(value.map(apply)) : apply(scalarText(value))
}

/** Whether a test holds for a value, for any of a multivalue's; null stays null. */
export function anyText(value: Value, test: (text: string) => boolean): boolean | undefined {
  if (value === undefined) return undefined
  return isMultivalue(value) ? value.some(test) : test(scalarText(value))
}

/** All single values among the arguments: multivalues are taken apart, nulls left out. */
export const singleValues = (args: readonly Value[]): (string | number | boolean)[] =>
  args.flatMap((value) => (isMultivalue(value) ? [...value] : value === undefined ? [] : [value]))

/** All texts of the arguments as one value. */
export const combined = (args: readonly Value[]): Value => multivalue(args.flatMap(textsOf))
