// Runs one case of the SPL conformance suite: rows in, rows out, nothing from disk.
// Case format: docs/conformance.md

import { type Diagnostic, SearchError } from '../diagnostics/diagnostic.ts'
import { locatedText } from '../diagnostics/source.ts'
import { collectLookups } from '../knowledge/lookups.ts'
import type { DataModels, MacroDefinition, Macros } from '../spl/host.ts'
import { rowsSource } from '../spl/run/rows-source.ts'
import { parseSearch, runSearch, type SearchOptions } from '../spl/run/run.ts'
import { type ResultRow, resultRow } from '../value/result-row.ts'
import type { Value } from '../value/value.ts'

/** A case as the suite's runner writes it, one JSON object a line. */
export interface ConformanceCase {
  readonly id: string
  readonly spl: string
  readonly input?: readonly Readonly<Record<string, string | number | readonly string[]>>[] | null
  /** File name → CSV text. */
  readonly lookups?: Readonly<Record<string, string>>
  readonly macros?: Readonly<
    Record<string, { args?: readonly string[]; definition: string; iseval?: boolean }>
  >
  readonly tz?: string
  /** Epoch seconds. */
  readonly now?: number | null
}

export type ConformanceResult =
  | { readonly id: string; readonly rows: readonly ResultRow[]; readonly warnings: readonly string[] }
  | { readonly id: string; readonly error: string }

const noDataModels: DataModels = { get: () => undefined, names: () => [] }

/** Runs a case. A search that is wrong is a result, too. */
export async function runConformanceCase(
  test: ConformanceCase,
  options: Pick<SearchOptions, 'optimise'> & {
    readonly batchRows?: number
    /** Data models that searches may name; their events are not there. */
    readonly dataModels?: DataModels
  } = {},
): Promise<ConformanceResult> {
  const { id, spl, input, lookups = {}, macros = {}, tz = 'UTC', now } = test
  const definitions = new Map<string, MacroDefinition>(
    Object.entries(macros).map(([name, { args = [], definition, iseval = false }]) => [
      name,
      { name, args, definition, isEval: iseval },
    ]),
  )
  const host = {
    source: rowsSource(
      (input ?? []).map(textRow),
      options.batchRows === undefined ? {} : { batchRows: options.batchRows },
    ),
    macros: { get: (name) => definitions.get(name), names: () => definitions.keys() } satisfies Macros,
    lookups: collectLookups({ definitions: [], folders: [], texts: new Map(Object.entries(lookups)) }),
    dataModels: options.dataModels ?? noDataModels,
  }
  const warnings: string[] = []
  const searchOptions: SearchOptions = {
    now: now ?? Math.floor(Date.now() / 1000),
    timeZone: tz,
    warn: ({ message }: Diagnostic) => warnings.push(message),
    ...(options.optimise === undefined ? {} : { optimise: options.optimise }),
  }
  try {
    const { pipeline } = parseSearch(locatedText({ name: 'search', text: spl }), host.macros, searchOptions)
    const rows: ResultRow[] = []
    for await (const batch of runSearch(pipeline, host, searchOptions)) {
      for (let row = 0; row < batch.length; row++) rows.push(resultRow(batch.row(row)))
    }
    return { id, rows, warnings }
  } catch (error) {
    if (error instanceof SearchError) return { id, error: error.message }
    throw error
  }
}

/** Events hold text: a number in a case is the text that it is written as. */
function textRow(row: Readonly<Record<string, string | number | readonly string[]>>): Map<string, Value> {
  return new Map(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
  )
}
