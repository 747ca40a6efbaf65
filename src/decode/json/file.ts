// Files of JSON: objects one a line, pretty-printed, run together, in an array, or in a list of one wrapping object
// (CloudTrail, Azure, Splunk's results). What an object means is json-event.ts.

import { type Decoder, defaultDecodeLimits, tooManyFields } from '../reader.ts'
import { type Cut, cutEvents, type EventCutter, skipFilling, trimEnd } from '../text/cut-events.ts'
import { textOfHead } from '../text/encoding.ts'
import { TextEvent } from '../text/text-event.ts'
import { jsonEvent } from './json-event.ts'
import { countValues, isJsonObject, parseJson } from './parse.ts'
import { type EventScanner, eventScanner, scannedEvent } from './scanned-event.ts'
import { ValueScanner } from './value-scanner.ts'

/** JSON in the layouts that logs have. A line that is no JSON is kept as text and reported. */
export const jsonDecoder: Decoder = {
  format: 'json',
  summary:
    'JSON lines, arrays, CloudTrail files, HTTP Event Collector envelopes, Splunk exports, Windows events as JSON',
  detects: (head) => /^[\s\0]*(?:\[\s*)*(?:\{\s*["}]|\[\s*\]\s*$)/.test(textOfHead(head)),
  decode(input, options) {
    const cutter = new JsonCutter()
    const limits = options.limits ?? defaultDecodeLimits
    return cutEvents(input, options, cutter, (piece, damage, report) => {
      const { position } = piece
      if (damage !== undefined) return new TextEvent(piece.text(), position)
      const { scanned } = cutter
      // A member or an item takes two characters at least.
      const mayBeMany = piece.end - piece.start > 2 * limits.maxEventFields
      if (mayBeMany && (scanned?.valueCount ?? countValues(piece.text())) > limits.maxEventFields) {
        report({ position, reason: tooManyFields(limits), lostEvents: 1 })
        return undefined
      }
      const event = scanned && scannedEvent(piece, scanned, options.timeZone)
      if (event !== undefined) return event
      const text = piece.text()
      const value = parseJson(text, cutter.hasOddNumber)
      if (isJsonObject(value)) return jsonEvent(text, value, position, options.timeZone)
      report({ position, reason: 'it is not valid JSON; kept as text', lostEvents: 0 })
      return new TextEvent(text, position)
    })
  },
}

/**
 * Keys whose list of objects is the list of events, and keys that may stand before them in the wrapping object: files of
 * CloudTrail and Azure, results of Splunk, of Microsoft Graph, of Google's reports, of `aws securityhub get-findings` and
 * `aws cloudtrail lookup-events`.
 */
const listKeys: ReadonlySet<string> = new Set([
  ...['Records', 'records', 'results', 'value', 'Findings', 'Events', 'items'],
])
const isListKey = (key: string, isFirst: boolean) =>
  listKeys.has(key) && (key === 'results' || (key === 'value' || key === 'items' ? !isFirst : isFirst))
const keysBeforeList: ReadonlySet<string> = new Set([
  ...['preview', 'init_offset', 'post_process_count', 'messages', 'fields', 'is_preview', 'next_offset'],
  ...['@odata.context', '@odata.count', '@odata.nextLink', '@nextLink', 'nextLink'],
  ...['kind', 'etag', 'nextPageToken'],
])

class JsonCutter implements EventCutter {
  private readonly objects = eventScanner()
  private readonly scanner = new ValueScanner()
  private isScanned = false
  /** Inside a wrapping object: in its list, or after it. */
  private wrapper: 'none' | 'list' | 'rest' = 'none'

  /** The members of the event cut last, where it is an object in good order. */
  get scanned(): EventScanner | undefined {
    return this.isScanned ? this.objects : undefined
  }

  /** Of the event cut last. */
  get hasOddNumber(): boolean {
    return this.isScanned ? this.objects.hasOddNumber : this.scanner.hasOddNumber
  }

  cut(bytes: Buffer, from: number, isLast: boolean): Cut {
    const start = skipFilling(bytes, from)
    if (start === bytes.length) return { kind: 'more', from: start }
    if (this.wrapper === 'rest') return this.passRest(bytes, start, isLast)
    const byte = bytes[start]!
    if (byte === COMMA) return { kind: 'nothing', next: start + 1 }
    if (byte === OPEN_ARRAY) {
      const first = skipFilling(bytes, start + 1)
      if (first === bytes.length && !isLast) return { kind: 'more', from: start }
      if (opensOrCloses(bytes[first])) return { kind: 'nothing', next: start + 1 }
    }
    if (byte === CLOSE_ARRAY) {
      if (this.wrapper === 'list') this.wrapper = 'rest'
      return { kind: 'nothing', next: start + 1 }
    }
    if (byte !== OPEN_OBJECT) return this.cutLines(bytes, start, start, isLast, 'it is not JSON')

    const list = this.wrapper === 'none' ? this.findList(bytes, start) : -1
    if (list === MORE && !isLast) return { kind: 'more', from: start }
    if (list >= 0) {
      this.wrapper = 'list'
      return { kind: 'nothing', next: list }
    }
    const result = this.objects.scan(bytes, start)
    this.isScanned = result === 'end'
    if (result === 'end') return { kind: 'event', start, end: this.objects.at, next: this.objects.at }
    if (result === 'more' && !isLast) return { kind: 'more', from: start }
    switch (this.scanner.scan(bytes, start)) {
      case 'end':
        return { kind: 'event', start, end: this.scanner.at, next: this.scanner.at }
      case 'wrong':
        return this.cutLines(bytes, start, this.scanner.at, isLast, this.scanner.reason)
      case 'more':
        if (!isLast) return { kind: 'more', from: start }
        return this.cutLines(bytes, start, bytes.length, isLast, 'it is cut off before its end')
    }
  }

  resume(bytes: Buffer, from: number): number {
    return bytes.indexOf(LINE_FEED, from) + 1 || -1
  }

  /** Keeps what is no JSON as text, from `start` to the line in which something is wrong at `wrongAt`. */
  private cutLines(bytes: Buffer, start: number, wrongAt: number, isLast: boolean, reason: string): Cut {
    const lineStart = start + bytes.subarray(start, wrongAt).lastIndexOf(LINE_FEED) + 1
    const isLater = lineStart > start && wrongAt < bytes.length
    const next = isLater ? lineStart : this.resume(bytes, wrongAt)
    if (next < 0 && !isLast) return { kind: 'more', from: start }
    const end = next < 0 ? bytes.length : next
    return {
      kind: 'event',
      start,
      end: trimEnd(bytes, start, end),
      next: end,
      damage: `${reason}; kept as text`,
    }
  }

  private passRest(bytes: Buffer, start: number, isLast: boolean): Cut {
    const result = this.scanner.scan(bytes, start, true)
    if (result === 'more' && !isLast) return { kind: 'more', from: start }
    this.wrapper = 'none'
    if (result === 'end') return { kind: 'nothing', next: this.scanner.at }
    const next = result === 'more' ? bytes.length : start
    return { kind: 'damage', start, next, reason: 'the object around the list of events does not close' }
  }

  /** The place after the opening bracket of a wrapping object's list; NONE when the object at `start` wraps no list. */
  private findList(bytes: Buffer, start: number): number {
    let at = start + 1
    for (let isFirst = true; ; isFirst = false) {
      at = skipFilling(bytes, at)
      const isKey = bytes[at] === QUOTE
      if (!isKey) return at === bytes.length ? MORE : NONE
      const keyEnd = bytes.subarray(at + 1, at + longestKey).indexOf(QUOTE)
      if (keyEnd < 0) return bytes.length - at < longestKey ? MORE : NONE
      const key = bytes.toString('latin1', at + 1, at + 1 + keyEnd)
      const holdsList = isListKey(key, isFirst)
      if (!holdsList && !keysBeforeList.has(key)) return NONE
      const colon = skipFilling(bytes, at + keyEnd + 2)
      const value = skipFilling(bytes, colon + 1)
      const inside = skipFilling(bytes, value + 1)
      if (inside >= bytes.length) return MORE
      if (holdsList) return bytes[value] === OPEN_ARRAY && opensOrCloses(bytes[inside]) ? value + 1 : NONE
      const result = this.scanner.scan(bytes, value)
      if (result !== 'end') return result === 'more' ? MORE : NONE
      at = skipFilling(bytes, this.scanner.at)
      if (at < bytes.length && bytes[at] !== COMMA) return NONE
      at++
    }
  }
}

const NONE = -1
const MORE = -2
const longestKey = 64

function opensOrCloses(byte: number | undefined): boolean {
  return byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === CLOSE_ARRAY
}

const LINE_FEED = 0x0a
const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
