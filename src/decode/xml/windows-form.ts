// Reads event XML in the one form in which Windows writes it, straight from its bytes: `<Event …><System><Provider …/>
// <EventID>4688</EventID>…</System><EventData><Data Name='x'>…</Data>…</EventData>`. Whatever differs (comments, CDATA,
// nested elements, prefixes) is left to event-xml.ts, which reads all event XML and is the reference: where these
// readers give an answer, it is its answer.
// Searches are native, byte by byte only where a few bytes are looked at.

import { decodeXmlReferences } from '../../base/text/xml-references.ts'
import type { DataItem } from '../reader.ts'
import { PlaceBlocks } from '../text/places.ts'
import { RepeatedTexts } from '../text/repeated-texts.ts'

/** What the events of a log repeat: texts of `<System>`, names of data, and short values. */
const systemTexts = new RepeatedTexts(1024, (text) => decodeXmlReferences(text).trim())
const names = new RepeatedTexts(4096, decodeXmlReferences)
const values = new RepeatedTexts(8192, decodeXmlReferences)

/** What `<System>` says of an event that is in the form of Windows. */
export class SystemPart {
  eventId: string | undefined
  channel: string | undefined
  computer: string | undefined
  hasQualifiers = false
  /** Where the value of `TimeCreated SystemTime` is; -1 where there is none. */
  time = -1
  timeEnd = -1
  /** After `</System>`. */
  end = -1

  /** Reads the event in `[start, limit)`; false when it is not in the form of Windows. */
  read(bytes: Buffer, start: number, limit: number): boolean {
    this.eventId = this.channel = this.computer = undefined
    this.hasQualifiers = false
    this.time = -1
    const tagEnd = bytes.indexOf(GREATER, start)
    let at = afterBlanks(bytes, tagEnd + 1)
    // A `<System` in an attribute of the event's own tag would be taken for the element.
    if (tagEnd < 0 || !isAt(bytes, at, systemTag) || bytes.indexOf(LESS, start + 1) !== at) return false
    at += systemTag.length
    for (;;) {
      at = afterBlanks(bytes, at)
      if (at >= limit || bytes[at] !== LESS) return false
      if (bytes[at + 1] === SLASH) {
        this.end = at + systemEnd.length
        return isAt(bytes, at, systemEnd) && this.end <= limit
      }
      at = this.element(bytes, at + 1)
      if (at < 0) return false
    }
  }

  /** Reads the element whose name begins at `name`; returns where it ends, or -1. */
  private element(bytes: Buffer, name: number): number {
    const nextTag = bytes.indexOf(LESS, name)
    let at = afterLetters(bytes, name)
    const length = at - name
    const part = partOf(bytes, name, length)
    while (bytes[at] === SPACE && bytes[at + 1] !== SLASH) {
      const key = at + 1
      const equals = afterLetters(bytes, key)
      const quote = bytes[equals + 1]!
      if (bytes[equals] !== EQUALS || equals === key || (quote !== APOSTROPHE && quote !== QUOTE)) return -1
      const value = equals + 2
      at = bytes.indexOf(quote, value)
      // Who writes a `<` into a value may mean to hide a tag.
      if (at < 0 || at > nextTag) return -1
      if (part === EVENT_ID) this.hasQualifiers = true
      if (part === TIME_CREATED && this.time < 0 && isName(bytes, key, equals, systemTimeName)) {
        this.time = value
        this.timeEnd = at
      }
      at++
    }
    if (bytes[at] === SPACE) at++
    if (length === 0) return -1
    if (bytes[at] === SLASH) return bytes[at + 1] === GREATER ? at + 2 : -1
    const end = nextTag + length + 3
    if (bytes[at] !== GREATER || nextTag < 0 || bytes[nextTag + 1] !== SLASH || bytes[end - 1] !== GREATER)
      return -1
    if (!isSame(bytes, name, nextTag + 2, length)) return -1
    // The first of a repeated element counts: a second one can only be forged.
    if (part === EVENT_ID) this.eventId ??= systemTexts.read(bytes, at + 1, nextTag)
    else if (part === CHANNEL) this.channel ??= systemTexts.read(bytes, at + 1, nextTag)
    else if (part === COMPUTER) this.computer ??= systemTexts.read(bytes, at + 1, nextTag)
    return end
  }
}

const OTHER = 0
const EVENT_ID = 1
const TIME_CREATED = 2
const CHANNEL = 3
const COMPUTER = 4

