// Splunk's segmentation of raw text, as far as searching for words needs it: which words, phrases and TERM()s an
// event has. There is no index; a term is looked for in the text and its ends are checked against the breakers.

/** How a term is matched. */
export interface TermOptions {
  /** CASE(x): minds case. */
  readonly caseSensitive: boolean
  /** TERM(x): the text fills the room between two major breakers; minor breakers inside are part of it. */
  readonly term: boolean
}

/**
 * Compiles a bare keyword, a quoted phrase or the text of TERM() or CASE() into a test of raw events.
 *
 * The text must stand between breakers: `fail` is not in `failed`, `10.0.0.1` is not in `10.0.0.12`, but `alice` is
 * in `user=alice`. A `*` takes any run of characters without a major breaker, so `fail*` finds `failed` and `f*d`
 * does not reach into the next word. A phrase matches as it is written, its words in order. Linear in the length of
 * the event. An empty text, or stars alone, match every event.
 *
 * @see segmenters.conf (MAJOR, MINOR defaults); Search Manual: Use CASE and TERM to match phrases; Search Reference: search
 */
export function compileTerm(text: string, options: TermOptions): (raw: string) => boolean {
  const folded = options.caseSensitive ? text : text.toLowerCase()
  const pieces = folded.split('*').filter((piece) => piece !== '')
  if (pieces.length === 0) return () => true
  const ends: Ends = {
    start: folded.startsWith('*') ? undefined : options.term ? isMajorBefore : isBreakBefore,
    end: folded.endsWith('*') ? undefined : options.term ? isMajorAfter : isBreakAfter,
  }
  const find = pieces.length === 1 ? compileSinglePiece(pieces[0]!, ends) : compilePieces(pieces, ends)
  return options.caseSensitive ? find : (raw) => find(lowerCase(raw))
}

/** The checks of the two ends of a term; undefined where a star leaves the end open. */
interface Ends {
  readonly start: ((text: string, position: number) => boolean) | undefined
  readonly end: ((text: string, position: number) => boolean) | undefined
}

// Many terms ask about one event in a row; it is lower-cased for the first of them only.
let lastRaw = ''
let lastLowerCase = ''

function lowerCase(raw: string): string {
  if (raw !== lastRaw) {
    lastLowerCase = raw.toLowerCase()
    lastRaw = raw
  }
  return lastLowerCase
}

function compileSinglePiece(piece: string, { start, end }: Ends): (text: string) => boolean {
  if (start === undefined && end === undefined) return (text) => text.includes(piece)
  return (text) => {
    for (let found = text.indexOf(piece); found >= 0; found = text.indexOf(piece, found + 1)) {
      if ((start?.(text, found) ?? true) && (end?.(text, found + piece.length) ?? true)) return true
    }
    return false
  }
}

/**
 * Pieces with stars between them. Each takes its leftmost place after the one before: a later place in the same word
 * never helps those that follow. If they fail there, they fail for every start up to the next major breaker, so the
 * search goes on behind it. That keeps the whole linear.
 */
function compilePieces(pieces: readonly string[], { start, end }: Ends): (text: string) => boolean {
  const first = pieces[0]!
  const last = pieces.at(-1)!
  const inner = pieces.slice(1, -1)
  return (text) => {
    const innerPlaces = inner.map((piece) => new Places(text, piece))
    const lastPlaces = new Places(text, last)
    const majors = new MajorBreakers(text)
    let from = 0
    for (;;) {
      const found = text.indexOf(first, from)
      if (found < 0) return false
      from = found + 1
      if (start !== undefined && !start(text, found)) continue
      let position: number | undefined = found + first.length
      const wordEnd = majors.next(position)
      for (const places of innerPlaces) {
        position = places.after(position, majors)
        if (position === undefined) break
      }
      if (position !== undefined && lastPlaces.endsAfter(position, majors, end)) return true
      from = Math.max(from, wordEnd - first.length + 1)
    }
  }
}

/** The places of one piece in one text; asked for at growing positions, but for a step back now and then. */
class Places {
  readonly #text: string
  readonly #piece: string
  /** The first place at or after `#asked`. */
  #found = -1
  #asked = 0

  constructor(text: string, piece: string) {
    this.#text = text
    this.#piece = piece
  }

