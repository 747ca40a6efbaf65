// The order of rows by fields, as sort and dedup's sortby state it: `-count, +ip(src)`.
// Search Reference: sort, "How data is interpreted and sorted"

import { compareIpAddresses, isIpAddress } from '../../../base/net/cidr.ts'
import { parseNumber } from '../../../base/text/number.ts'
import type { Batch } from '../../../value/batch.ts'
import { nullColumn, valuesOf } from '../../../value/column.ts'
import { isMultivalue, numberOf, textOf, type Value } from '../../../value/value.ts'
import type { ArgumentReader } from '../../syntax/argument-reader.ts'
import { requiredFieldName } from './field-names.ts'

/** How values are read: `auto` decides for each pair that is compared. */
export type SortType = 'auto' | 'str' | 'num' | 'ip'

export interface SortField {
  readonly field: string
  readonly descending: boolean
  readonly type: SortType
}

const typedField = /(auto|str|num|ip)\s*\(/iy

/**
 * Reads fields with their signs. A sign belongs to the field after it, with or without a blank between.
 * @param isEnd whether the next word is no field: sort's `desc`
 */
export function readSortFields(reader: ArgumentReader, isEnd: () => boolean = () => false): SortField[] {
  const fields: SortField[] = []
  for (;;) {
    while (reader.punctuation(',')) {
      // Commas may be doubled or trailing.
    }
    if (reader.isDone || isEnd()) return fields
    const descending = reader.punctuation('-')
    if (!descending) reader.punctuation('+')
    reader.skipBlanks()
    const typed = reader.match(typedField)
    const type = (typed?.replace(/[\s(]/g, '').toLowerCase() ?? 'auto') as SortType
    const field = typed === undefined ? requiredFieldName(reader) : reader.field()
    if (typed !== undefined && !reader.punctuation(')')) reader.missing('")"')
    fields.push({ field, descending, type })
  }
}

/** What is compared of one value: each reading that it has. */
interface SortKey {
  readonly text: string
  readonly number: number | undefined
  readonly isAddress: boolean
}

/** The rows of a batch in order; rows that compare equal stay in the order they have. */
export function sortedRows(batch: Batch, fields: readonly SortField[]): Uint32Array {
  const compare = rowComparator(batch, fields)
  return Uint32Array.from({ length: batch.length }, (_, row) => row).sort((a, b) => compare(a, b) || a - b)
}

/** Compares two rows of a batch by their numbers. */
export function rowComparator(batch: Batch, fields: readonly SortField[]): (a: number, b: number) => number {
  const orders = fields.map(({ field, descending, type }) => {
    const keys = sortKeys(batch, field)
    const compare = comparators[type]
    return (a: number, b: number): number => {
      const x = keys[a]
      const y = keys[b]
      if (x === y) return 0
      // A missing value comes last in both directions: it counts as the largest when ascending, the smallest otherwise.
      if (x === undefined || y === undefined) return x === undefined ? 1 : -1
      return descending ? compare(y, x) : compare(x, y)
    }
  })
  const [only] = orders
  if (orders.length === 1) return only!
  return (a, b) => {
    for (const order of orders) {
      const difference = order(a, b)
      if (difference !== 0) return difference
    }
    return 0
  }
}

/** One key per row; equal values share theirs. */
function sortKeys(batch: Batch, field: string): readonly (SortKey | undefined)[] {
  const known = new Map<Value, SortKey>()
  return valuesOf(batch.column(field) ?? nullColumn, batch.length).map((value) => {
    if (value === undefined) return undefined
    let key = known.get(value)
    if (key === undefined) {
      key = sortKey(value)
      known.set(value, key)
    }
    return key
  })
}

function sortKey(value: Value): SortKey {
  const text = textOf(value) ?? ''
  const number = isMultivalue(value) ? parseNumber(value[0] ?? '') : numberOf(value)
  return { text, number, isAddress: isIpAddress(text) }
}

const byText = (a: SortKey, b: SortKey): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)

function byNumber(a: SortKey, b: SortKey): number {
  // What is no number has no place among numbers and follows them.
  if (a.number === undefined || b.number === undefined)
    return Number(a.number === undefined) - Number(b.number === undefined)
  return a.number - b.number
}

function byAddress(a: SortKey, b: SortKey): number {
  if (!a.isAddress || !b.isAddress) return Number(b.isAddress) - Number(a.isAddress) || byText(a, b)
  return compareIpAddresses(a.text, b.text) ?? byText(a, b)
}

const comparators: Readonly<Record<SortType, (a: SortKey, b: SortKey) => number>> = {
  auto: (a, b) => {
    if (a.number !== undefined && b.number !== undefined) return a.number - b.number
    return a.isAddress && b.isAddress ? byAddress(a, b) : byText(a, b)
  },
  str: byText,
  num: byNumber,
  ip: byAddress,
}
