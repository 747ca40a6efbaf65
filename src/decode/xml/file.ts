// Files of Windows event XML, however the events are laid out: one a line, pretty-printed, run together, wrapped in
// <Events>, after an XML declaration or a syslog header. Reading what is in an event is event-xml.ts.

import { type Decoder, defaultDecodeLimits, tooManyFields } from '../reader.ts'
import { type Cut, cutEvents, type EventCutter, skipFilling, trimEnd } from '../text/cut-events.ts'
import { textOfHead } from '../text/encoding.ts'
import { EventXml } from './event-xml.ts'
import { WindowsXmlEvent } from './windows-xml-event.ts'

/** Windows event XML, as wevtutil, Event Viewer, forwarders and Splunk's input (renderXml = true) write it. */
export const xmlDecoder: Decoder = {
  format: 'xml',
  summary: 'Windows event XML: one event a line, pretty-printed, run together or wrapped in <Events>',
  detects: (head) => placeOfEventXml(textOfHead(head)) >= 0,
  decode(input, options) {
    const limits = options.limits ?? defaultDecodeLimits
    // Where the bytes are too few for so many tags, they need not be counted.
    const fewTagsBytes = shortestElement * limits.maxEventFields
    return cutEvents(input, options, new EventElementCutter(), (piece, _damage, report) => {
      if (piece.end - piece.start <= fewTagsBytes || countTags(piece.text()) <= limits.maxEventFields)
        return new WindowsXmlEvent(piece)
      report({ position: piece.position, reason: tooManyFields(limits), lostEvents: 1 })
      return undefined
    })
  },
}

/** `<a/>` */
const shortestElement = 4

/** How many tags open an element, as near as can be told without reading the text. */
function countTags(text: string): number {
  let count = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) if (text[at + 1] !== '/') count++
  return count
}

/** The Windows event in a text that is one, such as an event of an HTTP Event Collector envelope. */
export function findEventXml(text: string): EventXml | undefined {
  const place = placeOfEventXml(text)
  return place < 0 ? undefined : new EventXml(text.slice(place))
}

