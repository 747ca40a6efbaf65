// Reads SPL text character by character. SPL has a grammar per command, so there is no one list of tokens: what a word
// is differs between search terms, expressions and the arguments of commands. This holds what all of them share.

import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import { SearchError } from '../../diagnostics/diagnostic.ts'
import type { LocatedText, Span } from '../../diagnostics/source.ts'

/** A piece of text between quotation marks. */
export interface Quoted {
  /** The text with `\\` and `\"` unescaped; other backslashes stay. */
  readonly value: string
  readonly span: Span
}

const blank = /\s/

/** A position in a text and what can be read there. */
export class Scanner {
  readonly source: LocatedText
  readonly text: string
  readonly end: number
  position: number

  constructor(source: LocatedText, start = 0, end = source.text.length) {
    this.source = source
    this.text = source.text
    this.position = start
    this.end = end
  }

  get atEnd(): boolean {
    return this.position >= this.end
  }

  /** The character `ahead` places on, or '' past the end. */
  peek(ahead = 0): string {
    const at = this.position + ahead
    return at < this.end ? this.text[at]! : ''
  }

  skipBlanks(): void {
    while (this.position < this.end && blank.test(this.text[this.position]!)) this.position++
  }

  /** Whether the text goes on with this, in this very case. */
  startsWith(expected: string): boolean {
    return this.position + expected.length <= this.end && this.text.startsWith(expected, this.position)
  }

  /** Takes a piece of punctuation if it is next. */
  take(expected: string): boolean {
    if (!this.startsWith(expected)) return false
    this.position += expected.length
    return true
  }

  /** Takes what a sticky expression matches here; what lies past the end, behind a closing bracket, is not part of it. */
  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.position
    const found = sticky.exec(this.text)?.[0].slice(0, Math.max(0, this.end - this.position))
    if (found === undefined || found === '') return undefined
    this.position += found.length
    return found
  }

  /** Takes a keyword if it is the next word, in any case: `by`, `as`, `OUTPUT`. */
  takeKeyword(keyword: string): boolean {
    this.skipBlanks()
    const next = this.text.slice(this.position, this.position + keyword.length)
    if (next.toLowerCase() !== keyword.toLowerCase()) return false
    const after = this.position + keyword.length
    if (after > this.end || (after < this.end && /[\w.:{}*@#$=-]/.test(this.text[after]!))) return false
    this.position = after
    return true
  }

  /**
   * Reads text in quotation marks. The opening mark must be next.
   * @param escapable further characters that a backslash escapes: the pipe in the search language
   */
  quoted(mark: '"' | "'" = '"', escapable = ''): Quoted {
    const start = this.position
    let value = ''
    let at = start + 1
    for (;;) {
      if (at >= this.end) {
        this.fail('syntax', `The quotation mark ${mark} is never closed.`, {
          start,
          end: Math.min(start + 1, this.end),
        })
      }
      const character = this.text[at]!
      if (character === mark) break
      const next = this.text[at + 1]
      if (
        character === '\\' &&
        at + 1 < this.end &&
        (next === mark || next === '\\' || escapable.includes(next!))
      ) {
        value += next
        at += 2
      } else {
        value += character
        at++
      }
    }
    this.position = at + 1
    return { value, span: { start, end: this.position } }
  }

  /** A span from `start` to here. */
  spanFrom(start: number): Span {
    return { start, end: this.position }
  }

  /** The next word as a person would point at it, for messages. */
  nextWord(): Span {
    this.skipBlanks()
    const start = this.position
    let end = start
    while (end < this.end && !blank.test(this.text[end]!) && end - start < 40) end++
    return { start, end: Math.max(end, Math.min(start + 1, this.end)) }
  }

  /** What is found here, quoted for a message, or `the end of the command`. */
  found(): string {
    const { start, end } = this.nextWord()
    return start >= this.end ? 'the end of the command' : `"${this.text.slice(start, end)}"`
  }

  fail(code: DiagnosticCode, message: string, span: Span = this.nextWord(), help?: string): never {
    throw new SearchError([
      {
        code,
        severity: 'error',
        message,
        labels: this.source.locate(span),
        ...(help === undefined ? {} : { help }),
      },
    ])
  }
}

/** Unescapes a bare value of the search language. */
export function unescapeSearchValue(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\\"|])/g, '$1') : text
}
