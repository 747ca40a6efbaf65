// Sets of code points as sorted ranges: what one character of a pattern may be. PCRE's classes in UTF mode without UCP:
// \w, \d, \s, \b and the POSIX names are ASCII; caseless matching and \p{…} follow Unicode.
// How sets are written in a pattern is left to the parser, how they run to native.ts and backtracker.ts.

/** Sorted, disjoint, non-adjacent ranges, flat: `[from, to, from, to, …]`, both ends inclusive. */
export type CharSet = readonly number[]

export const maxCodePoint = 0x10ffff

export const emptySet: CharSet = []
export const everything: CharSet = [0, maxCodePoint]

/** Brings ranges in any order into the form of a CharSet. */
export function charSet(ranges: readonly (readonly [from: number, to: number])[]): CharSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0])
  const flat: number[] = []
  for (const [from, to] of sorted) {
    const last = flat.length - 1
    if (last > 0 && from <= flat[last]! + 1) flat[last] = Math.max(flat[last]!, to)
    else flat.push(from, to)
  }
  return flat
}

/** The ranges of a set as pairs. */
export function rangesOf(set: CharSet): [from: number, to: number][] {
  return Array.from({ length: set.length / 2 }, (_, i) => [set[2 * i]!, set[2 * i + 1]!])
}

export function unionOf(sets: readonly CharSet[]): CharSet {
  return sets.length === 1 ? sets[0]! : charSet(sets.flatMap(rangesOf))
}

export function complement(set: CharSet): CharSet {
  const flat: number[] = []
  let next = 0
  for (const [from, to] of rangesOf(set)) {
    if (from > next) flat.push(next, from - 1)
    next = to + 1
  }
  if (next <= maxCodePoint) flat.push(next, maxCodePoint)
  return flat
}

export function intersection(a: CharSet, b: CharSet): CharSet {
  const flat: number[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const from = Math.max(a[i]!, b[j]!)
    const to = Math.min(a[i + 1]!, b[j + 1]!)
    if (from <= to) flat.push(from, to)
    if (a[i + 1]! < b[j + 1]!) i += 2
    else j += 2
  }
  return flat
}

export function intersects(a: CharSet, b: CharSet): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (Math.max(a[i]!, b[j]!) <= Math.min(a[i + 1]!, b[j + 1]!)) return true
    if (a[i + 1]! < b[j + 1]!) i += 2
    else j += 2
  }
  return false
}

export function contains(set: CharSet, codePoint: number): boolean {
  let low = 0
  let high = set.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (codePoint > set[2 * middle + 1]!) low = middle + 1
    else high = middle
  }
  return 2 * low < set.length && codePoint >= set[2 * low]!
}

/** The set of exactly one code point, as that code point. */
export function singleOf(set: CharSet): number | undefined {
  return set.length === 2 && set[0] === set[1] ? set[0] : undefined
}

/** Whether the set holds code points that take two UTF-16 units, or halves of them. */
export function reachesBeyondBmp(set: CharSet): boolean {
  return set.length > 0 && (set.at(-1)! > 0xffff || intersects(set, [0xd800, 0xdfff]))
}

const of = (...parts: readonly (string | readonly [number, number])[]): CharSet =>
  charSet(
    parts.flatMap((part): readonly (readonly [number, number])[] =>
      typeof part === 'string'
        ? [...part].map((char) => [char.codePointAt(0)!, char.codePointAt(0)!])
        : [part],
    ),
  )

const upper = [0x41, 0x5a] as const
const lower = [0x61, 0x7a] as const

export const digits = of([0x30, 0x39])
export const wordChars = of([0x30, 0x39], upper, lower, '_')
export const spaces = of([0x09, 0x0d], ' ')
/** `\h`: the 19 horizontal spaces. @see pcre2pattern, "Generic character types" */
export const horizontalSpaces = of('\t \u00a0\u1680\u180e\u202f\u205f\u3000', [0x2000, 0x200a])
/** `\v` of PCRE, which is not the vertical tab alone. */
export const verticalSpaces = of([0x0a, 0x0d], '\u0085\u2028\u2029')
/** `.` without (?s), and `\N`: the newline is LF alone, as PCRE2 is built by default. */
export const notNewline = complement(of('\n'))

/** The POSIX classes, for ASCII. */
export const posixClasses: ReadonlyMap<string, CharSet> = new Map([
  ['alpha', of(upper, lower)],
  ['lower', of(lower)],
  ['upper', of(upper)],
  ['alnum', of([0x30, 0x39], upper, lower)],
  ['ascii', of([0, 0x7f])],
  ['blank', of('\t ')],
  ['cntrl', of([0, 0x1f], '\u007f')],
  ['digit', digits],
  ['graph', of([0x21, 0x7e])],
  ['print', of([0x20, 0x7e])],
  ['punct', of([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e])],
  ['space', spaces],
  ['word', wordChars],
  ['xdigit', of([0x30, 0x39], [0x41, 0x46], [0x61, 0x66])],
])

/**
 * Adds the other cases of every member, by Unicode's simple case folding, as PCRE in UTF mode does: `k` also stands for
 * U+212A (Kelvin) and `s` for U+017F (long s).
 */
export function foldCase(set: CharSet): CharSet {
  const single = singleOf(set)
  if (single === undefined) return folded(set)
  // Most of what is folded is the letters of patterns, one by one.
  let cases = casesOf.get(single)
  if (cases === undefined) {
    cases = folded(set)
    if (casesOf.size < 10_000) casesOf.set(single, cases)
  }
  return cases
}

const casesOf = new Map<number, CharSet>()

