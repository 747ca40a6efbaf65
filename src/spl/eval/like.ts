// SQL-like patterns of like() and the LIKE operator: `%` is any run of characters, `_` is one, case counts, and the
// pattern covers the whole text. The `*` of the search language is in base/text/wildcard.ts.

/**
 * Compiles a pattern into a test that takes linear time in the text for each `%`.
 * Nothing escapes the wildcards: `C:\\Windows\\%` in a search is a path and what lies below it.
 * @see Search Reference: Comparison and Conditional functions (like)
 */
export function compileLike(pattern: string): (text: string) => boolean {
  const segments = segmentsOf(pattern)
  const first = segments[0]!
  if (segments.length === 1)
    return (text) => first.matchesAt(text, 0) && first.length(text, 0) === text.length
  const last = segments.at(-1)!
  const middle = segments.slice(1, -1)
  return (text) => {
    if (!first.matchesAt(text, 0)) return false
    let position = first.length(text, 0)
    for (const segment of middle) {
      const found = segment.find(text, position)
      if (found < 0) return false
      position = found + segment.length(text, found)
    }
    return last.endsAt(text, position)
  }
}

/** A part of a pattern between two `%`. */
interface Segment {
  matchesAt(text: string, start: number): boolean
  /** The first place at or after `from`, or -1. */
  find(text: string, from: number): number
  /** Whether it matches the end of the text, at or after `from`. */
  endsAt(text: string, from: number): boolean
  /** How many UTF-16 units it takes at a place where it matches. */
  length(text: string, start: number): number
}

const anyCharacter = Symbol('_')

function segmentsOf(pattern: string): Segment[] {
  const segments: Segment[] = []
  let parts: (string | typeof anyCharacter)[] = []
  const flush = () => {
    segments.push(parts.includes(anyCharacter) ? maskedSegment(parts) : literalSegment(parts.join('')))
    parts = []
  }
  for (const character of pattern) {
    if (character === '%') flush()
    else parts.push(character === '_' ? anyCharacter : character)
  }
  flush()
  return segments
}

function literalSegment(literal: string): Segment {
  return {
    matchesAt: (text, start) => text.startsWith(literal, start),
    find: (text, from) => text.indexOf(literal, from),
    endsAt: (text, from) => text.length - literal.length >= from && text.endsWith(literal),
    length: () => literal.length,
  }
}

function maskedSegment(parts: readonly (string | typeof anyCharacter)[]): Segment {
  /** Where a match that starts at `start` ends, or -1. */
  const end = (text: string, start: number): number => {
    let position = start
    for (const part of parts) {
      const code = text.codePointAt(position)
      if (code === undefined) return -1
      const width = code > 0xffff ? 2 : 1
      if (part !== anyCharacter && part !== text.slice(position, position + width)) return -1
      position += width
    }
    return position
  }
  return {
    matchesAt: (text, start) => end(text, start) >= 0,
    find: (text, from) => {
      for (let start = from; start < text.length; start++) if (end(text, start) >= 0) return start
      return -1
    },
    endsAt: (text, from) => {
      for (let start = Math.max(from, text.length - 2 * parts.length); start < text.length; start++) {
        if (end(text, start) === text.length) return true
      }
      return false
    },
    length: (text, start) => end(text, start) - start,
  }
}
