// Checks that an object is JSON to the letter, and finds its members, without making values of them: most events of a log
// are asked for little. Whatever JSON.parse would refuse or change is left to value-scanner.ts and parse.ts, which put up
// with damage; where this scanner says that an object ends, they say the same, and JSON.parse reads it.
// Searches are native, byte by byte only where a few bytes are looked at.

import { PlaceBlocks } from '../text/places.ts'
import { RepeatedTexts } from '../text/repeated-texts.ts'
import type { KeyNode, KeyTree } from './key-tree.ts'
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

/** The numbers that describe a member: where its value begins and ends (quotes excluded), and its kind. */
export const numbersPerMember = 3

/** Scans objects in UTF-8 bytes. After 'end' the fields tell of the last object. */
export class ObjectScanner<Meaning = unknown> {
  /** The place after the object. */
  at = 0
  /** The last of its keys. */
  keys: KeyNode<Meaning>
  memberCount = 0
  /** Its members, in `block` from `first` on; kept when `keep` was called before the next object. */
  first = 0
  /** How many values the object holds, as `countValues` counts them. */
  valueCount = 0
  /** Whether it holds a number whose text a JavaScript number would not give back. */
  hasOddNumber = false
  private readonly tree: KeyTree<Meaning>
  private readonly places = new PlaceBlocks()
  private readonly isObjectAt = new Uint8Array(maxJsonDepth + 1)
  /** The next backslash and line feed of these bytes at or after the place in hand; -1 where they were not looked for. */
  private bytes: Buffer | undefined
  private backslash = -1
  private lineFeed = -1
  /** Whether the text that was scanned last holds escapes. */
  private hasEscape = false

  /** @param tree learns the keys of the objects */
  constructor(tree: KeyTree<Meaning>) {
    this.tree = tree
    this.keys = tree.root
  }

  get block(): Int32Array {
    return this.places.block
  }

  /** Keeps the members of the last object in its block. */
  keep(): void {
    this.places.end(this.first + this.memberCount * numbersPerMember)
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
    this.first = this.places.begin(mostMembers * numbersPerMember)
    this.keys = this.tree.root
    this.memberCount = 0
    this.valueCount = 1
    this.hasOddNumber = false
    const end = this.objectEnd(bytes, from)
    if (end >= 0) {
      this.at = end
      return 'end'
    }
    if (end === MORE) return 'more'
    // Who looks at it may go on with a place before those that were reached here.
    this.bytes = undefined
    return 'unusual'
  }

  /** The place after the object at `from`, noting its members; UNUSUAL or MORE. */
  private objectEnd(bytes: Buffer, from: number): number {
    let at = afterBlanks(bytes, from + 1)
    if (bytes[at] === CLOSE_OBJECT) return at + 1
    for (;;) {
      if (bytes[at] !== QUOTE) return stopped(bytes, at)
      at = this.keyEnd(bytes, at + 1)
      if (at < 0) return at
      at = this.valueEnd(bytes, at)
      if (at < 0) return at
      at = afterBlanks(bytes, at)
      if (bytes[at] === CLOSE_OBJECT) return at + 1
      if (bytes[at] !== COMMA) return stopped(bytes, at)
      this.valueCount++
      at = afterBlanks(bytes, at + 1)
    }
  }

  /** The place of the value of the key that begins at `from`; UNUSUAL or MORE. */
  private keyEnd(bytes: Buffer, from: number): number {
    // Mostly the key that followed the last time.
    const { last } = this.keys
    if (last !== undefined && isAt(bytes, from, last.mark)) {
      this.keys = last
      return afterBlanks(bytes, from + last.mark.length)
    }
    let quote = from
    for (let byte = bytes[quote]; byte !== QUOTE; byte = bytes[++quote]) {
      if (byte === undefined) return MORE
      if (byte === BACKSLASH || byte < SPACE) return UNUSUAL
    }
    const colon = afterBlanks(bytes, quote + 1)
    if (bytes[colon] !== COLON) return stopped(bytes, colon)
    const value = afterBlanks(bytes, colon + 1)
    this.keys = this.tree.step(this.keys, bytes, from, quote, value)
    return value
  }

