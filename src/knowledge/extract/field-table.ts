// Fields as an extraction finds them, event by event, kept by name until somebody asks for a column.

import { type Column, dict, plain } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'

/** The values of one field: parallel lists, rows ascending. */
interface Entry {
  readonly rows: number[]
  readonly values: Value[]
}

/** Fields of up to `length` events. Rows must be filled in ascending order. */
export class FieldTable {
  readonly #length: number
  readonly #entries = new Map<string, Entry>()

  constructor(length: number) {
    this.#length = length
  }

  /** Adds a value; a field that the row has already becomes multivalue. */
  append(row: number, name: string, value: string): void {
    const entry = this.#entry(name)
    const last = entry.rows.length - 1
    if (last < 0 || entry.rows[last] !== row) {
      entry.rows.push(row)
      entry.values.push(value)
      return
    }
    const before = entry.values[last]
    if (typeof before === 'string') entry.values[last] = [before, value]
    else (before as string[]).push(value)
  }

  /** Adds a value unless the row has the field. */
  keep(row: number, name: string, value: string): void {
    const entry = this.#entry(name)
    if (entry.rows.at(-1) === row) return
    entry.rows.push(row)
    entry.values.push(value)
  }

  names(): Iterable<string> {
    return this.#entries.keys()
  }

  column(name: string): Column | undefined {
    const entry = this.#entries.get(name)
    if (entry === undefined) return undefined
    const values = new Array<Value>(this.#length).fill(undefined)
    entry.rows.forEach((row, index) => {
      values[row] = entry.values[index]
    })
    return compactColumn(values)
  }

  #entry(name: string): Entry {
    let entry = this.#entries.get(name)
    if (entry === undefined) {
      entry = { rows: [], values: [] }
      this.#entries.set(name, entry)
    }
    return entry
  }
}

/** How many values are looked at before a column is judged not to repeat itself. */
const trial = 128

/**
 * Makes a dict column where values repeat, else a plain one. Multivalues of the same texts share an entry, too.
 */
export function compactColumn(values: readonly Value[]): Column {
  const codeOf = new Map<Value, number>()
  const distinct: Value[] = []
  const codes = new Uint32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    const key = typeof value === 'object' ? `\u0000mv\u0000${value.join('\u0000')}` : value
    let code = codeOf.get(key)
    if (code === undefined) {
      code = distinct.length
      distinct.push(value)
      codeOf.set(key, code)
      if (code >= trial && code * 2 > row) return plain(values)
    }
    codes[row] = code
  }
  return dict(distinct, codes)
}
