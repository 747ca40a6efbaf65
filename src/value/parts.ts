// Batches that are put together of parts, whose rows may alternate: events of several kinds in the order of their file.

import { Batch, type BatchPart, type ColumnReader, type Origins, readerOf } from './batch.ts'
import { type Column, constant, dict, plain, valueAt } from './column.ts'
import type { Value } from './value.ts'

/** A batch whose rows are those of the parts. Columns are read and put together when they are asked for. */
export const joinParts = (parts: readonly BatchPart[], length: number, origins: Origins | undefined): Batch =>
  new Batch(length, [], parts.length === 1 ? wholeReader(parts[0]!) : partsReader(parts, length), origins)

/** The reader of one part that is everything. */
const wholeReader = (part: BatchPart): ColumnReader => ({ ...narrowing(part.batch), parts: [part] })

const narrowing = (batch: Batch): ColumnReader => ({
  ...readerOf(batch),
  narrow: (rows) => narrowing(batch.gather(rows)),
})

function partsReader(parts: readonly BatchPart[], length: number): ColumnReader {
  let places: RowPlaces | undefined
  return {
    parts,
    names: () => [...new Set(parts.flatMap(({ batch }) => batch.names()))],
    read: (name) => scatter(parts, length, name),
    narrow(rows) {
      places ??= rowPlaces(parts, length)
      return partsReader(narrowParts(parts, places, rows), rows.length)
    },
  }
}

/** For each row of a block its part, and its number there. */
interface RowPlaces {
  readonly part: Uint32Array
  readonly row: Uint32Array
}

function rowPlaces(parts: readonly BatchPart[], length: number): RowPlaces {
  const places = { part: new Uint32Array(length), row: new Uint32Array(length) }
  parts.forEach(({ rows }, part) => {
    for (let row = 0; row < rows.length; row++) {
      places.part[rows[row]!] = part
      places.row[rows[row]!] = row
    }
  })
  return places
}

/** The parts of the wanted rows; their numbers are those among the wanted. */
function narrowParts(parts: readonly BatchPart[], places: RowPlaces, wanted: Uint32Array): BatchPart[] {
  const chosen = new Map<number, { wanted: number[]; inPart: number[] }>()
  wanted.forEach((row, index) => {
    const part = places.part[row]!
    let rows = chosen.get(part)
    if (rows === undefined) {
      rows = { wanted: [], inPart: [] }
      chosen.set(part, rows)
    }
    rows.wanted.push(index)
    rows.inPart.push(places.row[row]!)
  })
  return [...chosen].map(([part, rows]) => ({
    rows: Uint32Array.from(rows.wanted),
    batch: parts[part]!.batch.gather(Uint32Array.from(rows.inPart)),
  }))
}

/** Puts the columns of the parts where their rows are. Dict columns stay dict columns. */
function scatter(parts: readonly BatchPart[], length: number, name: string): Column | undefined {
  const columns = parts.map(({ batch }) => batch.column(name))
  if (columns.every((column) => column === undefined)) return undefined
  const [first] = columns
  if (
    first?.kind === 'const' &&
    columns.every((column) => column?.kind === 'const' && column.value === first.value)
  ) {
    return constant(first.value)
  }
  if (columns.some((column) => column?.kind === 'plain')) {
    const values = new Array<Value>(length).fill(undefined)
    columns.forEach((column, place) => {
      if (column === undefined) return
      const { rows } = parts[place]!
      for (let row = 0; row < rows.length; row++) values[rows[row]!] = valueAt(column, row)
    })
    return plain(values)
  }
  const values: Value[] = [undefined]
  const codeOf = new Map<Value, number>([[undefined, 0]])
  const codes = new Uint32Array(length)
  const codeFor = (value: Value): number => {
    let code = codeOf.get(value)
    if (code === undefined) {
      code = values.length
      values.push(value)
      codeOf.set(value, code)
    }
    return code
  }
  columns.forEach((column, place) => {
    if (column === undefined || column.kind === 'plain') return
    const { rows } = parts[place]!
    if (column.kind === 'const') {
      const code = codeFor(column.value)
      for (const row of rows) codes[row] = code
      return
    }
    const recoded = column.values.map(codeFor)
    for (let row = 0; row < rows.length; row++) codes[rows[row]!] = recoded[column.codes[row]!]!
  })
  return dict(values, codes)
}
