// Result rows in the formats that other programs read, and as a table for people.

import type { ResultRow } from '../value/result-row.ts'
import { csvLine, csvLineVerbatim } from './csv.ts'
import { drawTable, mostTableRows } from './terminal/table.ts'

/** `csv-verbatim` leaves values as they are that `csv` guards against spreadsheets. */
export const rowFormats = ['table', 'ndjson', 'json', 'csv', 'csv-verbatim'] as const
export type RowFormat = (typeof rowFormats)[number]

/** Takes rows one by one and writes them where they belong. */
export interface RowWriter {
  /** @param names the columns of the row's batch, in order, null ones included */
  row(row: ResultRow, names: readonly string[]): void
  /** Writes what must wait for the last row. */
  end(): void
}

/**
 * Makes a writer. `ndjson` and `json` write as rows come; `csv` and `table` must know all columns first and keep the rows.
 * @param write receives text with its line breaks
 */
export function rowWriter(format: RowFormat, write: (text: string) => void, columns: number): RowWriter {
  switch (format) {
    case 'ndjson':
      return { row: (row) => write(`${JSON.stringify(row)}\n`), end: () => {} }
    case 'json': {
      let count = 0
      return {
        row: (row) => write(`${count++ === 0 ? '[\n' : ',\n'}${JSON.stringify(row)}`),
        end: () => write(count === 0 ? '[]\n' : '\n]\n'),
      }
    }
    case 'csv':
    case 'csv-verbatim': {
      const line = format === 'csv' ? csvLine : csvLineVerbatim
      return keepingWriter((names, rows) => {
        if (names.length === 0) return
        write(line(names))
        for (const row of rows) write(line(names.map((name) => cellText(row[name]))))
      })
    }
    case 'table':
      return keepingWriter((names, rows, left) => {
        const shown = names.filter(
          (name) =>
            !name.startsWith('_') || name === '_time' || names.every((other) => other.startsWith('_')),
        )
        const cells = rows.map((row) =>
          shown.map((name) => (name === '_time' ? timeText(row[name]) : cellText(row[name]))),
        )
        for (const line of drawTable(shown, cells, { columns })) write(`${line}\n`)
        if (left > 0) write(`… and ${left.toLocaleString('en')} more rows; -o ndjson gives them all\n`)
      }, mostTableRows)
  }
}

/** A time for people; programs get epoch seconds. */
function timeText(value: string | readonly string[] | undefined): string {
  const seconds = typeof value === 'string' ? Number(value) : Number.NaN
  const date = new Date(Math.round(seconds * 1000))
  return Number.isNaN(date.getTime()) ? cellText(value) : date.toISOString().replace('.000Z', 'Z')
}

/** Keeps rows until the end, and every column name in the order of its first appearance; rows beyond `most` are only counted. */
function keepingWriter(
  writeAll: (names: readonly string[], rows: readonly ResultRow[], left: number) => void,
  most = Number.POSITIVE_INFINITY,
): RowWriter {
  const names = new Set<string>()
  const rows: ResultRow[] = []
  let left = 0
  return {
    row(row, columns) {
      if (rows.length >= most) {
        left++
        return
      }
      for (const name of columns) names.add(name)
      rows.push(row)
    },
    end: () => writeAll([...names], rows, left),
  }
}

/** A cell as one text; the values of a multivalue field on lines of their own, as Splunk exports them. */
const cellText = (value: string | readonly string[] | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : value.join('\n')
