// A block: up to 4,096 events of one evidence file, seen as columns that are read on demand.
// Events of different kinds may be mixed; each kind is read by its own field reader and the columns are put together.

import type { RawEvent } from '../decode/reader.ts'
import type { Identity } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { Batch, type ColumnReader } from '../value/batch.ts'
import { type Column, constant, dict, plain, valueAt } from '../value/column.ts'
import type { Value } from '../value/value.ts'
import { FieldReader } from './field-reader.ts'

/** Events of one kind within a block. */
interface Part {
  readonly rows: Uint32Array
  readonly reader: ColumnReader
}

/** More kinds than this in a block are told apart by their rules only, not by source and sourcetype as well. */
const mostKinds = 64

/** Makes a batch of events. */
export function blockOf(file: string, events: readonly RawEvent[], identities: readonly Identity[], knowledge: Knowledge): Batch {
  const parts = partsOf(events, identities, knowledge)
  const origins = (row: number) => [{ file, record: events[row]!.position }]
  const [first, ...others] = parts
  if (first !== undefined && others.length === 0) return new Batch(events.length, [], first.reader, origins)
  const reader: ColumnReader = {
    names: () => [...new Set(parts.flatMap((part) => part.reader.names()))],
    read: (name) => scatter(parts, events.length, name),
  }
  return new Batch(events.length, [], reader, origins)
}

/** Splits events by what is to be done with them, and by source and sourcetype, so that these are constants. */
function partsOf(events: readonly RawEvent[], identities: readonly Identity[], knowledge: Knowledge): Part[] {
  const fine = group(events.length, (row) => {
    const { index, source, sourcetype } = identities[row]!
    return `${knowledge.profile(identities[row]!).key}\n${index}\n${source}\n${sourcetype}`
  })
  const groups = fine.length <= mostKinds ? fine : group(events.length, (row) => knowledge.profile(identities[row]!).key)
  return groups.map((rows) => ({
    rows: Uint32Array.from(rows),
    reader: new FieldReader({
      events: rows.length === events.length ? events : rows.map((row) => events[row]!),
      identities: rows.length === events.length ? identities : rows.map((row) => identities[row]!),
      profile: knowledge.profile(identities[rows[0]!]!),
      knowledge,
    }),
  }))
}

/** Row numbers by key, keys in the order of their first row. Runs of the same identity are looked at once. */
function group(length: number, keyOf: (row: number) => string): number[][] {
  const groups = new Map<string, number[]>()
  for (let row = 0; row < length; row++) {
    const key = keyOf(row)
    const rows = groups.get(key)
    if (rows === undefined) groups.set(key, [row])
    else rows.push(row)
  }
  return [...groups.values()]
}

/** Puts the columns of the parts where their rows are. Dict columns stay dict columns. */
function scatter(parts: readonly Part[], length: number, name: string): Column | undefined {
  const columns = parts.map(({ reader }) => reader.read(name))
  if (columns.every((column) => column === undefined)) return undefined
  const [first] = columns
  if (first?.kind === 'const' && columns.every((column) => column?.kind === 'const' && column.value === first.value)) {
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
