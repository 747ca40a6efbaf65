// A block: up to 4,096 events of one evidence file, seen as columns that are read on demand.
// Events of different kinds may be mixed; each kind is read by its own field reader and the columns are put together.

import type { RawEvent } from '../decode/reader.ts'
import type { Identity } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import type { Profile } from '../knowledge/profile.ts'
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
export function blockOf(
  file: string,
  events: readonly RawEvent[],
  identities: readonly Identity[],
  knowledge: Knowledge,
): Batch {
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
  const profileOf = (row: number): Profile => knowledge.profile(identities[row]!)
  const fine = group(identities, (row) => {
    const { index, source, sourcetype } = identities[row]!
    return `${profileOf(row).key}\n${index}\n${source}\n${sourcetype}`
  })
  const groups = fine.length <= mostKinds ? fine : group(identities, (row) => profileOf(row).key)
  return groups.map((rows) => {
    const isAll = rows.length === events.length
    const reader = new FieldReader({
      events: isAll ? events : rows.map((row) => events[row]!),
      identities: isAll ? identities : rows.map((row) => identities[row]!),
      profile: profileOf(rows[0]!),
      knowledge,
    })
    return { rows: Uint32Array.from(rows), reader }
  })
}

/** Row numbers by key, keys in the order of their first row. Events of one identity follow one another as a rule. */
function group(identities: readonly Identity[], keyOf: (row: number) => string): number[][] {
  const groups = new Map<string, number[]>()
  let last: Identity | undefined
  let rows: number[] | undefined
  identities.forEach((identity, row) => {
    if (rows === undefined || last === undefined || !isSameIdentity(identity, last)) {
      const key = keyOf(row)
      rows = groups.get(key)
      if (rows === undefined) {
        rows = []
        groups.set(key, rows)
      }
      last = identity
    }
    rows.push(row)
  })
  return [...groups.values()]
}

const isSameIdentity = (a: Identity, b: Identity): boolean =>
  a.source === b.source && a.sourcetype === b.sourcetype && a.host === b.host && a.index === b.index

/** Puts the columns of the parts where their rows are. Dict columns stay dict columns. */
function scatter(parts: readonly Part[], length: number, name: string): Column | undefined {
  const columns = parts.map(({ reader }) => reader.read(name))
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
