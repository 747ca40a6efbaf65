// A block: up to 4,096 events, seen as columns that are read on demand.
// Events of different kinds may be mixed; each kind is read by its own field reader and the columns are put together.

import type { RawEvent } from '../decode/reader.ts'
import type { Identity } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import type { Profile } from '../knowledge/profile.ts'
import { Batch, type BatchPart, type Origins } from '../value/batch.ts'
import { joinParts } from '../value/parts.ts'
import { FieldReader } from './field-reader.ts'

/** Decoded events and what identifies them, by row. */
export interface IdentifiedEvents {
  readonly events: readonly RawEvent[]
  readonly identities: readonly Identity[]
  readonly origins: Origins
  /** The files, and the row at which the events of each begin, ascending. */
  readonly files: readonly string[]
  readonly starts: readonly number[]
}

/** Events of one kind within a block. */
interface Kind {
  readonly rows: number[]
  readonly profile: Profile
  /** The EventID, where all are Windows events with the same one. */
  readonly eventId: string | undefined
}

/** The kinds of events that share index, source, sourcetype and profile, by EventID. */
interface KindsOfIdentity {
  readonly profile: Profile
  readonly byEventId: Map<string | undefined, Kind>
}

/** Of more kinds than this in a block, those that differ in the EventID alone are one. */
const mostKinds = 256

/** Of more kinds than this, also those that differ in index, source and sourcetype. */
const mostIdentities = 64

/** Makes a batch of events. Its parts are the events of each kind, so that what a kind has in common is constant. */
export function blockOf(identified: IdentifiedEvents, knowledge: Knowledge): Batch {
  const { events, identities, origins } = identified
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
    return {
      rows: Uint32Array.from(rows),
      batch: new Batch(rows.length, [], reader, partOrigins),
      files: filesOf(rows, identified),
    }
  })
  return joinParts(parts, length, origins)
}

/** The files of some rows, which are ascending. */
function filesOf(rows: readonly number[], { files, starts }: IdentifiedEvents): readonly string[] {
  const found: string[] = []
  let file = -1
  let end = 0
  for (const row of rows) {
    if (row < end) continue
    do file++
    while (file + 1 < starts.length && starts[file + 1]! <= row)
    end = starts[file + 1] ?? Number.POSITIVE_INFINITY
    found.push(files[file]!)
  }
  return found
}

/** Splits events by what is to be done with them, by index, source and sourcetype, and by EventID. */
function kindsOf(
  events: readonly RawEvent[],
  identities: readonly Identity[],
  knowledge: Knowledge,
): readonly Kind[] {
  const split = (withIdentity: boolean, withEventId: boolean): readonly Kind[] => {
    const kinds: Kind[] = []
    const identified = new Map<Identity, KindsOfIdentity>()
    const byKey = new Map<string, KindsOfIdentity>()
    const kindsOfIdentity = (identity: Identity): KindsOfIdentity => {
      let found = identified.get(identity)
      if (found === undefined) {
        const profile = knowledge.profile(identity)
        const { index, source, sourcetype } = identity
        const key = withIdentity ? `${profile.key}\n${index}\n${source}\n${sourcetype}` : profile.key
        found = byKey.get(key) ?? { profile, byEventId: new Map() }
        byKey.set(key, found)
        identified.set(identity, found)
      }
      return found
    }
    let last: Identity | undefined
    let lastEventId: string | undefined
    let ofIdentity: KindsOfIdentity | undefined
    let kind: Kind | undefined
    for (let row = 0; row < events.length; row++) {
      const identity = identities[row]!
      const eventId = withEventId ? eventIdOf(events[row]!) : undefined
      // Events of one kind often follow one another.
      if (last === undefined || ofIdentity === undefined || !isSameIdentity(identity, last)) {
        last = identity
        ofIdentity = kindsOfIdentity(identity)
        kind = undefined
      }
      if (kind === undefined || eventId !== lastEventId) {
        lastEventId = eventId
        kind = ofIdentity.byEventId.get(eventId)
        if (kind === undefined) {
          kind = { rows: [], profile: ofIdentity.profile, eventId }
          ofIdentity.byEventId.set(eventId, kind)
          kinds.push(kind)
        }
      }
      kind.rows.push(row)
    }
    return kinds
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
