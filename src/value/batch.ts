// A batch is a run of rows seen as columns. Commands exchange batches; none is changed after it was handed on.

import {
  type Column,
  columnBytes,
  concatColumns,
  gather,
  hasValues,
  plain,
  sliceColumn,
  valueAt,
} from './column.ts'
import { type Mask, rowsOf } from './mask.ts'
import { isMultivalue, type Value } from './value.ts'

/** How many rows a batch holds at most, by convention. */
export const batchRows = 4096

/** An event that a row came from, as people find it again. */
export interface EventReference {
  readonly file: string
  readonly record: string
}

/** Tells which events a row came from. It is asked for few rows, so it may compute. */
export type Origins = (row: number) => readonly EventReference[]

/** Where a batch gets columns that it does not hold yet: a block of events, or another batch. */
export interface ColumnReader {
  /** All names that `read` may find, in order. May be dear: it can force every field to be extracted. */
  names(): readonly string[]
  read(name: string): Column | undefined
  /** A reader of some of the rows that computes for these rows only. Absent where columns are at hand anyway. */
  narrow?(rows: Uint32Array): ColumnReader
  /** The rows taken apart by what they are, where that is known: each row is in one part. */
  readonly parts?: readonly BatchPart[]
}

/** Rows of a batch that have more in common than the rest: events of one kind. */
export interface BatchPart {
  /** Their numbers in the whole, ascending. */
  readonly rows: Uint32Array
  /** These rows as a batch of their own. */
  readonly batch: Batch
  /** The files that these events come from, where the rows are events. */
  readonly files?: readonly string[]
}

const nothingMore: ColumnReader = { names: () => [], read: () => undefined }

/**
 * Rows as columns. Columns that come from a reader are read when they are first asked for, then kept.
 */
export class Batch {
  readonly length: number
  /** Which events the rows came from, where that is known. */
  readonly origins: Origins | undefined
  /** Columns set or read so far; `undefined` marks a name that was removed or is known to be missing. */
  readonly #columns: Map<string, Column | undefined>
  readonly #reader: ColumnReader
  /** No column was set beside those that the reader gave. */
  readonly #isAsRead: boolean

  constructor(
    length: number,
    columns: Iterable<readonly [string, Column | undefined]>,
    reader: ColumnReader = nothingMore,
    origins?: Origins,
  ) {
    this.length = length
    this.origins = origins
    this.#columns = new Map(columns)
    this.#reader = reader
    this.#isAsRead = this.#columns.size === 0
  }

  /** Makes a batch of rows given as objects or maps. */
  static fromRows(rows: readonly (Readonly<Record<string, Value>> | ReadonlyMap<string, Value>)[]): Batch {
    const columns = new Map<string, Value[]>()
    rows.forEach((row, index) => {
      for (const [name, value] of row instanceof Map ? row : Object.entries(row)) {
        let values = columns.get(name)
        if (values === undefined) {
          values = new Array<Value>(rows.length).fill(undefined)
          columns.set(name, values)
        }
        values[index] = value
      }
    })
    return new Batch(
      rows.length,
      [...columns].map(([name, values]) => [name, plain(values)] as const),
    )
  }

