// Delimited records as RFC 4180 has them, with any delimiter and quote, read leniently: where a record ends, and its cells.

import type { CellMarks } from '../reader.ts'

/**
 * The place after the record at `from`, its line break included; -1 when the bytes end inside it.
 * Quotes count only where a cell begins; elsewhere they are text.
 */
export function endOfRecord(bytes: Uint8Array, from: number, marks: CellMarks): number {
  if (marks.quote === undefined) return bytes.indexOf(LINE_FEED, from) + 1 || -1
  const quote = marks.quote.charCodeAt(0)
  const delimiter = marks.delimiter.charCodeAt(0)
  let isCellStart = true
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === quote && isCellStart) {
      at = endOfQuoted(bytes, at + 1, quote)
      if (at < 0) return -1
    }
    if (byte === LINE_FEED) return at + 1
    isCellStart = byte === delimiter || (marks.isBlankSeparated === true && (byte === BLANK || byte === TAB))
  }
  return -1
}

/** The place of the closing quote; a doubled quote is text. */
function endOfQuoted(bytes: Uint8Array, from: number, quote: number): number {
  for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 2)) {
    if (bytes[at + 1] !== quote) return at
  }
  return -1
}

/** The cells of one record, quotes removed. Text after a closing quote is kept, as some writers forget to double quotes. */
export function cellsOf(record: string, { delimiter, quote, isBlankSeparated }: CellMarks): string[] {
  const cells: string[] = []
  const blanks = /[ \t]+/g
  const nextDelimiter = (from: number): { readonly start: number; readonly end: number } | undefined => {
    if (isBlankSeparated) {
      blanks.lastIndex = from
      const match = blanks.exec(record)
      return match === null ? undefined : { start: match.index, end: blanks.lastIndex }
    }
    const start = record.indexOf(delimiter, from)
    return start < 0 ? undefined : { start, end: start + 1 }
  }
  let at = 0
  for (;;) {
    let cell = ''
    if (quote !== undefined && record.startsWith(quote, at)) {
      const begin = at + 1
      for (at = record.indexOf(quote, begin); at >= 0; at = record.indexOf(quote, at + 2)) {
        if (record[at + 1] !== quote) break
      }
      const close = at < 0 ? record.length : at
      cell = record.slice(begin, close).replaceAll(quote + quote, quote)
      at = close + 1
    }
    const next = nextDelimiter(at)
    cell += record.slice(at, next?.start ?? record.length)
    cells.push(cell)
    if (next === undefined) return cells
    at = next.end
  }
}

const LINE_FEED = 0x0a
const TAB = 0x09
const BLANK = 0x20
