// The layouts of tables that are told by their content. What a user's configuration says about files is knowledge's to
// tell; reading tables is file.ts.

import type { TableLayout } from '../reader.ts'

/** Splunk's results.csv and what else is called CSV; PowerShell puts a line with a type before it. */
export const commaSeparated: TableLayout = {
  delimiter: ',',
  quote: '"',
  isPreamble: (line) => line.startsWith('#TYPE '),
}

export const tabSeparated: TableLayout = { delimiter: '\t', quote: '"' }
export const semicolonSeparated: TableLayout = { ...commaSeparated, delimiter: ';' }
export const barSeparated: TableLayout = { delimiter: '|', quote: '"' }
