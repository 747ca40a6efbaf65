// Pieces of Markdown for tickets and pull requests: tables whose cells cannot become anything else.

import { shownNumber } from './html/format.ts'

const mostRows = 200

/** A heading and a table, cut after 200 rows; nothing where there are no rows. */
export function section(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]): string => `| ${cells.map(cellText).join(' | ')} |`
  const table = [
    line(headings),
    `|${' --- |'.repeat(headings.length)}`,
    ...rows.slice(0, mostRows).map(line),
  ].join('\n')
  const rest = rows.length > mostRows ? [`and ${shownNumber(rows.length - mostRows)} more`] : []
  return [`## ${title}`, table, ...rest]
}

const longestCell = 300

/** What a log says must neither end a cell nor become a link, an image or HTML. */
export function cellText(text: string): string {
  const line = text
    .replace(/\s*[\r\n]+\s*/g, ', ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
  const cut = line.length > longestCell ? `${line.slice(0, longestCell)}…` : line
  return cut.replace(/[\\`*_{}[\]<>|~#!&@]/g, '\\$&')
}
