// Comma-separated values as RFC 4180 has them, read from a text at hand: lookup tables.
// Evidence in CSV form is streamed by decode/csv.

/** Blanks before an opening quotation mark are not content: people write `a, "b, c"`. */
const opening = /[ \t]*"/y

/**
 * Reads rows of cells. Quoted cells may hold commas, line breaks and doubled quotation marks; a quotation mark inside
 * an unquoted cell is only a character. Lines end with LF, CRLF or CR; empty lines and a byte order mark are skipped.
 *
 * @param most  reads no more rows than these
 */
export function parseCsv(text: string, most = Number.POSITIVE_INFINITY): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0
  const endRow = (): void => {
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  while (position <= text.length && rows.length < most) {
    let cell: string
    opening.lastIndex = position
    if (opening.test(text)) {
      ;[cell, position] = quotedCell(text, opening.lastIndex)
      const rest = plainEnd(text, position)
      cell += text.slice(position, rest).trim()
      position = rest
    } else {
      const end = plainEnd(text, position)
      cell = text.slice(position, end)
      position = end
    }
    row.push(cell)
    const separator = text[position]
    if (separator === ',') {
      position++
      continue
    }
    endRow()
    position += separator === '\r' && text[position + 1] === '\n' ? 2 : 1
  }
  return rows
}

/** The cell that begins after an opening quotation mark, and where the text goes on. A missing end is the end of the text. */
function quotedCell(text: string, start: number): [string, number] {
  let cell = ''
  let position = start
  for (;;) {
    const quote = text.indexOf('"', position)
    if (quote < 0) return [cell + text.slice(position), text.length]
    cell += text.slice(position, quote)
    if (text[quote + 1] !== '"') return [cell, quote + 1]
    cell += '"'
    position = quote + 2
  }
}

function plainEnd(text: string, start: number): number {
  let end = start
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 0x2c || code === 0x0a || code === 0x0d) break
  }
  return end
}
