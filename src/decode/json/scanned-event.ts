// Events whose JSON was scanned and is not parsed before somebody asks: flat Windows events, whose fields are read from
// their bytes one by one, and objects of no known layout. All others are json-event.ts's, which is the reference.

import type { EventContent, EventMetadata, EventTime, RawEvent } from '../reader.ts'
import type { EventPiece } from '../text/cut-events.ts'
import { textOf } from '../text/encoding.ts'
import { RepeatedTexts } from '../text/repeated-texts.ts'
import { noMetadata } from '../text/text-event.ts'
import { readIsoTime, readPlainIsoTime, type Timestamp } from '../text/timestamps.ts'
import { windowsMetadata } from '../xml/event-xml.ts'
import { type FlatLayout, FlatRecord, flatLayout, type Members } from './flat-record.ts'
import { statedTimeKeys, tellingKeys } from './json-event.ts'
import { KeyTree } from './key-tree.ts'
import { memberKinds, numbersPerMember, ObjectScanner } from './object-scanner.ts'
import { type JsonObject, parseJson } from './parse.ts'
import { isId } from './windows-parts.ts'

/** What follows from the keys of an object. */
type Form =
  | { readonly kind: 'flat'; readonly layout: FlatLayout; readonly channel: number; readonly eventId: number }
  /** With the members that may state its time. */
  | { readonly kind: 'plain'; readonly times: readonly number[] }
  /** What it is, its values tell. */
  | { readonly kind: 'other' }

const forms = new KeyTree<Form>((keys) => {
  const members = new Map(keys.map((key, member) => [key, member]))
  // Of a repeated key the last value counts, and keys that are numbers come before others.
  const isPlain = members.size === keys.length && keys.every((key) => !/^\d/.test(key))
  if (!isPlain || keys.some((key) => tellingKeys.has(key))) return { kind: 'other' }
  const channel = members.get('Channel')
  const eventId = members.get('EventID')
  if (channel !== undefined && eventId !== undefined)
    return { kind: 'flat', layout: flatLayout(keys), channel, eventId }
  return { kind: 'plain', times: statedTimeKeys.flatMap((key) => members.get(key) ?? []) }
})

/** Scans objects for `scannedEvent`. */
export type EventScanner = ObjectScanner<Form>
export const eventScanner = (): EventScanner => new ObjectScanner(forms)

/**
 * The event in the object that was scanned last; undefined where its text has to be looked at.
 * @param zone of times that state none; UTC where it is undefined
 */
export function scannedEvent(
  piece: EventPiece,
  scanner: EventScanner,
  zone: string | undefined,
): RawEvent | undefined {
  const meaning = forms.meaningOf(scanner.keys)
  switch (meaning.kind) {
    case 'flat': {
      const members = new ScannedMembers(piece.bytes, scanner)
      const isFlat =
        typeof members.value(meaning.channel) === 'string' && isId(members.value(meaning.eventId))
      if (!isFlat) return undefined
      scanner.keep()
      return new FlatEvent(piece, new FlatRecord(meaning.layout, members, zone))
    }
    case 'plain':
      return new PlainEvent(
        piece,
        statedTime(new ScannedMembers(piece.bytes, scanner), meaning.times),
        scanner.hasOddNumber,
      )
    case 'other':
      return undefined
  }
}

/** A Windows event in a flat object. It keeps its bytes in memory: take out what is needed and let go. */
class FlatEvent implements RawEvent {
  readonly content: EventContent
  private readonly piece: EventPiece
  private readonly record: FlatRecord
  private knownMetadata: EventMetadata | undefined
  private knownTime: EventTime | undefined

  constructor(piece: EventPiece, record: FlatRecord) {
    this.piece = piece
    this.record = record
    this.content = { kind: 'windows', record }
  }

  get time(): number | undefined {
    return this.when.time
  }

  get localTime(): number | undefined {
    return this.when.localTime
  }

  get position(): string {
    return this.piece.position
  }

  get metadata(): EventMetadata {
    this.knownMetadata ??= windowsMetadata(this.record)
    return this.knownMetadata
  }

  raw(): string {
    return this.piece.text()
  }

  private get when(): EventTime {
    this.knownTime ??= this.record.when
    return this.knownTime
  }
}

/** An object of no known layout. */
class PlainEvent implements RawEvent {
  readonly time: number | undefined
  readonly metadata = noMetadata
  readonly content: EventContent
  private readonly piece: EventPiece

  constructor(piece: EventPiece, time: number | undefined, hasOddNumber: boolean) {
    this.piece = piece
    this.time = time
    this.content = new ObjectContent(piece, hasOddNumber)
  }

  get position(): string {
    return this.piece.position
  }

  raw(): string {
    return this.piece.text()
  }
}

/** A JSON object that is parsed when it is looked into. */
class ObjectContent {
  readonly kind = 'json'
  private readonly piece: EventPiece
  private readonly hasOddNumber: boolean
  private parsed: JsonObject | undefined

  constructor(piece: EventPiece, hasOddNumber: boolean) {
    this.piece = piece
    this.hasOddNumber = hasOddNumber
  }

  get value(): JsonObject {
    this.parsed ??= parseJson(this.piece.text(), this.hasOddNumber) as JsonObject
    return this.parsed
  }
}

/** The time that a member states with its zone. */
function statedTime(members: Members, places: readonly number[]): number | undefined {
  for (const member of places) {
    const time = members.time(member)
    if (time?.isZoned) return time.seconds
  }
  return undefined
}

/** Values that events of a kind repeat, as they are written without escapes, and as JSON escapes them. */
const plainTexts = new RepeatedTexts(8192)
const escapedTexts = new RepeatedTexts(8192, (text) => parseJson(`"${text}"`, false) as string)

/** The members of an object in its bytes. */
class ScannedMembers implements Members {
  private readonly bytes: Buffer
  private readonly places: Int32Array
  private readonly first: number
  private readonly count: number

  constructor(bytes: Buffer, { block, first, memberCount }: EventScanner) {
    this.bytes = bytes
    this.places = block
    this.first = first
    this.count = memberCount
  }

  get areSimple(): boolean {
    for (let member = 0; member < this.count; member++)
      if (this.places[this.first + member * numbersPerMember + 2] === memberKinds.container) return false
    return true
  }

  value(member: number): unknown {
    const { bytes, places } = this
    const place = this.first + member * numbersPerMember
    const from = places[place]!
    const to = places[place + 1]!
    switch (places[place + 2]) {
      case memberKinds.text:
      case memberKinds.oddNumber:
        return plainTexts.read(bytes, from, to)
      case memberKinds.escapedText:
        return escapedTexts.read(bytes, from, to)
      case memberKinds.number:
        return Number(plainTexts.read(bytes, from, to))
      default:
        return parseJson(textOf(bytes, from, to), true)
    }
  }

  time(member: number): Timestamp | undefined {
    const place = this.first + member * numbersPerMember
    if (this.places[place + 2] === memberKinds.text) {
      const to = this.places[place + 1]!
      const seconds = readPlainIsoTime(this.bytes, this.places[place]!, to)
      if (seconds !== undefined) return { seconds, isZoned: this.bytes[to - 1] === UPPER_Z }
    }
    const value = this.value(member)
    return typeof value === 'string' ? readIsoTime(value) : undefined
  }
}

const UPPER_Z = 0x5a
