// Runs a search over rows at hand with the knowledge of configuration texts, as a test writes them.

import { SearchError } from '../../src/diagnostics/diagnostic.ts'
import { locatedText } from '../../src/diagnostics/source.ts'
import { type ConfTexts, knowledgeOf } from '../../src/knowledge/knowledge.ts'
import { rowsSource } from '../../src/spl/run/rows-source.ts'
import { parseSearch, runSearch, type SearchOptions } from '../../src/spl/run/run.ts'
import { type ResultRow, resultRow } from '../../src/value/result-row.ts'

/** Rows without internal fields, and the warnings; of a search that is wrong, its message. */
export async function searchWith(
  spl: string,
  texts: ConfTexts,
  input: readonly Readonly<Record<string, string | readonly string[]>>[] = [],
  more: Partial<SearchOptions> = {},
): Promise<{ readonly rows: ResultRow[]; readonly warnings: string[]; readonly error?: string }> {
  const warnings: string[] = []
  const options: SearchOptions = {
    now: 1_700_000_000,
    timeZone: 'UTC',
    warn: ({ message }) => warnings.push(message),
    ...more,
  }
  const knowledge = knowledgeOf(texts, {
    context: { now: options.now, timeZone: options.timeZone, warn: () => {} },
    report: ({ message }) => warnings.push(message),
  })
  const { macros, lookups, dataModels, savedSearches, extractions, forms } = knowledge
  const host = {
    source: rowsSource(input.map((row) => new Map(Object.entries(row)))),
    macros,
    lookups,
    dataModels,
    savedSearches,
    extractions,
    forms,
  }
  const rows: ResultRow[] = []
  try {
    const { pipeline } = parseSearch(locatedText({ name: 'search', text: spl }), macros, options)
    for await (const batch of runSearch(pipeline, host, options)) {
      for (let row = 0; row < batch.length; row++) {
        const shown = Object.entries(resultRow(batch.row(row))).filter(([name]) => !name.startsWith('_'))
        rows.push(Object.fromEntries(shown))
      }
    }
  } catch (error) {
    if (error instanceof SearchError) return { rows, warnings, error: error.message }
    throw error
  }
  return { rows, warnings }
}
