// CSV as RFC 4180 has it, read leniently: where a record ends, and the cells of a record.

/**
 * The place after the record at `from`, its line break included; -1 when the bytes end inside it.
 * Quotes count only where a cell begins; elsewhere they are text.
 */
export function endOfRecord(bytes: Uint8Array, from: number): number {
  let isCellStart = true
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE && isCellStart) {
      at = endOfQuoted(bytes, at + 1)
      if (at < 0) return -1
    }
    if (byte === LINE_FEED) return at + 1
    isCellStart = byte === COMMA
  }
  return -1
}

/** The place of the closing quote; a doubled quote is text. */
function endOfQuoted(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0; at = bytes.indexOf(QUOTE, at + 2)) {
    if (bytes[at + 1] !== QUOTE) return at
  }
  return -1
}

/** The cells of one record, quotes removed. Text after a closing quote is kept, as some writers forget to double quotes. */
export function cellsOf(record: string): string[] {
  const cells: string[] = []
  let at = 0
  for (;;) {
    let cell = ''
    if (record.charCodeAt(at) === QUOTE) {
      const begin = at + 1
      for (at = record.indexOf('"', begin); at >= 0; at = record.indexOf('"', at + 2)) {
        if (record.charCodeAt(at + 1) !== QUOTE) break
      }
      const close = at < 0 ? record.length : at
      cell = record.slice(begin, close).replaceAll('""', '"')
      at = close + 1
    }
    const comma = record.indexOf(',', at)
    cell += record.slice(at, comma < 0 ? record.length : comma)
    cells.push(cell)
    if (comma < 0) return cells
    at = comma + 1
  }
}

const LINE_FEED = 0x0a
const QUOTE = 0x22
const COMMA = 0x2c
