// Rows as an aligned table that fits the terminal.

import { printable } from '../../diagnostics/render.ts'

export interface TableOptions {
  /** Width to fit into; columns are narrowed from the widest. */
  readonly columns: number
  /** Wraps a cell in colour; called with the cell after it was cut and padded. */
  readonly paint?: (cell: string, column: string) => string
  /** The last column goes on in further lines instead of being cut. */
  readonly wrapsLast?: boolean
}

/** A table keeps its rows until it is drawn, and nobody reads more. */
export const mostTableRows = 100_000

const gap = 2
const narrowest = 6

/**
 * Draws a table with a heading. Cells are made printable and cut with `…` where they do not fit; several lines become one.
 */
export function drawTable(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string[] {
  if (names.length === 0) return []
  // No cell is wider than the table, so that of a value of megabytes only the beginning is looked at.
  const longest = 4 * options.columns
  const oneLine = (text: string): string =>
    printable((text.length > longest ? `${text.slice(0, longest)}…` : text).replace(/\s*[\r\n]+\s*/g, ' ⏎ '))
  const cells = rows.map((row) => row.map(oneLine))
  const headings = names.map(oneLine)
  const widths = fitWidths(
    headings.map((heading, column) =>
      cells.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), heading.length),
    ),
    options.columns,
  )
  const paint = options.paint ?? ((cell) => cell)
  const drawLine = (row: readonly string[], isHeading: boolean): string =>
    widths
      .map((width, column) => {
        const isLast = column === widths.length - 1
        const cut = cutTo(row[column] ?? '', width)
        const padded = isLast ? cut : cut.padEnd(width)
        return isHeading ? padded : paint(padded, names[column]!)
      })
      .join(' '.repeat(gap))
      .trimEnd()
  const last = widths.length - 1
  const draw = (row: readonly string[], isHeading: boolean): string[] => {
    const [first = '', ...more] =
      options.wrapsLast === true ? wrap(row[last] ?? '', widths[last]!) : [row[last] ?? '']
    const rest = more.map((text) => drawLine([...row.slice(0, last).fill(''), text], isHeading))
    return [drawLine([...row.slice(0, last), first], isHeading), ...rest]
  }
  return [
    ...draw(headings, true),
    widths.map((width) => '─'.repeat(width)).join(' '.repeat(gap)),
    ...cells.flatMap((row) => draw(row, false)),
  ]
}

/** Breaks a text between words, and inside a word only where it is wider than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (joined.length <= width) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (line.length > width) {
      lines.push(line.slice(0, width))
      line = line.slice(width)
    }
  }
  return [...lines, line]
}

const cutTo = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`

/** Narrows the widest columns until all fit; none below a minimum, so a very narrow terminal gets long lines. */
function fitWidths(wanted: readonly number[], columns: number): number[] {
  const widths = [...wanted]
  const room = columns - gap * (widths.length - 1)
  let excess = widths.reduce((sum, width) => sum + width, 0) - room
  while (excess > 0) {
    const widest = Math.max(...widths)
    if (widest <= narrowest) break
    const next = Math.max(narrowest, ...widths.filter((width) => width < widest))
    const places = widths.flatMap((width, place) => (width === widest ? [place] : []))
    const cut = Math.min(Math.ceil(excess / places.length), widest - next)
    for (const place of places) {
      if (excess <= 0) break
      widths[place]! -= cut
      excess -= cut
    }
  }
  return widths
}
