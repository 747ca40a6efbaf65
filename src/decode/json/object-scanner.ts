// Checks that an object is JSON to the letter, and finds its members, without making values of them: most events of a log
// are asked for little. Whatever JSON.parse would refuse or change is left to value-scanner.ts and parse.ts, which put up
// with damage; where this scanner says that an object ends, they say the same, and JSON.parse reads it.
// Searches are native, byte by byte only where a few bytes are looked at.

import { RepeatedTexts } from '../text/repeated-texts.ts'
import { isOddNumberText, isScalarByte, maxJsonDepth } from './value-scanner.ts'

/** What a member's value is, as far as its first byte and a look inside tell. */
export const memberKinds = {
  text: 0,
  escapedText: 1,
  number: 2,
  oddNumber: 3,
  literal: 4,
  container: 5,
} as const

/** More members are read by JSON.parse: no log of fixed keys has so many. */
const mostMembers = 256

/** How many numbers describe a member: where its key begins and ends, where its value does (quotes excluded), its kind. */
const perMember = 5

/** Scans objects in UTF-8 bytes. After 'end' the fields and methods tell of the last object. */
export class ObjectScanner {
  /** The place after the object. */
  at = 0
  memberCount = 0
  /** Equal for objects with the same keys in the same order, and by chance for others. */
  keysHash = 0
  /** How many values the object holds, as `countValues` counts them. */
  valueCount = 0
  /** Whether it holds a number whose text a JavaScript number would not give back. */
  hasOddNumber = false
  private readonly members = new Int32Array(mostMembers * perMember)
  private readonly isObjectAt = new Uint8Array(maxJsonDepth + 1)
  /** The next backslash and line feed of these bytes at or after the place in hand; -1 where they were not looked for. */
  private bytes: Buffer | undefined
  private backslash = -1
  private lineFeed = -1
  /** Whether the text that was scanned last holds escapes. */
  private hasEscape = false

  keyFrom(member: number): number {
    return this.members[member * perMember]!
  }

  keyTo(member: number): number {
    return this.members[member * perMember + 1]!
  }

  valueFrom(member: number): number {
    return this.members[member * perMember + 2]!
  }

  valueTo(member: number): number {
    return this.members[member * perMember + 3]!
  }

  kind(member: number): number {
    return this.members[member * perMember + 4]!
  }

  /**
   * Scans the object at `from`, which is not before the end of the last one in the same bytes.
   *
   * @returns 'more' when the bytes end before the object, 'unusual' when others have to look at it
   */
  scan(bytes: Buffer, from: number): 'end' | 'more' | 'unusual' {
    if (bytes !== this.bytes) {
      this.bytes = bytes
      this.backslash = this.lineFeed = -1
    }
    const result = this.walk(bytes, from)
    // Who looks at it may go on with a place before those that were reached here.
    if (result === 'unusual') this.bytes = undefined
    return result
  }

  private walk(bytes: Buffer, from: number): 'end' | 'more' | 'unusual' {
    const { isObjectAt } = this
    this.memberCount = this.keysHash = 0
    this.valueCount = 1
    this.hasOddNumber = false
    let depth = 1
    isObjectAt[1] = 1
    let mayEnd = true
    let at = from + 1
    for (;;) {
      // In front of a member or an item.
      at = afterBlanks(bytes, at)
      let kind: number = memberKinds.container
      if (bytes[at] === (isObjectAt[depth] === 1 ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        if (!mayEnd) return 'unusual'
      } else {
        if (isObjectAt[depth] === 1) {
          if (bytes[at] !== QUOTE) return this.stopped(bytes, at)
          const keyEnd = depth === 1 ? this.keyEnd(bytes, at + 1) : this.textEnd(bytes, at + 1)
          if (keyEnd < 0) return this.stopped(bytes, keyEnd === MORE ? bytes.length : at)
          at = afterBlanks(bytes, keyEnd + 1)
          if (bytes[at] !== COLON) return this.stopped(bytes, at)
          at = afterBlanks(bytes, at + 1)
        }
        let valueFrom = at
        let valueTo: number
        const byte = bytes[at]
        if (byte === QUOTE) {
          valueFrom++
          valueTo = this.textEnd(bytes, valueFrom)
          if (valueTo < 0) return this.stopped(bytes, valueTo === MORE ? bytes.length : at)
          kind = this.hasEscape ? memberKinds.escapedText : memberKinds.text
          at = valueTo + 1
        } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
          // On a line of its own it may be the next event, after one that was cut off.
          if (depth === maxJsonDepth || bytes[at - 1] === LINE_FEED) return 'unusual'
          if (depth === 1) this.setValue(at, -1, kind)
          isObjectAt[++depth] = byte === OPEN_OBJECT ? 1 : 0
          mayEnd = true
          at++
          continue
        } else {
          valueTo = scalarEnd(bytes, at)
          if (valueTo === bytes.length) return 'more'
          kind =
            byte === MINUS || (byte! >= ZERO && byte! <= NINE)
              ? this.numberKind(bytes, at, valueTo)
              : literalKind(bytes, at, valueTo)
          if (kind < 0) return 'unusual'
          at = valueTo
        }
        if (depth === 1) this.setValue(valueFrom, valueTo, kind)
        at = afterBlanks(bytes, at)
      }
      // After a value: what closes here, until something goes on.
      while (bytes[at] === CLOSE_OBJECT || bytes[at] === CLOSE_ARRAY) {
        if ((bytes[at] === CLOSE_OBJECT) !== (isObjectAt[depth] === 1)) return 'unusual'
        at++
        if (--depth === 0) {
          this.at = at
          return 'end'
        }
        if (depth === 1) this.members[(this.memberCount - 1) * perMember + 3] = at
        at = afterBlanks(bytes, at)
      }
      if (bytes[at] !== COMMA) return this.stopped(bytes, at)
      this.valueCount++
      mayEnd = false
      at++
    }
  }