  /** The place after the value at `from`, noting it as a member; UNUSUAL or MORE. */
  private valueEnd(bytes: Buffer, from: number): number {
    if (this.memberCount === mostMembers) return UNUSUAL
    const { block } = this.places
    const place = this.first + this.memberCount++ * numbersPerMember
    const byte = bytes[from]
    if (byte === QUOTE) {
      const quote = this.textEnd(bytes, from + 1)
      block[place] = from + 1
      block[place + 1] = quote
      block[place + 2] = this.hasEscape ? memberKinds.escapedText : memberKinds.text
      return quote < 0 ? quote : quote + 1
    }
    const isContainer = byte === OPEN_OBJECT || byte === OPEN_ARRAY
    const end = isContainer ? this.containerEnd(bytes, from) : scalarEnd(bytes, from)
    if (end === bytes.length && !isContainer) return MORE
    const kind = isContainer ? memberKinds.container : this.scalarKind(bytes, from, end)
    block[place] = from
    block[place + 1] = end
    block[place + 2] = kind
    return kind < 0 ? UNUSUAL : end
  }

  /** The place after the object or list at `from`, a member's value; UNUSUAL or MORE. */
  private containerEnd(bytes: Buffer, from: number): number {
    const { isObjectAt } = this
    let depth = 1
    let at = from
    for (;;) {
      // At the value of a member or an item.
      const opening = bytes[at]
      if (opening === OPEN_OBJECT || opening === OPEN_ARRAY) {
        // On a line of its own it may be the next event, after one that was cut off.
        if (depth === maxJsonDepth || bytes[at - 1] === LINE_FEED) return UNUSUAL
        isObjectAt[++depth] = opening === OPEN_OBJECT ? 1 : 0
        at = afterBlanks(bytes, at + 1)
        if (!isClosing(bytes[at])) {
          at = this.itemFrom(bytes, at, isObjectAt[depth] === 1)
          if (at < 0) return at
          continue
        }
      } else {
        at = this.plainEnd(bytes, at)
        if (at < 0) return at
        at = afterBlanks(bytes, at)
      }
      while (isClosing(bytes[at])) {
        if ((bytes[at] === CLOSE_OBJECT) !== (isObjectAt[depth] === 1)) return UNUSUAL
        at++
        if (--depth === 1) return at
        at = afterBlanks(bytes, at)
      }
      if (bytes[at] !== COMMA) return stopped(bytes, at)
      this.valueCount++
      at = this.itemFrom(bytes, afterBlanks(bytes, at + 1), isObjectAt[depth] === 1)
      if (at < 0) return at
    }
  }

  /** Where the value of a member or an item begins; UNUSUAL or MORE. */
  private itemFrom(bytes: Buffer, from: number, isInObject: boolean): number {
    if (!isInObject) return from
    if (bytes[from] !== QUOTE) return stopped(bytes, from)
    const quote = this.textEnd(bytes, from + 1)
    if (quote < 0) return quote
    const colon = afterBlanks(bytes, quote + 1)
    return bytes[colon] === COLON ? afterBlanks(bytes, colon + 1) : stopped(bytes, colon)
  }

  /** The place after a text, number or literal; UNUSUAL or MORE. */
  private plainEnd(bytes: Buffer, from: number): number {
    if (bytes[from] === QUOTE) {
      const quote = this.textEnd(bytes, from + 1)
      return quote < 0 ? quote : quote + 1
    }
    const end = scalarEnd(bytes, from)
    if (end === bytes.length) return MORE
    return this.scalarKind(bytes, from, end) < 0 ? UNUSUAL : end
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

  private scalarKind(bytes: Buffer, from: number, to: number): number {
    const first = bytes[from]!
    if (first !== MINUS && !isDigit(first)) return isLiteral(bytes, from, to) ? memberKinds.literal : UNUSUAL
    let digits = 0
    while (digits < to - from && isDigit(bytes[from + digits]!)) digits++
    if (digits === to - from && digits <= 15 && (digits === 1 || first !== ZERO)) return memberKinds.number
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

function isLiteral(bytes: Buffer, from: number, to: number): boolean {
  return [trueText, falseText, nullText].some((text) => text.length === to - from && isAt(bytes, from, text))
}

/** Where something else stands than is expected, or the bytes end. */
const stopped = (bytes: Buffer, at: number): number => (at >= bytes.length ? MORE : UNUSUAL)

const isClosing = (byte: number | undefined): boolean => byte === CLOSE_OBJECT || byte === CLOSE_ARRAY

/** The place after letters, digits, signs and points. */
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

function isAt(bytes: Buffer, at: number, mark: Buffer): boolean {
  for (let index = 0; index < mark.length; index++) if (bytes[at + index] !== mark[index]) return false
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
