// Reads the plain part of YAML quickly: block maps and lists, plain, quoted and block scalars, every scalar as its text.
// That is how content is written. For all else (aliases, tags, flow collections, tabs, mistakes, …) it says that it cannot,
// and the caller asks a whole YAML parser; what it does read, it reads as that parser does: see docs/adr/0007.

/** A YAML value whose scalars are texts. */
export type PlainYaml = string | readonly PlainYaml[] | { readonly [key: string]: PlainYaml }

/**
 * Reads a text of plain YAML, or gives undefined where the text is not plain, also when it is not YAML at all. Ten times as
 * fast as a whole parser. (bench/load.ts)
 */
export function readPlainYaml(text: string): PlainYaml | undefined {
  const unix = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
  if (strange.test(unix)) return undefined
  try {
    return new Reader(unix).document()
  } catch (error) {
    if (error === notPlain) return undefined
    throw error
  }
}

/** Characters with rules of their own, and marks between documents. */
const strange = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\n(?:---|\.\.\.)(?![^ \n])/

/** Thrown to leave the reader. */
const notPlain = Symbol('not plain YAML')

const deepest = 50

/** A key that needs no quotation marks, up to the blank behind its colon. */
const keyPattern = /([A-Za-z0-9_][\w.-]*(?: +[\w.-]+)*) *:(?: |$)/y

/** What a plain scalar must not hold: it would be a key, a comment, or an error. */
const endsPlain = /: |:$| #/

class Reader {
  readonly #lines: readonly string[]
  #line = 0

  constructor(text: string) {
    this.#lines = text.split('\n')
  }

