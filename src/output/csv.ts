// Lines of CSV. RFC 4180, with line feeds.

/** One line with its line break; cells are quoted where they need it. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\n`

const quoted = (cell: string): string =>
  /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