/** Which element a name is, of those that are wanted. */
function partOf(bytes: Buffer, name: number, length: number): number {
  switch (length) {
    case 7:
      return isAt(bytes, name, eventIdName) ? EVENT_ID : isAt(bytes, name, channelName) ? CHANNEL : OTHER
    case 8:
      return isAt(bytes, name, computerName) ? COMPUTER : OTHER
    case 11:
      return isAt(bytes, name, timeCreatedName) ? TIME_CREATED : OTHER
    default:
      return OTHER
  }
}

/** The part of an event beside `<System>`: its name, and where its inside begins. */
export interface SectionPlace {
  readonly name: 'EventData' | 'UserData'
  readonly from: number
}

/** The section that begins at `at`, right after `</System>`; undefined when what is there looks different. */
export function sectionAt(bytes: Buffer, at: number): SectionPlace | undefined {
  const from = afterBlanks(bytes, at)
  if (isAt(bytes, from, eventDataTag)) return { name: 'EventData', from: from + eventDataTag.length }
  if (isAt(bytes, from, userDataTag)) return { name: 'UserData', from: from + userDataTag.length }
  return undefined
}

/** The items of an `<EventData>` whose inside begins at `from`; undefined when it is not in the form of Windows. */
export function readDataItems(bytes: Buffer, from: number, limit: number): readonly DataItem[] | undefined {
  const items: DataItem[] = []
  const isRead = walkItems(bytes, from, limit, (name, _tag, value, valueEnd) => {
    items.push({ name, value: values.read(bytes, value, valueEnd) })
  })
  return isRead ? items : undefined
}

type VisitItem = (name: string | undefined, tag: number, value: number, valueEnd: number) => void

/** Visits the items: their names, where their tags begin, and where their values are. False as soon as one looks different. */
function walkItems(bytes: Buffer, from: number, limit: number, visit: VisitItem): boolean {
  let at = from
  for (;;) {
    at = afterBlanks(bytes, at)
    if (at >= limit || bytes[at] !== LESS) return false
    if (bytes[at + 1] === SLASH) return isAt(bytes, at, eventDataEnd)
    const tag = at + 1
    const nextTag = bytes.indexOf(LESS, tag)
    at = afterLetters(bytes, tag)
    const length = at - tag
    let name = isName(bytes, tag, at, dataName) ? undefined : names.read(bytes, tag, at)
    if (bytes[at] === SPACE) {
      const quote = bytes[at + 1 + nameIs.length]!
      if (!isAt(bytes, at + 1, nameIs) || (quote !== APOSTROPHE && quote !== QUOTE)) return false
      const nameFrom = at + 2 + nameIs.length
      at = bytes.indexOf(quote, nameFrom)
      if (at < 0 || at > nextTag) return false
      name = names.read(bytes, nameFrom, at)
      at++
    }
    if (length === 0) return false
    if (bytes[at] === SLASH && bytes[at + 1] === GREATER) {
      visit(name, tag - 1, at, at)
      at += 2
      continue
    }
    const end = nextTag + length + 3
    if (bytes[at] !== GREATER || nextTag < 0 || bytes[nextTag + 1] !== SLASH || bytes[end - 1] !== GREATER)
      return false
    if (!isSame(bytes, tag, nextTag + 2, length)) return false
    visit(name, tag - 1, at + 1, nextTag)
    at = end
  }
}

/** Where the data items of an event are. */
export interface DataPlaces {
  /** The same list for events whose data have the same names. */
  readonly names: readonly (string | undefined)[]
  /** From `first` on, for each item: where its value begins and ends. */
  readonly places: Int32Array
  readonly first: number
}

/** The elements of an `<EventData>`: the names of their data, `<Data Name='…'` without its end, and `</Data>`. */
interface DataTags {
  readonly names: readonly (string | undefined)[]
  readonly opening: readonly Buffer[]
  readonly closing: readonly Buffer[]
}

/** By the bytes of their tags, and the last ones of each EventID: events of one kind have the same. */
const knownTags = new Map<string, DataTags>()
const tagsOfKinds = new Map<string | undefined, DataTags>()
/** Hostile logs may bring endless new ones. */
const mostTags = 2000

const itemPlaces = new PlaceBlocks()

/**
 * Finds the items of an `<EventData>` whose inside begins at `from`, for reading values one by one.
 *
 * @param kind  what events with the same data have in common: their EventID
 * @returns     undefined when it is not in the form of Windows
 */
export function findDataItems(
  bytes: Buffer,
  from: number,
  limit: number,
  kind: string | undefined,
): DataPlaces | undefined {
  const expected = tagsOfKinds.get(kind)
  const found = expected && followTags(bytes, from, limit, expected)
  if (found !== undefined) return found
  const tags = learnTags(bytes, from, limit)
  if (tags === undefined) return undefined
  if (tagsOfKinds.size >= mostTags) tagsOfKinds.clear()
  tagsOfKinds.set(kind, tags)
  return followTags(bytes, from, limit, tags)
}

