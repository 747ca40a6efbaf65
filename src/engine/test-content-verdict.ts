// Whether the rows of a test are the right ones: those that it expects, and fit to raise risk.

import type { Detection, ExpectedRow } from '../content/detection.ts'
import { tokensOf } from '../content/validate/output-fields.ts'
import type { ResultRow } from '../value/result-row.ts'
import { textsOf, type Value } from '../value/value.ts'

/**
 * Compares rows with those that a test expects, in any order. Only the fields that an expectation names are compared; an
 * expected empty text stands for null.
 * @returns undefined when each row fits one expectation and each expectation one row
 */
export function rowMismatch(
  expected: readonly ExpectedRow[],
  rows: readonly ResultRow[],
): { readonly reason: string; readonly details: readonly string[] } | undefined {
  const left = [...rows]
  const missing: ExpectedRow[] = []
  // Rows that name more fields are choosier, so they choose first.
  for (const wanted of expected.toSorted((a, b) => b.size - a.size)) {
    const at = left.findIndex((row) => fits(row, wanted))
    if (at === -1) missing.push(wanted)
    else left.splice(at, 1)
  }
  if (missing.length === 0 && left.length === 0) return undefined
  const parts = [
    ...(missing.length > 0 ? [`${missing.length} of ${expected.length} expected rows are missing`] : []),
    ...(left.length > 0 ? [`${left.length} rows are not expected`] : []),
  ]
  const details = [
    ...missing
      .slice(0, 5)
      .flatMap((wanted) => [`missing:  ${shownExpectation(wanted)}`, ...nearest(wanted, left)]),
    ...left.slice(0, 5).map((row) => `not expected:  ${JSON.stringify(row)}`),
  ]
  return { reason: `It gives ${rows.length} rows: ${parts.join(', ')}.`, details }
}

function fits(row: ResultRow, wanted: ExpectedRow): boolean {
  return [...wanted].every(([field, values]) => sameValues(valuesOf(row, field), values))
}

/** A field's texts; a null field has the empty one. */
function valuesOf(row: ResultRow, field: string): readonly string[] {
  const value = Object.hasOwn(row, field) ? row[field] : undefined
  return value === undefined ? [''] : typeof value === 'string' ? [value] : value
}

const sameValues = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index])

/** The fields in which the most similar row differs. */
function nearest(wanted: ExpectedRow, rows: readonly ResultRow[]): string[] {
  const differences = rows.map((row) =>
    [...wanted].filter(([field, values]) => !sameValues(valuesOf(row, field), values)),
  )
  const best = differences.toSorted((a, b) => a.length - b.length)[0]
  if (best === undefined || best.length === wanted.size) return []
  const row = rows[differences.indexOf(best)]!
  return best.map(
    ([field]) => `          a row differs in ${field}: ${JSON.stringify(valuesOf(row, field).join('\n'))}`,
  )
}

const shownExpectation = (wanted: ExpectedRow): string =>
  JSON.stringify(
    Object.fromEntries(
      [...wanted].map(([field, values]) => [field, values.length === 1 ? values[0] : values]),
    ),
  )

/**
 * Whether one row has everything that raising risk takes: the fields of all risk and threat objects and of the message.
 * As contentctl judges it, the text "null", which tstats fills in, counts as missing.
 * @returns what is missing, in a sentence
 */
export function missingRiskFields(
  { type, risk }: Detection,
  rows: readonly ReadonlyMap<string, Value>[],
): string | undefined {
  if (risk === undefined || (type !== 'TTP' && type !== 'Anomaly')) return undefined
  const fields = [
    ...new Set([
      ...risk.objects.map(({ field }) => field),
      ...risk.threatObjects.map(({ field }) => field),
      ...tokensOf(risk.message).closed,
    ]),
  ]
  const has = (row: ReadonlyMap<string, Value>, field: string): boolean =>
    textsOf(row.get(field)).some((text) => text.trim() !== '' && text !== 'null')
  if (rows.some((row) => fields.every((field) => has(row, field)))) return undefined
  const nowhere = fields.filter((field) => !rows.some((row) => has(row, field)))
  const names = (list: readonly string[]): string => list.map((field) => `"${field}"`).join(', ')
  if (nowhere.length === 0) return `No row has all the fields that risk needs: ${names(fields)}.`
  return `${nowhere.length === 1 ? 'The field' : 'The fields'} ${names(nowhere)}, which risk needs, ${nowhere.length === 1 ? 'is' : 'are'} in no row.`
}