/** Where event XML begins: at the start, or after other text if it surely is an event; -1 for other text. */
function placeOfEventXml(text: string): number {
  const atStart = /^[\s\0]*(?:<\?xml[^>]*>\s*)?(?=<Events?[\s>])/.exec(text)
  if (atStart !== null) return atStart[0].length
  return /^\s*[{[]/.test(text) ? -1 : text.search(/<Event(?:\s[^<>]*)?>\s*<System>/)
}

/** Finds `<Event>` elements. What is neither an event nor markup around events is reported, once per gap. */
class EventElementCutter implements EventCutter {
  private isInGap = false
  private readonly tagEnd = new KnownPlace(GREATER)
  private readonly commentEnd = new KnownPlace(Buffer.from('-->'))
  private readonly cdataEnd = new KnownPlace(Buffer.from(']]>'))

  cut(bytes: Buffer, from: number, isLast: boolean): Cut {
    const start = skipFilling(bytes, from)
    if (bytes.length - start < longestTagName && !isLast) return this.more(start)
    if (start === bytes.length) return this.more(start)
    if (isEventTag(bytes, start)) {
      const tagEnd = this.tagEnd.find(bytes, start) + 1
      if (tagEnd - start <= longestTag) {
        this.isInGap = false
        return this.cutEvent(bytes, start, tagEnd, isLast)
      }
      if (!isLast && bytes.length - start < longestTag) return this.more(start)
    } else if (!this.isInGap && isMarkupAroundEvents(bytes, start)) {
      const closing = startsWith(bytes, start, '<!--') ? '-->' : '>'
      const close = indexWithin(bytes, closing, start, longestMarkup)
      if (close >= 0) return { kind: 'nothing', next: close + closing.length }
      if (!isLast && bytes.length - start < longestMarkup) return this.more(start)
    }
    return this.passGap(bytes, start, isLast)
  }

  resume(bytes: Buffer, from: number): number {
    for (let at = bytes.indexOf('<Event', from); at >= 0; at = bytes.indexOf('<Event', at + 1)) {
      if (isEventTag(bytes, at)) return at
    }
    return -1
  }

  private cutEvent(bytes: Buffer, start: number, tagEnd: number, isLast: boolean): Cut {
    if (bytes[tagEnd - 2] === SLASH) {
      return { kind: 'event', start, end: tagEnd, next: tagEnd, damage: 'the event is empty' }
    }
    let elementsToClose = 1
    // Natural form: the nearest of four native searches, for the closing tag, two forms of the opening one and markup.
    // One look at each `<` takes 1.1 µs an event where they take 2. (bench/scan.ts, event XML)
    for (let at = bytes.indexOf(LESS, tagEnd); at >= 0; at = bytes.indexOf(LESS, at)) {
      const second = bytes[at + 1]
      if (second === SLASH && startsWith(bytes, at, eventClose)) {
        at += eventClose.length
        elementsToClose--
        if (elementsToClose === 0) return { kind: 'event', start, end: at, next: at }
      } else if (second === EXCLAMATION) {
        const end = this.endOfMarkup(bytes, at)
        if (end < 0 && !isLast && bytes.length - at < longestMarkup) return this.more(start, at)
        at = end < 0 ? at + 1 : end
      } else if (second === UPPER_E && isNestedEvent(bytes, at)) {
        const isNextEvent = beginsEvent(bytes, at)
        if (isNextEvent === undefined && !isLast) return this.more(start, at)
        // Else an element inside the event that happens to be called Event too.
        if (isNextEvent || elementsToClose === deepestNesting) return cutOff(bytes, start, at)
        elementsToClose++
        at++
      } else at++
    }
    return isLast ? cutOff(bytes, start, bytes.length) : this.more(start, bytes.length)
  }

  /** End of the CDATA section or comment at `at`; -1 when it has none in reach. */
  private endOfMarkup(bytes: Buffer, at: number): number {
    const isComment = startsWith(bytes, at, '<!--')
    if (!isComment && !startsWith(bytes, at, '<![CDATA[')) return at + 2
    const close = (isComment ? this.commentEnd : this.cdataEnd).find(bytes, at)
    return close - at <= longestMarkup ? close + 3 : -1
  }

  private passGap(bytes: Buffer, start: number, isLast: boolean): Cut {
    const event = this.resume(bytes, start + 1)
    const end = event < 0 ? bytes.length : event
    // A syslog header before the event in its line is the transport's and no event.
    const mayBeHeader = end - start <= longestHeader && !bytes.subarray(start, end).includes(LINE_FEED)
    if (event < 0 && mayBeHeader && !isLast) return this.more(start)
    const next = event < 0 && !isLast ? Math.max(bytes.length - longestTagName, start + 1) : end
    if (this.isInGap || (mayBeHeader && event >= 0)) return { kind: 'nothing', next }
    this.isInGap = true
    return { kind: 'damage', start, next, reason: 'text outside of <Event> elements was passed over' }
  }

  private more(from: number, resumeFrom?: number): Cut {
    // The bytes move when more are read.
    this.tagEnd.forget()
    this.commentEnd.forget()
    this.cdataEnd.forget()
    return resumeFrom === undefined ? { kind: 'more', from } : { kind: 'more', from, resumeFrom }
  }
}

/** The next place of a mark, remembered so that bytes without it are searched once and not once per event. */
class KnownPlace {
  private readonly mark: Buffer | number
  private place = -1

  /** @param mark bytes or, which is found faster, a single one */
  constructor(mark: Buffer | number) {
    this.mark = mark
  }

  /** The first place at or after `from`, which never goes back; Infinity when there is none. */
  find(bytes: Buffer, from: number): number {
    if (this.place < from) {
      const found = bytes.indexOf(this.mark, from)
      this.place = found < 0 ? Infinity : found
    }
    return this.place
  }

  forget(): void {
    this.place = -1
  }
}

const eventClose = '</Event>'
const LINE_FEED = 0x0a
const EXCLAMATION = 0x21
const SLASH = 0x2f
const LESS = 0x3c
const GREATER = 0x3e
const UPPER_E = 0x45
/** `</Events>` and the character after it. */
const longestTagName = 10
/** Start tag of an event; it holds a namespace and no more. */
const longestTag = 4096
/** Comments and CDATA sections. Bounded, so that one which never closes does not cost a search of the whole file. */
const longestMarkup = 64 * 1024
const longestHeader = 1024
/** Elements called Event inside an event called Event. None is known, so more than some are no event. */
const deepestNesting = 64

function cutOff(bytes: Buffer, start: number, next: number): Cut {
  const damage = 'the event is cut off before its closing tag'
  return { kind: 'event', start, end: trimEnd(bytes, start, next), next, damage }
}

function startsWith(bytes: Buffer, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false
  }
  return true
}

function isEventTag(bytes: Buffer, at: number): boolean {
  if (!startsWith(bytes, at, '<Event')) return false
  const after = bytes[at + 6]
  return after !== undefined && (after <= 0x20 || after === 0x3e || after === SLASH)
}

/** Whether `<Event ` or `<Event>` begins here. */
function isNestedEvent(bytes: Buffer, at: number): boolean {
  return startsWith(bytes, at, '<Event ') || startsWith(bytes, at, '<Event>')
}

/** The tags of `<Events>`, an XML declaration, a comment, a document type. */
function isMarkupAroundEvents(bytes: Buffer, at: number): boolean {
  return ['<Events', '</Events', '<?', '<!'].some((text) => startsWith(bytes, at, text))
}

/** Whether the `<Event …>` tag at `at` begins a Windows event, which has `<System>` first; undefined if bytes are missing. */
function beginsEvent(bytes: Buffer, at: number): boolean | undefined {
  const tagEnd = indexWithin(bytes, '>', at, longestTag) + 1
  if (tagEnd === 0) return bytes.length - at < longestTag ? undefined : false
  const child = skipFilling(bytes, tagEnd)
  return bytes.length - child < '<System'.length ? undefined : startsWith(bytes, child, '<System')
}

function indexWithin(bytes: Buffer, mark: string, from: number, reach: number): number {
  const found = bytes.subarray(from, from + reach).indexOf(mark)
  return found < 0 ? -1 : from + found
}
