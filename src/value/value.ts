// SPL's values and the few conversions that everything else agrees on.
// What a comparison or a function makes of them is left to spl.

import { formatNumber, parseNumber } from '../base/text/number.ts'

/**
 * One cell. `undefined` is SPL's null: the field is absent. A multivalue field is an array of at least two texts: one
 * text is the same as its value, none is null (use `multivalue` to build one). Booleans exist only inside expressions.
 */
export type Value = string | number | boolean | readonly string[] | undefined

export const isMultivalue = (value: Value): value is readonly string[] => Array.isArray(value)

/** Makes a value of texts: none is null, one is itself, more are a multivalue. */
export function multivalue(items: readonly string[]): Value {
  return items.length > 1 ? items : items[0]
}

/** The texts of a value: none for null, one for a single value. */
export function textsOf(value: Value): readonly string[] {
  if (value === undefined) return []
  return isMultivalue(value) ? value : [scalarText(value)]
}

/** The text of a single value, as Splunk shows it: `True`/`False`, whole numbers in full. */
export function scalarText(value: string | number | boolean): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return formatNumber(value)
    case 'boolean':
      return value ? 'True' : 'False'
  }
}

/** The text of a value; a multivalue is joined with line breaks, as `nomv` does. Null stays null. */
export function textOf(value: Value): string | undefined {
  if (value === undefined) return undefined
  return isMultivalue(value) ? value.join('\n') : scalarText(value)
}

/** The number that a value is or looks like; undefined for null, a multivalue, a boolean and any other text. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? parseNumber(value) : undefined
}

/** What a result row shows: the strings of Splunk's REST API, arrays for multivalue fields. */
export function displayValue(value: Value): string | readonly string[] | undefined {
  return value === undefined || isMultivalue(value) ? value : scalarText(value)
}