function folded(set: CharSet): CharSet {
  if (set.length === 0) return set
  if (set.at(-1)! <= 0x7f) return foldAscii(set)
  // Who has all that is not ASCII lacks only the other cases of the rest, and of U+212A and U+017F.
  if (set.at(-1) === maxCodePoint && set.at(-2)! <= 0x80)
    return unionOf([set, foldAscii(intersection(set, [0, 0x7f])), of('kKsS')])
  // V8 knows the cases of all letters, and says which of them are some member's.
  const members = rangesOf(set).map(([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`)
  const found = lettersWithCases().match(new RegExp(`[${members.join('')}]`, 'giu'))
  return found === null ? set : unionOf([set, of(...found)])
}

function foldAscii(set: CharSet): CharSet {
  const added: [number, number][] = []
  for (const [from, to] of rangesOf(set)) {
    for (const [low, high, distance] of [
      [...upper, 32],
      [...lower, -32],
    ] as const) {
      const first = Math.max(from, low)
      const last = Math.min(to, high)
      if (first <= last) added.push([first + distance, last + distance])
    }
  }
  if (contains(set, 0x6b) || contains(set, 0x4b)) added.push([0x212a, 0x212a])
  if (contains(set, 0x73) || contains(set, 0x53)) added.push([0x17f, 0x17f])
  return added.length === 0 ? set : charSet([...rangesOf(set), ...added])
}

let knownLettersWithCases: string | undefined

/**
 * All characters that have another case. Made when a caseless pattern first has a character that is not ASCII. Those
 * named here are equal in pairs since Unicode 15.1; PCRE2 10.42 keeps them apart, as all before did.
 */
function lettersWithCases(): string {
  // The last of them are Adlam's, below U+1E944.
  knownLettersWithCases ??= charactersBelow(0x1ec00).replace(
    /[\P{Changes_When_Casemapped}\u0390\u03b0\u1fd3\u1fe3\ufb05\ufb06]+/gu,
    '',
  )
  return knownLettersWithCases
}

const propertySets = new Map<string, CharSet>()

/**
 * The set of a Unicode property as PCRE names it: a general category (`Lu`, `L`, `L&`), a script (`Greek`), `Any`, or one
 * of PCRE's own (`Xan`, `Xsp`, `Xps`, `Xwd`).
 *
 * @returns undefined for a name that is none of these
 */
export function propertySet(name: string): CharSet | undefined {
  // PCRE ignores case, blanks, hyphens and underscores in names.
  const key = name.replace(/[\s_-]/g, '').toLowerCase()
  const known = propertySets.get(key)
  if (known !== undefined || key.length > 40) return known
  const set = computeProperty(key)
  if (set !== undefined) propertySets.set(key, set)
  return set
}

function computeProperty(key: string): CharSet | undefined {
  switch (key) {
    case 'any':
      return everything
    case 'l&':
    case 'lc':
      return unionOf(['lu', 'll', 'lt'].map((name) => propertySet(name)!))
    case 'xan':
      return unionOf([propertySet('l')!, propertySet('n')!])
    case 'xwd':
      return unionOf([propertySet('xan')!, of('_')])
    case 'xsp':
    case 'xps':
      return unionOf([propertySet('z')!, horizontalSpaces, verticalSpaces, spaces])
  }
  if (/^[clmnpsz][a-z]?$/.test(key)) return membersOf(`\\p{${key[0]!.toUpperCase()}${key.slice(1)}}`)
  const property = /^(?:(sc|script|scx|scriptextensions)[=:])?([a-z]+)$/.exec(key)
  if (property === null) return undefined
  const kind = property[1] === 'sc' || property[1] === 'script' ? 'sc' : 'scx'
  // JavaScript wants `Old_Italic`; trying the capitalised forms finds all scripts of one and of two words.
  return scriptSpellings(property[2]!)
    .map((script) => membersOf(`\\p{${kind}=${script}}`))
    .find((set) => set !== undefined)
}

function scriptSpellings(word: string): string[] {
  const capitalised = (part: string) => part.charAt(0).toUpperCase() + part.slice(1)
  const splits = Array.from({ length: Math.max(0, word.length - 1) }, (_, i) => [
    word.slice(0, i + 1),
    word.slice(i + 1),
  ])
  return [capitalised(word), ...splits.map((parts) => parts.map((part) => capitalised(part!)).join('_'))]
}

/** All code points that a JavaScript class escape matches, found by running it over all of them once. */
function membersOf(characterClass: string): CharSet | undefined {
  let runs: RegExp
  try {
    runs = new RegExp(`${characterClass}+`, 'gu')
  } catch {
    return undefined
  }
  allCharacters ??= charactersBelow(maxCodePoint)
  const ranges: [number, number][] = []
  for (const { 0: run } of allCharacters.matchAll(runs)) {
    const last = run.charCodeAt(run.length - 1)
    ranges.push([
      run.codePointAt(0)!,
      last >= 0xdc00 && last <= 0xdfff ? run.codePointAt(run.length - 2)! : last,
    ])
  }
  // Surrogates are in none of the runs; the text cannot hold them alone and in order.
  if (characterClass === '\\p{C}' || characterClass === '\\p{Cs}') ranges.push([0xd800, 0xdfff])
  return charSet(ranges)
}

let allCharacters: string | undefined

function charactersBelow(end: number): string {
  const parts: string[] = []
  for (let code = 0; code < end; code += 0x400) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    parts.push(String.fromCodePoint(...Array.from({ length: 0x400 }, (_, i) => code + i)))
  }
  return parts.join('')
}
