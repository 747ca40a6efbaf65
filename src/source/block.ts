// A block: up to 4,096 events, seen as columns that are read on demand.
// Events of different kinds may be mixed; each kind is read by its own field reader and the columns are put together.

import type { RawEvent } from '../decode/reader.ts'
import type { Identity } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import type { Profile } from '../knowledge/profile.ts'
import { Batch, type BatchPart, type ColumnReader, type Origins } from '../value/batch.ts'
import { type Column, constant, dict, plain, valueAt } from '../value/column.ts'
import type { Value } from '../value/value.ts'
import { FieldReader } from './field-reader.ts'

/** Decoded events and what identifies them, by row. */
export interface IdentifiedEvents {
  readonly events: readonly RawEvent[]
  readonly identities: readonly Identity[]
  readonly origins: Origins
}

/** Events of one kind within a block. */
interface Kind {
  readonly rows: number[]
  readonly profile: Profile
  /** The EventID, where all are Windows events with the same one. */
  readonly eventId: string | undefined
}

/** Of more kinds than this in a block, those that differ in the EventID alone are one. */
const mostKinds = 256

/** Of more kinds than this, also those that differ in index, source and sourcetype. */
const mostIdentities = 64

/** Makes a batch of events. Its parts are the events of each kind, so that what a kind has in common is constant. */
export function blockOf({ events, identities, origins }: IdentifiedEvents, knowledge: Knowledge): Batch {
  const kinds = kindsOf(events, identities, knowledge)
  const length = events.length
  const parts = kinds.map(({ rows, profile, eventId }): BatchPart => {
    const isAll = rows.length === length
    const reader = new FieldReader({
      events: isAll ? events : rows.map((row) => events[row]!),
      identities: isAll ? identities : rows.map((row) => identities[row]!),
      profile,
      knowledge,
      eventId,
    })
    const partOrigins: Origins = isAll ? origins : (row) => origins(rows[row]!)
    return { rows: Uint32Array.from(rows), batch: new Batch(rows.length, [], reader, partOrigins) }
  })
  const [first, ...others] = parts
  return first !== undefined && others.length === 0
    ? first.batch
    : new Batch(length, [], partsReader(parts, length), origins)
}

/** Reads columns of parts and puts them together. */
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

/** Splits events by what is to be done with them, by index, source and sourcetype, and by EventID. */
function kindsOf(
  events: readonly RawEvent[],
  identities: readonly Identity[],
  knowledge: Knowledge,
): readonly Kind[] {
  const split = (withIdentity: boolean, withEventId: boolean): readonly Kind[] => {
    const kinds = new Map<string, Kind>()
    let last: Identity | undefined
    let lastEventId: string | undefined
    let identityKey = ''
    let profile: Profile | undefined
    let rows: number[] | undefined
    for (let row = 0; row < events.length; row++) {
      const identity = identities[row]!
      const eventId = withEventId ? eventIdOf(events[row]!) : undefined
      const isSame = last !== undefined && isSameIdentity(identity, last)
      if (profile === undefined || !isSame) {
        last = identity
        profile = knowledge.profile(identity)
        const { index, source, sourcetype } = identity
        identityKey = withIdentity ? `${profile.key}\n${index}\n${source}\n${sourcetype}` : profile.key
      }
      // Events of one kind often follow one another.
      if (rows === undefined || !isSame || eventId !== lastEventId) {
        const key = `${identityKey}\n${eventId}`
        let kind = kinds.get(key)
        if (kind === undefined) {
          kind = { rows: [], profile, eventId }
          kinds.set(key, kind)
        }
        rows = kind.rows
        lastEventId = eventId
      }
      rows.push(row)
    }
    return [...kinds.values()]
  }
  const fine = split(true, true)
  if (fine.length <= mostKinds) return fine
  const coarse = split(true, false)
  return coarse.length <= mostIdentities ? coarse : split(false, false)
}

/** What Windows calls a kind of event: up to five digits. */
function eventIdOf({ content }: RawEvent): string | undefined {
  if (content.kind !== 'windows') return undefined
  const eventId = content.record.system('EventID')
  return eventId !== undefined && eventId.length <= 5 ? eventId : undefined
}

const isSameIdentity = (a: Identity, b: Identity): boolean =>
  a === b ||
  (a.source === b.source && a.sourcetype === b.sourcetype && a.host === b.host && a.index === b.index)

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