  private stopped(bytes: Buffer, at: number): 'more' | 'unusual' {
    return at >= bytes.length ? 'more' : 'unusual'
  }

  /** The closing quote of a key at depth 1, noting the key; UNUSUAL or MORE without one. */
  private keyEnd(bytes: Buffer, from: number): number {
    let hash = this.keysHash
    let at = from
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
      if (byte === undefined) return MORE
      if (byte === BACKSLASH || byte < SPACE) return UNUSUAL
      hash = (Math.imul(hash, 31) + byte) | 0
    }
    if (this.memberCount === mostMembers) return UNUSUAL
    this.keysHash = (Math.imul(hash, 31) + QUOTE) | 0
    const place = this.memberCount++ * perMember
    this.members[place] = from
    this.members[place + 1] = at
    return at
  }

  private setValue(from: number, to: number, kind: number): void {
    const place = (this.memberCount - 1) * perMember
    this.members[place + 2] = from
    this.members[place + 3] = to
    this.members[place + 4] = kind
  }

  /**
   * The closing quote of the text that begins at `from`; UNUSUAL or MORE without one. Control characters other than line
   * breaks are let through, although JSON has them escaped: they are read as they are.
   */
  private textEnd(bytes: Buffer, from: number): number {
    let quote = bytes.indexOf(QUOTE, from)
    if (this.lineFeed < from) this.lineFeed = found(bytes, LINE_FEED, from)
    if (quote < 0) return this.lineFeed === Infinity ? MORE : UNUSUAL
    if (this.backslash < from) this.backslash = found(bytes, BACKSLASH, from)
    this.hasEscape = this.backslash < quote
    while (this.backslash < quote) {
      const after = afterEscape(bytes, this.backslash)
      if (after < 0) return UNUSUAL
      if (after > quote) {
        quote = bytes.indexOf(QUOTE, after)
        if (quote < 0) return this.lineFeed === Infinity ? MORE : UNUSUAL
      }
      this.backslash = bytes[after] === BACKSLASH ? after : found(bytes, BACKSLASH, after)
    }
    return this.lineFeed < quote ? UNUSUAL : quote
  }

  private numberKind(bytes: Buffer, from: number, to: number): number {
    let digits = 0
    while (digits < to - from && isDigit(bytes[from + digits]!)) digits++
    if (digits === to - from && digits <= 15 && (digits === 1 || bytes[from] !== ZERO))
      return memberKinds.number
    const shape = numberShapes.read(bytes, from, to)
    if (shape === 'odd') this.hasOddNumber = true
    return shape === 'odd' ? memberKinds.oddNumber : shape === 'plain' ? memberKinds.number : UNUSUAL
  }
}

const UNUSUAL = -1
const MORE = -2

/** What numbers are by their text: the same few come again and again, such as Windows' keywords. */
const numberShapes = new RepeatedTexts(256, (text) =>
  !/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? '' : isOddNumberText(text) ? 'odd' : 'plain',
)

function literalKind(bytes: Buffer, from: number, to: number): number {
  const isKnown =
    isAt(bytes, from, to, trueText) || isAt(bytes, from, to, falseText) || isAt(bytes, from, to, nullText)
  return isKnown ? memberKinds.literal : UNUSUAL
}

function scalarEnd(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && isScalarByte(bytes[at]!)) at++
  return at
}

/** The place after the escape at `at`; UNUSUAL when JSON has none such. */
function afterEscape(bytes: Buffer, at: number): number {
  switch (bytes[at + 1]) {
    case QUOTE:
    case BACKSLASH:
    case SLASH:
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 2
    case 0x75: // u
      for (let digit = at + 2; digit < at + 6; digit++) if (!isHexDigit(bytes[digit])) return UNUSUAL
      return at + 6
    default:
      return UNUSUAL
  }
}

/** JSON's blanks: others are none of its characters. */
function afterBlanks(bytes: Buffer, from: number): number {
  let at = from
  for (;;) {
    const byte = bytes[at]
    if (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB) return at
    at++
  }
}

function found(bytes: Buffer, byte: number, from: number): number {
  const place = bytes.indexOf(byte, from)
  return place < 0 ? Infinity : place
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const letter = byte | 0x20
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66)
}

function isAt(bytes: Buffer, from: number, to: number, text: Buffer): boolean {
  if (to - from !== text.length) return false
  for (let index = 0; index < text.length; index++) if (bytes[from + index] !== text[index]) return false
  return true
}

const trueText = Buffer.from('true')
const falseText = Buffer.from('false')
const nullText = Buffer.from('null')

const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const SLASH = 0x2f
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
