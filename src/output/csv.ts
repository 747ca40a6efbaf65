// Lines of CSV. RFC 4180, with line feeds. Values are attacker-written, and spreadsheets run what begins like a formula.

import { parseNumber } from '../base/text/number.ts'

/**
 * One line with its line break, for spreadsheets: a cell that one would take for a formula gets an apostrophe before it,
 * which spreadsheets read as "this is text". Numbers (`-5`, `+1e3`) stay as they are.
 * @see OWASP, CSV Injection
 */
export const csvLine = (cells: readonly string[]): string => csvLineVerbatim(cells.map(guarded))

/** One line with its line break, every value as it is: for programs. */
export const csvLineVerbatim = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\n`

function guarded(cell: string): string {
  return formulaStart.test(cell) && parseNumber(cell) === undefined ? `'${cell}` : cell
}

/** What begins a formula, also in its full-width form and behind blanks or controls that are skipped on import. */
const formulaStart = /^[\s\u0000-\u001f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/

const quoted = (cell: string): string =>
  /[",;\r\n\t]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