/** The text of an item that was found. */
export const dataValue = (bytes: Buffer, { places, first }: DataPlaces, item: number): string =>
  values.read(bytes, places[first + item * 2]!, places[first + item * 2 + 1]!)

/** Finds the items when their tags are the expected ones. */
function followTags(bytes: Buffer, from: number, limit: number, expected: DataTags): DataPlaces | undefined {
  const { names, opening, closing } = expected
  const first = itemPlaces.begin(opening.length * 2)
  const places = itemPlaces.block
  let at = from
  for (let item = 0; item < opening.length; item++) {
    const tag = opening[item]!
    at = afterBlanks(bytes, at)
    if (!isAt(bytes, at, tag)) return undefined
    at += tag.length
    let next = at + 2
    if (bytes[at] !== SLASH || bytes[at + 1] !== GREATER) {
      if (bytes[at] !== GREATER) return undefined
      at++
      next = bytes.indexOf(LESS, at)
      if (next < 0 || !isAt(bytes, next, closing[item]!)) return undefined
      places[first + item * 2 + 1] = next
      next += closing[item]!.length
    } else places[first + item * 2 + 1] = at
    places[first + item * 2] = at
    at = next
  }
  at = afterBlanks(bytes, at)
  if (at >= limit || !isAt(bytes, at, eventDataEnd)) return undefined
  itemPlaces.end(first + opening.length * 2)
  return { names, places, first }
}

/** The tags of the items, the same ones for the same bytes; undefined when one looks different. */
function learnTags(bytes: Buffer, from: number, limit: number): DataTags | undefined {
  const names: (string | undefined)[] = []
  const opening: Buffer[] = []
  const closing: Buffer[] = []
  const isRead = walkItems(bytes, from, limit, (name, tag, value) => {
    names.push(name)
    opening.push(Buffer.from(bytes.subarray(tag, bytes[value - 1] === GREATER ? value - 1 : value)))
    closing.push(Buffer.from(`</${bytes.toString('latin1', tag + 1, afterLetters(bytes, tag + 1))}>`))
  })
  if (!isRead) return undefined
  const key = opening.map((tag) => tag.toString('latin1')).join('\n')
  let tags = knownTags.get(key)
  if (tags === undefined) {
    if (knownTags.size >= mostTags) knownTags.clear()
    tags = { names, opening, closing }
    knownTags.set(key, tags)
  }
  return tags
}

/**
 * The text of an element of `<System>`, between `from` and `to`, which were read as a system part; undefined when there
 * is none, null when it has attributes.
 */
export function systemElement(
  bytes: Buffer,
  from: number,
  to: number,
  name: string,
): string | undefined | null {
  const tag = bytes.indexOf(`<${name}`, from, 'latin1')
  if (tag < 0 || tag >= to) return undefined
  const text = tag + name.length + 2
  return bytes[text - 1] === GREATER ? systemTexts.read(bytes, text, bytes.indexOf(LESS, text)) : null
}

function afterBlanks(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at]! <= SPACE) at++
  return at
}

function afterLetters(bytes: Buffer, from: number): number {
  let at = from
  for (let letter = bytes[at]! | 0x20; letter >= 0x61 && letter <= 0x7a; letter = bytes[at]! | 0x20) at++
  return at
}

function isAt(bytes: Buffer, at: number, mark: Buffer): boolean {
  for (let index = 0; index < mark.length; index++) if (bytes[at + index] !== mark[index]) return false
  return true
}

function isSame(bytes: Buffer, a: number, b: number, length: number): boolean {
  for (let index = 0; index < length; index++) if (bytes[a + index] !== bytes[b + index]) return false
  return true
}

const isName = (bytes: Buffer, from: number, to: number, name: Buffer): boolean =>
  to - from === name.length && isAt(bytes, from, name)

const systemTag = Buffer.from('<System>')
const systemEnd = Buffer.from('</System>')
const eventDataTag = Buffer.from('<EventData>')
const eventDataEnd = Buffer.from('</EventData>')
const userDataTag = Buffer.from('<UserData>')
const eventIdName = Buffer.from('EventID')
const channelName = Buffer.from('Channel')
const computerName = Buffer.from('Computer')
const timeCreatedName = Buffer.from('TimeCreated')
const systemTimeName = Buffer.from('SystemTime')
const dataName = Buffer.from('Data')
const nameIs = Buffer.from('Name=')

const SPACE = 0x20
const QUOTE = 0x22
const APOSTROPHE = 0x27
const SLASH = 0x2f
const LESS = 0x3c
const EQUALS = 0x3d
const GREATER = 0x3e
