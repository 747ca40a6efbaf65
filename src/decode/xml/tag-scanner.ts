// Walks the tags of a piece of XML, one after the other, without building a tree: time and memory do not depend on
// nesting. Forgiving, since forwarders and truncation leave XML that is not well formed; what is no tag is text.

import { decodeXmlReferences } from '../../base/text/xml-references.ts'
import { markupAt } from './entities.ts'

/** The tags of `text[from, limit)` in order. After `next()` the fields describe the tag it found. */
export class TagScanner {
  kind: 'open' | 'close' | 'empty' = 'open'
  start = 0
  end: number
  private readonly text: string
  private readonly limit: number
  private nameFrom = 0
  private nameTo = 0

  constructor(text: string, from: number, limit: number) {
    this.text = text
    this.limit = limit
    this.end = from
  }

  next(): boolean {
    const { text, limit } = this
    for (let at = text.indexOf('<', this.end); at >= 0 && at < limit; at = text.indexOf('<', at)) {
      const isClose = text.charCodeAt(at + 1) === SLASH
      const nameFrom = isClose ? at + 2 : at + 1
      let index = nameFrom
      if (index < limit && isNameStart(text.charCodeAt(index))) {
        while (index < limit && isNameCode(text.charCodeAt(index))) index++
      }
      if (index === nameFrom) {
        at = markupAt(text, at, limit)?.end ?? at + 1
        continue
      }
      this.start = at
      this.nameFrom = nameFrom
      this.nameTo = index
      this.kind = isClose ? 'close' : 'open'
      this.end = this.findEnd(index)
      return true
    }
    this.end = limit
    return false
  }

  /** Name as written, with its prefix. */
  get name(): string {
    return this.text.slice(this.nameFrom, this.nameTo)
  }

  /** Decoded value of an attribute, or undefined. */
  attribute(name: string): string | undefined {
    let found: string | undefined
    this.eachAttribute((key, value) => {
      if (key === name) found ??= value
    })
    return found
  }

  /** Gives the names and decoded values of the attributes. */
  eachAttribute(take: (name: string, value: string) => void): void {
    const { text } = this
    const stop = this.end - 1
    for (let at = this.nameTo; at < stop; ) {
      // Not indexOf: it would search all of the text for each tag without attributes.
      let equals = at
      while (equals < stop && text.charCodeAt(equals) !== EQUALS) equals++
      if (equals === stop) return
      const quoteAt = skipBlanks(text, equals + 1, stop)
      const quote = text.charCodeAt(quoteAt)
      if (quote !== APOSTROPHE && quote !== QUOTE) return
      const close = text.indexOf(quote === QUOTE ? '"' : "'", quoteAt + 1)
      if (close < 0 || close > stop) return
      take(text.slice(at, equals).trim(), decodeXmlReferences(text.slice(quoteAt + 1, close)))
      at = close + 1
    }
  }

  /** The end of the tag whose attributes begin at `index`: the first `>` outside quotes. */
  private findEnd(index: number): number {
    const { text, limit } = this
    for (; index < limit; index++) {
      const code = text.charCodeAt(index)
      if (code === GREATER) {
        if (text.charCodeAt(index - 1) === SLASH && this.kind === 'open') this.kind = 'empty'
        return index + 1
      }
      if (code === APOSTROPHE || code === QUOTE) {
        const close = text.indexOf(code === QUOTE ? '"' : "'", index + 1)
        if (close < 0 || close >= limit) break
        index = close
      }
    }
    return limit
  }
}

function skipBlanks(text: string, at: number, limit: number): number {
  while (at < limit && text.charCodeAt(at) <= SPACE) at++
  return at
}

/** Letters, `_ :` and everything beyond ASCII. */
function isNameStart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    code === 0x3a ||
    code > 0x7f
  )
}

function isNameCode(code: number): boolean {
  return isNameStart(code) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e
}

const SPACE = 0x20
const QUOTE = 0x22
const APOSTROPHE = 0x27
const SLASH = 0x2f
const EQUALS = 0x3d
const GREATER = 0x3e