  /** The column of a field, or undefined when no row has it. */
  column(name: string): Column | undefined {
    const known = this.#columns.get(name)
    if (known !== undefined || this.#columns.has(name)) return known
    const column = this.#reader.read(name)
    this.#columns.set(name, column)
    return column
  }

  /** The rows taken apart, as their source knows them; undefined where it does not, or where columns were set since. */
  get parts(): readonly BatchPart[] | undefined {
    return this.#isAsRead ? this.#reader.parts : undefined
  }

  value(name: string, row: number): Value {
    const column = this.column(name)
    return column === undefined ? undefined : valueAt(column, row)
  }

  /** The names of all fields, in order. Forces a reader to name all of its fields. */
  names(): readonly string[] {
    const names = this.#reader
      .names()
      .filter((name) => !this.#columns.has(name) || this.#columns.get(name) !== undefined)
    const seen = new Set(names)
    for (const [name, column] of this.#columns) if (column !== undefined && !seen.has(name)) names.push(name)
    return names
  }

  /** The names of the fields that at least one row has. */
  namesWithValues(): readonly string[] {
    return this.names().filter((name) => {
      const column = this.column(name)
      return column !== undefined && hasValues(column, this.length)
    })
  }

  /** What the columns that were set or read so far take, in bytes, about. */
  heldBytes(): number {
    let bytes = 0
    for (const column of this.#columns.values()) if (column !== undefined) bytes += columnBytes(column)
    return bytes
  }

  /** One row as a map of its non-null fields, in column order. For commands that think in rows. */
  row(row: number): Map<string, Value> {
    const fields = new Map<string, Value>()
    for (const name of this.names()) {
      const value = this.value(name, row)
      if (value !== undefined) fields.set(name, value)
    }
    return fields
  }

  rows(): Map<string, Value>[] {
    return Array.from({ length: this.length }, (_, row) => this.row(row))
  }

  /** Sets, replaces or (with undefined) removes columns. */
  with(columns: Iterable<readonly [string, Column | undefined]>): Batch {
    const merged = new Map(this.#columns)
    for (const [name, column] of columns) merged.set(name, column)
    return new Batch(this.length, merged, this.#reader, this.origins)
  }

  /** Only the named fields, in the given order. Names that no row has are left out. */
  project(names: readonly string[]): Batch {
    const columns: [string, Column][] = []
    for (const name of names) {
      const column = this.column(name)
      if (column !== undefined) columns.push([name, column])
    }
    return new Batch(this.length, columns, nothingMore, this.origins)
  }

  /** The given rows, in the given order. Columns follow when they are asked for. */
  gather(rows: Uint32Array): Batch {
    const { origins } = this
    const reader = this.#reader
    const { narrow } = reader
    // Of few rows of many it is cheaper to compute the columns that are not there yet for these rows only. Such a batch
    // does not hold on to the one that it came from.
    if (narrow !== undefined && rows.length * narrowShare < this.length) {
      const known = Array.from(
        this.#columns,
        ([name, column]) => [name, column && gather(column, rows)] as const,
      )
      return new Batch(rows.length, known, reader.narrow!(rows), origins && knownOrigins(origins, rows))
    }
    const gathered: ColumnReader = {
      names: () => this.names(),
      read: (name) => {
        const column = this.column(name)
        return column && gather(column, rows)
      },
      ...(narrow && { narrow: (some) => readerOf(this.gather(some.map((row) => rows[row]!))) }),
    }
    return new Batch(rows.length, [], gathered, origins && ((row) => origins(rows[row]!)))
  }

  /** The rows of a mask; the batch itself when that is all of them. */
  filter(mask: Mask): Batch {
    const rows = rowsOf(mask)
    return rows.length === this.length ? this : this.gather(rows)
  }

  slice(start: number, end: number): Batch {
    if (start === 0 && end >= this.length) return this
    const stop = Math.min(end, this.length)
    const reader: ColumnReader = {
      names: () => this.names(),
      read: (name) => {
        const column = this.column(name)
        return column && sliceColumn(column, start, stop)
      },
    }
    const { origins } = this
    return new Batch(Math.max(0, stop - start), [], reader, origins && ((row) => origins(start + row)))
  }

  /**
   * Reads the wanted columns and the origins now and lets go of the reader, so that keeping the batch does not keep its
   * block.
   * @param wanted names, or 'all'
   */
  detach(wanted: ReadonlySet<string> | 'all'): Batch {
    return this.take(
      Uint32Array.from({ length: this.length }, (_, row) => row),
      wanted,
    )
  }

  /**
   * The same for some rows. A column that this batch does not have yet is read for these rows only when they are few, else
   * for all rows, and kept for the next who takes rows of this batch.
   * @param rows ascending, each once
   */
  take(rows: Uint32Array, wanted: ReadonlySet<string> | 'all'): Batch {
    const { origins } = this
    const reader = this.#reader
    const few = rows.length * narrowShare < this.length ? reader.narrow?.(rows) : undefined
    const isAll = rows.length === this.length
    const columns: [string, Column][] = []
    for (const name of wanted === 'all' ? this.names() : wanted) {
      const isNarrow = few !== undefined && !this.#columns.has(name)
      const column = isNarrow ? few.read(name) : this.column(name)
      if (column !== undefined) columns.push([name, isNarrow || isAll ? column : gather(column, rows)])
    }
    return new Batch(rows.length, columns, nothingMore, origins && knownOrigins(origins, rows))
  }
}

/** Of fewer than one in so many rows, columns are computed for these rows only. */
const narrowShare = 4

/** The origins of some rows, asked for now. */
function knownOrigins(origins: Origins, rows: Uint32Array): Origins {
  const references = Array.from(rows, origins)
  return (row) => references[row]!
}

/** A batch as a reader of the columns that it can give. */
export const readerOf = (batch: Batch): ColumnReader => ({
  names: () => batch.names(),
  read: (name) => batch.column(name),
})

/** Joins batches into one; a field that a batch lacks is null in its rows. Columns are joined when they are asked for. */
export function concatBatches(batches: readonly Batch[]): Batch {
  if (batches.length === 1) return batches[0]!
  const length = batches.reduce((sum, batch) => sum + batch.length, 0)
  const reader: ColumnReader = {
    names: () => [...new Set(batches.flatMap((batch) => batch.names()))],
    read: (name) => {
      const parts = batches.map((batch) => ({ column: batch.column(name), length: batch.length }))
      return parts.every(({ column }) => column === undefined) ? undefined : concatColumns(parts)
    },
  }
  return new Batch(length, [], reader, concatOrigins(batches))
}

function concatOrigins(batches: readonly Batch[]): Origins | undefined {
  if (batches.every((batch) => batch.origins === undefined)) return undefined
  return (row) => {
    let offset = row
    for (const batch of batches) {
      if (offset < batch.length) return batch.origins?.(offset) ?? []
      offset -= batch.length
    }
    return []
  }
}

/** Whether a value is one that a row of results shows: not null, and not an empty multivalue. */
export const isShown = (value: Value): boolean =>
  value !== undefined && !(isMultivalue(value) && value.length === 0)
