// A row as Splunk's REST API shows it.

import { displayValue, type Value } from './value.ts'

/** Strings, and arrays of strings for multivalue fields; null fields are left out. */
export type ResultRow = Record<string, string | readonly string[]>

/** Turns a row's values into what is shown. Has no prototype: field names come from logs. */
export function resultRow(row: Iterable<readonly [string, Value]>): ResultRow {
  const shown: ResultRow = Object.create(null)
  for (const [name, value] of row) {
    const text = displayValue(value)
    if (text !== undefined) shown[name] = text
  }
  return shown
}