  /** Where the piece ends that starts at or after a position, before the next major breaker. */
  after(position: number, majors: MajorBreakers): number | undefined {
    if (this.#found < position) {
      const found = this.#text.indexOf(this.#piece, position)
      this.#found = found < 0 ? Number.POSITIVE_INFINITY : found
    } else if (position < this.#asked) {
      // A phrase reaches over several words, so the next try can start before the place where this one gave up.
      const found = this.#text.slice(position, this.#asked + this.#piece.length - 1).indexOf(this.#piece)
      if (found >= 0) this.#found = position + found
    }
    this.#asked = position
    return this.#found <= majors.next(position) ? this.#found + this.#piece.length : undefined
  }

  /** Says whether some place after a position, before the next major breaker, passes the check of the end. */
  endsAfter(position: number, majors: MajorBreakers, end: Ends['end']): boolean {
    let from = position
    for (;;) {
      const after = this.after(from, majors)
      // Behind the first place, the gap of the star runs from `position` still: it may not pass a major breaker.
      if (after === undefined || this.#found > majors.next(position)) return false
      if (end === undefined || end(this.#text, after)) return true
      from = this.#found + 1
    }
  }
}

/** The major breakers of one text, asked for at growing positions. */
class MajorBreakers {
  readonly #text: string
  #from = 0
  #next = -1

  constructor(text: string) {
    this.#text = text
  }

  /** The first position at or after `position` where a major breaker starts, or the length of the text. */
  next(position: number): number {
    if (position < this.#from || position > this.#next) {
      let next = position
      while (next < this.#text.length && !isMajorAt(this.#text, next)) next++
      this.#from = position
      this.#next = next
    }
    return this.#next
  }
}

const MAJOR = 2
const MINOR = 1

/** What each ASCII character is: 0, MINOR or MAJOR. */
const breakers = new Uint8Array(128)
for (const character of '[]<>(){}|!;,\'"*\n\r \t&?+') breakers[character.charCodeAt(0)] = MAJOR
for (const character of '/:=@.-$#%\\_') breakers[character.charCodeAt(0)] = MINOR

/** Percent-encoded characters that are major breakers. They start with `%`, so only their last digit needs the list. */
const majorCodes: ReadonlySet<string> = new Set(
  '%21 %26 %3b %7c %20 %2b %3d %5d %5b %3a %0a %2c %28 %29'.split(' '),
)
const longMajorCodes: ReadonlySet<string> = new Set(['%2526', '%2520'])

function kindAt(text: string, position: number): number {
  const code = text.charCodeAt(position)
  return code < 128 ? breakers[code]! : 0
}

/** Says whether a major breaker starts at a position: a character, `--`, or an encoded one. */
function isMajorAt(text: string, position: number): boolean {
  const kind = kindAt(text, position)
  if (kind !== MINOR) return kind === MAJOR
  const character = text[position]
  if (character === '-') return text[position + 1] === '-'
  return (
    character === '%' && (isCode(text, position, 3, majorCodes) || isCode(text, position, 5, longMajorCodes))
  )
}

function isCode(text: string, position: number, length: number, codes: ReadonlySet<string>): boolean {
  return (
    position >= 0 &&
    text[position] === '%' &&
    codes.has(text.slice(position, position + length).toLowerCase())
  )
}

function isCodeBefore(text: string, position: number): boolean {
  return isCode(text, position - 3, 3, majorCodes) || isCode(text, position - 5, 5, longMajorCodes)
}

function isMajorBefore(text: string, position: number): boolean {
  if (position === 0 || kindAt(text, position - 1) === MAJOR || isCodeBefore(text, position)) return true
  return text[position - 1] === '-' && text[position - 2] === '-'
}

function isMajorAfter(text: string, position: number): boolean {
  return position === text.length || isMajorAt(text, position)
}

/** A term that starts (or ends) with a breaker has its boundary in itself. */
function isBreakBefore(text: string, position: number): boolean {
  return (
    position === 0 ||
    kindAt(text, position - 1) > 0 ||
    kindAt(text, position) > 0 ||
    isCodeBefore(text, position)
  )
}

function isBreakAfter(text: string, position: number): boolean {
  return position === text.length || kindAt(text, position) > 0 || kindAt(text, position - 1) > 0
}
