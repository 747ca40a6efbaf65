// A column holds one field of a batch. Three kinds, so that work is done once per distinct value where values repeat.

import { isMultivalue, type Value } from './value.ts'

/** Values by row. */
export interface PlainColumn {
  readonly kind: 'plain'
  readonly values: readonly Value[]
}

/** Distinct values and, by row, an index into them. */
export interface DictColumn {
  readonly kind: 'dict'
  readonly values: readonly Value[]
  readonly codes: Uint32Array
}

/** The same value in every row. */
export interface ConstColumn {
  readonly kind: 'const'
  readonly value: Value
}

export type Column = PlainColumn | DictColumn | ConstColumn

export const plain = (values: readonly Value[]): PlainColumn => ({ kind: 'plain', values })
export const constant = (value: Value): ConstColumn => ({ kind: 'const', value })
export const dict = (values: readonly Value[], codes: Uint32Array): DictColumn => ({
  kind: 'dict',
  values,
  codes,
})

/** The column of a field that no row has. */
export const nullColumn: ConstColumn = constant(undefined)

/** The value in one row. In loops over many rows, switch on `kind` once outside the loop instead. */
export function valueAt(column: Column, row: number): Value {
  switch (column.kind) {
    case 'plain':
      return column.values[row]
    case 'dict':
      return column.values[column.codes[row]!]
    case 'const':
      return column.value
  }
}

/** The values of the first `length` rows, by row. */
export function valuesOf(column: Column, length: number): readonly Value[] {
  switch (column.kind) {
    case 'plain':
      return column.values.length === length ? column.values : column.values.slice(0, length)
    case 'dict': {
      const { values, codes } = column
      return Array.from({ length }, (_, row) => values[codes[row]!])
    }
    case 'const':
      return new Array<Value>(length).fill(column.value)
  }
}

/** Applies a pure function: once per distinct value of a dict column, once for a const column. */
export function mapColumn(column: Column, apply: (value: Value) => Value): Column {
  switch (column.kind) {
    case 'plain':
      return plain(column.values.map(apply))
    case 'dict':
      return dict(column.values.map(apply), column.codes)
    case 'const':
      return constant(apply(column.value))
  }
}

/** The given rows, in the given order. */
export function gather(column: Column, rows: Uint32Array): Column {
  switch (column.kind) {
    case 'plain': {
      const { values } = column
      // Natural form: Array.from(rows, (row) => values[row]), which is several times slower.
      const gathered = new Array<Value>(rows.length)
      for (let index = 0; index < rows.length; index++) gathered[index] = values[rows[index]!]
      return plain(gathered)
    }
    case 'dict': {
      const { values, codes } = column
      const ofRows = new Uint32Array(rows.length)
      for (let index = 0; index < rows.length; index++) ofRows[index] = codes[rows[index]!]!
      if (values.length <= 2 * rows.length) return dict(values, ofRows)
      // Few rows would hold on to a dictionary of many values.
      const gathered = new Array<Value>(rows.length)
      for (let index = 0; index < rows.length; index++) gathered[index] = values[ofRows[index]!]
      return plain(gathered)
    }
    case 'const':
      return column
  }
}

/** Rows `start` up to, not including, `end`. */
export function sliceColumn(column: Column, start: number, end: number): Column {
  switch (column.kind) {
    case 'plain':
      return plain(column.values.slice(start, end))
    case 'dict':
      return dict(column.values, column.codes.subarray(start, end))
    case 'const':
      return column
  }
}

/**
 * Joins columns end to end; an undefined column stands for rows without the field. Dictionaries stay dictionaries
 * as long as that is not larger than the values by row.
 */
export function concatColumns(
  parts: readonly { readonly column: Column | undefined; readonly length: number }[],
): Column {
  const total = parts.reduce((sum, { length }) => sum + length, 0)
  const values: Value[] = []
  const codes = new Uint32Array(total)
  // Slices of one block share its dictionary.
  const offsets = new Map<readonly Value[], number>()
  let start = 0
  for (const { column = nullColumn, length } of parts) {
    if (column.kind === 'plain' || (column.kind === 'dict' && values.length + column.values.length > total)) {
      return plain(joinedValues(parts, total))
    }
    if (column.kind === 'const') {
      codes.fill(values.push(column.value) - 1, start, start + length)
    } else {
      let offset = offsets.get(column.values)
      if (offset === undefined) {
        offset = values.length
        offsets.set(column.values, offset)
        for (const value of column.values) values.push(value)
      }
      for (let row = 0; row < length; row++) codes[start + row] = offset + column.codes[row]!
    }
    start += length
  }
  return values.length === 1 ? constant(values[0]) : dict(values, codes)
}

/** Natural form: parts.flatMap(valuesOf), which copies several times. bench/commands.ts: sort, reverse */
function joinedValues(
  parts: readonly { readonly column: Column | undefined; readonly length: number }[],
  total: number,
): Value[] {
  const joined = new Array<Value>(total)
  let start = 0
  for (const { column = nullColumn, length } of parts) {
    const values = valuesOf(column, length)
    for (let row = 0; row < length; row++) joined[start + row] = values[row]
    start += length
  }
  return joined
}

/** What a column takes, in bytes, about: texts that are shared with other columns are counted in each. */
export function columnBytes(column: Column): number {
  switch (column.kind) {
    case 'const':
      return valueBytes(column.value)
    case 'dict':
      return (
        column.codes.length * 4 + column.values.reduce<number>((sum, value) => sum + valueBytes(value), 0)
      )
    case 'plain':
      return column.values.reduce<number>((sum, value) => sum + valueBytes(value), 0)
  }
}

function valueBytes(value: Value): number {
  if (typeof value === 'string') return 24 + value.length
  return isMultivalue(value) ? value.reduce((sum, text) => sum + 24 + text.length, 24) : 8
}

/** Whether any of the first `length` rows has a value. */
export function hasValues(column: Column, length: number): boolean {
  switch (column.kind) {
    case 'plain':
      return column.values.some((value) => value !== undefined)
    case 'dict':
      if (!column.values.includes(undefined)) return length > 0
      return column.codes.some((code) => column.values[code] !== undefined)
    case 'const':
      return length > 0 && column.value !== undefined
  }
}

/**
 * Builds a dict column from values by row. Single texts share an entry; everything else gets one of its own, so use it
 * where texts repeat.
 */
export function dictOf(values: readonly Value[]): DictColumn {
  const codeOf = new Map<Value, number>()
  const distinct: Value[] = []
  const codes = new Uint32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    let code = codeOf.get(value)
    if (code === undefined) {
      code = distinct.length
      distinct.push(value)
      codeOf.set(value, code)
    }
    codes[row] = code
  }
  return dict(distinct, codes)
}
