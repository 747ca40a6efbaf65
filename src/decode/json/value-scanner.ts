// Finds where a JSON value ends, and that it has the shape of JSON, without reading it: cutting values out of a stream
// must not wait for the whole file, nor trip over lines that are damaged. JSON.parse has the last word on a value.

/** Deepest nesting that is read. Deeper values stay text, so that nobody who walks a value can run out of stack. */
export const maxJsonDepth = 128

/** Scans values in UTF-8 bytes. After `scan` the fields say what was found. */
export class ValueScanner {
  /** After 'end': the place after the value. After 'wrong': the place of what is wrong. */
  at = 0
  /** After 'wrong': what is wrong. */
  reason = ''
  /** After 'end': whether the value holds a number whose text a JavaScript number would not give back. */
  hasOddNumber = false
  private readonly isObjectAt = new Uint8Array(maxJsonDepth + 1)

  /**
   * Scans the value at `from`; `inObject` begins after a member of an object instead and scans to the object's end.
   *
   * @returns 'more' when the bytes end before the value
   */
  scan(bytes: Buffer, from: number, inObject = false): 'end' | 'more' | 'wrong' {
    const { isObjectAt } = this
    const length = bytes.length
    let depth = inObject ? 1 : 0
    let expected = inObject ? NEXT : VALUE
    isObjectAt[1] = 1
    this.hasOddNumber = false
    let at = from
    while (at < length) {
      const byte = bytes[at]!
      if (byte <= SPACE) {
        at++
        continue
      }
      switch (byte) {
        case QUOTE: {
          if (expected !== VALUE && expected !== KEY)
            return this.wrong(at, 'a text stands in the wrong place')
          const end = endOfString(bytes, at + 1)
          if (end < 0)
            return end === LINE_ENDS
              ? this.wrong(this.lineEnd(bytes, at), 'a line ends inside a text')
              : 'more'
          at = end
          if (expected === KEY) expected = COLON
          else if (depth === 0) return this.end(at)
          else expected = NEXT
          continue
        }
        case OPEN_OBJECT:
        case OPEN_ARRAY:
          if (expected !== VALUE || this.beginsLine(bytes, from, at, depth)) {
            return this.wrong(at, 'a new value begins inside this one')
          }
          if (depth === maxJsonDepth) return this.wrong(at, `it nests deeper than ${maxJsonDepth} levels`)
          isObjectAt[++depth] = byte === OPEN_OBJECT ? 1 : 0
          expected = byte === OPEN_OBJECT ? KEY : VALUE
          break
        case CLOSE_OBJECT:
        case CLOSE_ARRAY:
          // A comma before the bracket passes here; JSON.parse will object.
          if (depth === 0 || expected === COLON || (byte === CLOSE_OBJECT) !== (isObjectAt[depth] === 1)) {
            return this.wrong(at, 'a bracket stands in the wrong place')
          }
          if (--depth === 0) return this.end(at + 1)
          expected = NEXT
          break
        case COLON_BYTE:
          if (expected !== COLON) return this.wrong(at, 'a colon stands in the wrong place')
          expected = VALUE
          break
        case COMMA:
          if (expected !== NEXT) return this.wrong(at, 'a comma stands in the wrong place')
          expected = isObjectAt[depth] === 1 ? KEY : VALUE
          break
        default: {
          if (expected !== VALUE) return this.wrong(at, 'something other than JSON follows')
          const start = at
          while (at < length && isScalarByte(bytes[at]!)) at++
          if (at === length) return 'more'
          if (at === start) return this.wrong(at, 'something other than JSON follows')
          if (byte <= NINE && isOddNumber(bytes, start, at)) this.hasOddNumber = true
          if (depth === 0) return this.end(at)
          expected = NEXT
          continue
        }
      }
      at++
    }
    return 'more'
  }

  private end(at: number): 'end' {
    this.at = at
    return 'end'
  }

  private wrong(at: number, reason: string): 'wrong' {
    this.at = at
    this.reason = reason
    return 'wrong'
  }

  private lineEnd(bytes: Buffer, at: number): number {
    return bytes.indexOf(LINE_FEED, at)
  }

  /**
   * Whether the object at `at`, a member's value by its place, is a whole line by itself: then it is the next event of
   * a JSON lines file, and the one before it was cut off in the middle of a member.
   */
  private beginsLine(bytes: Buffer, from: number, at: number, depth: number): boolean {
    if (depth === 0 || at === from || bytes[at - 1] !== LINE_FEED || this.isObjectAt[depth] !== 1)
      return false
    const lineFeed = bytes.indexOf(LINE_FEED, at)
    const line = lineFeed < 0 ? bytes.subarray(at) : bytes.subarray(at, lineFeed)
    return new ValueScanner().scan(line, 0) === 'end'
  }
}

/** What may come next. */
const VALUE = 0
const KEY = 1
const COLON = 2
const NEXT = 3

/** `endOfString` when the bytes end before the text does, and when a line does. */
const BYTES_END = -1
const LINE_ENDS = -2

/** The place after the closing quote. Line breaks do not occur inside texts in JSON; other control characters are let through. */
function endOfString(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) return at + 1
    if (byte === BACKSLASH) at++
    else if (byte === LINE_FEED) return LINE_ENDS
  }
  return BYTES_END
}

/** Letters, digits, signs and points: numbers and literals, also those that JSON lacks (`NaN`). */
export function isScalarByte(byte: number): boolean {
  return (
    (byte >= ZERO && byte <= NINE) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  )
}

function isOddNumber(bytes: Buffer, start: number, end: number): boolean {
  let isPlain = end - start <= 15 && bytes[start] !== 0x2d
  for (let at = start; isPlain && at < end; at++) isPlain = bytes[at]! >= ZERO && bytes[at]! <= NINE
  return !isPlain && isOddNumberText(bytes.toString('latin1', start, end))
}

/** Whether a number's text is lost in a JavaScript number: beyond 2^53, `1.0`, `1e5`. */
export function isOddNumberText(text: string): boolean {
  return String(Number(text)) !== text
}

const LINE_FEED = 0x0a
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const ZERO = 0x30
const NINE = 0x39
const COLON_BYTE = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