  document(): PlainYaml {
    if (/^--- *$/.test(this.#lines[0]!)) this.#line++
    this.#skipBlanks()
    if (this.#indent() !== 0) throw notPlain
    const value = this.#block(0, undefined, 0)
    this.#skipBlanks()
    if (this.#line < this.#lines.length) throw notPlain
    return value
  }

  /** The blanks at the start of the present line; -1 at the end of the text. */
  #indent(): number {
    const line = this.#lines[this.#line]
    return line === undefined ? -1 : indentOf(line)
  }

  /** Goes to the next line that is neither empty nor a comment; tells whether there was a comment. */
  #skipBlanks(): boolean {
    let passed = false
    for (; this.#line < this.#lines.length; this.#line++) {
      const line = this.#lines[this.#line]!
      const start = indentOf(line)
      if (start === line.length) continue
      if (line[start] !== '#') break
      passed = true
    }
    return passed
  }

  /**
   * The value that begins in the present line, after its indentation.
   *
   * @param parent  where the map or list begins that holds it; undefined where it must not be a scalar
   */
  #block(indent: number, parent: number | undefined, depth: number): PlainYaml {
    if (depth > deepest) throw notPlain
    const line = this.#lines[this.#line]!
    if (isItem(line, indent)) return this.#list(indent, depth)
    keyPattern.lastIndex = indent
    if (keyPattern.test(line)) return this.#map(indent, depth)
    if (parent === undefined) throw notPlain
    return this.#value(line.slice(indent), parent, depth, false)
  }

  #list(indent: number, depth: number): PlainYaml {
    const items: PlainYaml[] = []
    for (;;) {
      const line = this.#lines[this.#line]!
      const start = indentOf(line, indent + 1)
      if (isItem(line, start) || depth > deepest) throw notPlain
      keyPattern.lastIndex = start
      items.push(
        keyPattern.test(line)
          ? this.#map(start, depth + 1)
          : this.#value(line.slice(start), indent, depth, false),
      )
      this.#skipBlanks()
      const next = this.#indent()
      if (next > indent) throw notPlain
      if (next < indent || !isItem(this.#lines[this.#line]!, indent)) return items
    }
  }

  /** @param indent where its keys begin; the first may stand behind the mark of a list's item */
  #map(indent: number, depth: number): PlainYaml {
    const map: { [key: string]: PlainYaml } = {}
    for (;;) {
      const line = this.#lines[this.#line]!
      keyPattern.lastIndex = indent
      const key = keyPattern.exec(line)?.[1]
      if (key === undefined || key === '__proto__' || key.length > 1000 || Object.hasOwn(map, key))
        throw notPlain
      map[key] = this.#value(line.slice(keyPattern.lastIndex).trimStart(), indent, depth, true)
      this.#skipBlanks()
      const next = this.#indent()
      if (next > indent) throw notPlain
      if (next < indent || isItem(this.#lines[this.#line]!, indent)) return map
    }
  }

  /**
   * A value, of which the first part stands in the present line. Leaves the reader behind it.
   *
   * @param parent  where the map or list begins that holds it
   * @param inMap   the value of a key: a list may then begin where the key does
   */
  #value(first: string, parent: number, depth: number, inMap: boolean): PlainYaml {
    switch (first[0]) {
      case undefined:
      case '#': {
        this.#line++
        // What a comment between a mark and a scalar means, parsers do not agree on.
        const isCommented = this.#skipBlanks() || first !== ''
        const indent = this.#indent()
        if (indent > parent || (inMap && indent === parent && isItem(this.#lines[this.#line]!, indent)))
          return this.#block(indent, isCommented ? undefined : parent, depth + 1)
        return ''
      }
      case '|':
      case '>':
        return this.#blockScalar(first, parent)
      case "'":
        return unfolded(this.#quoted(first, parent, closingSingle)).replaceAll("''", "'")
      case '"':
        return unescaped(this.#quoted(first, parent, closingDouble))
      case '[':
      case '{':
        // Empty ones are common; others are left to the whole parser.
        if (!/^(?:\[\]|\{\}) *$/.test(first)) throw notPlain
        this.#line++
        return first[0] === '[' ? [] : {}
      default:
        return this.#plain(first, parent)
    }
  }

  #plain(first: string, parent: number): string {
    if (/^(?:[&*!%@`,\]}]|[-?:](?: |$))/.test(first) || endsPlain.test(first.trimEnd())) throw notPlain
    const lines = [first]
    for (const line of this.#continuation(parent)) {
      if (endsPlain.test(line.trimEnd()) || /^ *#/.test(line)) throw notPlain
      lines.push(line)
    }
    // Empty lines behind the last word belong to nobody.
    while (lines.at(-1)!.trim() === '') lines.pop()
    lines.push(lines.pop()!.trimEnd())
    return unfolded(lines)
  }

  /** The further lines of a scalar: all that are empty or indented more than what holds it. */
  *#continuation(parent: number): Iterable<string> {
    for (this.#line++; this.#line < this.#lines.length; this.#line++) {
      const line = this.#lines[this.#line]!
      const start = indentOf(line)
      if (start < line.length && start <= parent) return
      yield line
    }
  }

  /** The lines between quotation marks. */
  #quoted(first: string, parent: number, closing: (line: string, from: number) => number): string[] {
    const lines: string[] = []
    const add = (line: string, from: number): boolean => {
      const end = closing(line, from)
      lines.push(line.slice(from, end === -1 ? undefined : end))
      if (end === -1) return false
      if (line.slice(end + 1).trim() !== '') throw notPlain
      return true
    }
    if (add(first, 1)) {
      this.#line++
      return lines
    }
    for (const line of this.#continuation(parent)) {
      if (!add(line, 0)) continue
      this.#line++
      return lines
    }
    throw notPlain
  }

  #blockScalar(header: string, parent: number): string {
    const [, style, chomping] = /^([|>])(-?) *$/.exec(header) ?? []
    if (style === undefined) throw notPlain
    this.#line++
    let indent = -1
    const lines: string[] = []
    for (; this.#line < this.#lines.length; this.#line++) {
      const line = this.#lines[this.#line]!
      const start = indentOf(line)
      if (start === line.length) {
        // Blanks in an empty line beyond the indentation are content, with rules of their own.
        if (start > (indent === -1 ? parent + 1 : indent)) throw notPlain
        lines.push('')
        continue
      }
      if (start <= parent) break
      if (indent === -1) indent = start
      else if (start < indent) throw notPlain
      lines.push(line.slice(indent))
    }
    if (indent === -1) throw notPlain
    while (lines.at(-1) === '') lines.pop()
    return (style === '|' ? lines.join('\n') : folded(lines)) + (chomping === '-' ? '' : '\n')
  }
}

function indentOf(line: string, from = 0): number {
  let at = from
  while (line.charCodeAt(at) === 0x20) at++
  return at
}

/** Whether a list's item begins there. */
const isItem = (line: string, at: number): boolean =>
  line.charCodeAt(at) === 0x2d && (at + 1 === line.length || line.charCodeAt(at + 1) === 0x20)

function closingSingle(line: string, from: number): number {
  for (let at = from; ; at += 2) {
    at = line.indexOf("'", at)
    if (at === -1 || line[at + 1] !== "'") return at
  }
}

function closingDouble(line: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    const unit = line.charCodeAt(at)
    if (unit === 0x22) return at
    if (unit === 0x5c) at++
  }
  return -1
}

/** Joins the lines of a plain or quoted scalar: a line break is a blank, and n empty lines are n line breaks. */
function unfolded(lines: readonly string[]): string {
  const last = lines.length - 1
  if (last === 0) return lines[0]!
  let text = lines[0]!.trimEnd()
  let breaks = ''
  for (let i = 1; i <= last; i++) {
    const line = i === last ? lines[i]!.trimStart() : lines[i]!.trim()
    if (line === '' && i < last) breaks += '\n'
    else {
      text += (breaks || ' ') + line
      breaks = ''
    }
  }
  return text
}

/** Joins the lines of a folded block scalar. Lines that are indented more keep the line breaks around them. (YAML 1.2, 8.1.3) */
function folded(lines: readonly string[]): string {
  let text = ''
  let separator = ''
  let wasIndented = false
  for (const line of lines) {
    if (line === '') {
      if (separator === '\n') text += '\n'
      else separator = '\n'
    } else if (line[0] === ' ') {
      if (separator === ' ') separator = '\n'
      else if (!wasIndented && separator === '\n') separator = '\n\n'
      text += separator + line
      separator = '\n'
      wasIndented = true
    } else {
      text += separator + line
      separator = ' '
      wasIndented = false
    }
  }
  return text
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0', a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r', e: '\x1b',
  ' ': ' ', '"': '"', '/': '/', '\\': '\\', N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029',
} // biome-ignore format: a table

/** The text of a scalar in double quotes. */
function unescaped(lines: readonly string[]): string {
  const text = joinedAtBackslashes(lines)
  if (!text.includes('\\')) return text
  return text.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|(.?))/gs, (_, two, four, letter: string) => {
    const code: string | undefined = two ?? four
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    const meant = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined
    if (meant === undefined) throw notPlain
    return meant
  })
}

/** Joins the lines between double quotes. A backslash at the end of one joins it to the next without a blank. */
function joinedAtBackslashes(lines: readonly string[]): string {
  let text = ''
  let part: string[] = []
  lines.forEach((line, place) => {
    const isFirst = part.length === 0 && place > 0
    const own = isFirst ? line.trimStart() : line
    if (isFirst && own === '' && place < lines.length - 1) throw notPlain
    const isEscaped = place < lines.length - 1 && /(?<!\\)(?:\\\\)*\\$/.test(own)
    // A blank that is escaped at the end of a line stays; what then becomes of the line break is left to others.
    if (!isEscaped && place < lines.length - 1 && own.trimEnd().endsWith('\\')) throw notPlain
    part.push(isEscaped ? own.slice(0, -1) : own)
    if (!isEscaped) return
    text += unfolded(part)
    part = []
  })
  return text + (part.length === 0 ? '' : unfolded(part))
}
