/**
 * The language: parse, expand, plan and run SPL anywhere, also in a browser.
 *
 * ```ts
 * import { locatedText, parseSearch, runSearch, rowsSource, emptyHost } from 'karst/spl'
 *
 * const source = rowsSource([{ user: 'alice', n: '1' }, { user: 'bob', n: '2' }])
 * const host = { ...emptyHost, source }
 * const options = { now: Date.now() / 1000, timeZone: 'UTC' }
 * const { pipeline } = parseSearch(locatedText({ name: 'search', text: '* | stats count by user' }), host.macros, options)
 * for await (const batch of runSearch(pipeline, host, options)) console.log(batch.rows())
 * ```
 *
 * @module
 */

import { rowsSource } from './run/rows-source.ts'
import type { SearchHost } from './run/run.ts'

export { type Diagnostic, SearchError, searchError } from '../diagnostics/diagnostic.ts'
export { renderDiagnostic } from '../diagnostics/render.ts'
export { type LocatedText, locatedText, type Source, type Span } from '../diagnostics/source.ts'
export { Batch, type EventReference } from '../value/batch.ts'
export { type Column, constant, mapColumn, nullColumn, plain, valuesOf } from '../value/column.ts'
export { type ResultRow, resultRow } from '../value/result-row.ts'
export { isMultivalue, multivalue, numberOf, textOf, textsOf, type Value } from '../value/value.ts'
export { type CommandModule, readAddedCommand } from './added/added-command.ts'
export type { CommandTools } from './added/command-tools.ts'
export {
  type AnyCommand,
  type CommandDefinition,
  type CommandType,
  defineCommand,
  type Example,
} from './commands/command.ts'
export { commands, commandsWith } from './commands/index.ts'
export type {
  DataModelDataset,
  DataModels,
  EventSource,
  Extractions,
  Lookups,
  LookupTable,
  MacroDefinition,
  Macros,
  NamedExtraction,
  SavedSearch,
  SavedSearches,
  Scan,
  ScanRequest,
  WantedFields,
} from './host.ts'
export { expandMacros } from './macros/expand.ts'
export { buildPlan } from './plan/build.ts'
export { optimise, rewrites } from './plan/optimise.ts'
export { defaultLimits, type Limits, type RunContext } from './run/context.ts'
export { rowsSource } from './run/rows-source.ts'
export { type ParsedSearch, parseSearch, runSearch, type SearchHost, type SearchOptions } from './run/run.ts'
export type { ArgumentReader, OptionSchema, Options, Word } from './syntax/argument-reader.ts'
export type * from './syntax/ast.ts'
export { parseExpression, parseSearchTerms } from './syntax/parser.ts'
export { printExpression, printPipeline, printSearch } from './syntax/print.ts'

/** Surroundings without events, macros, lookups or data models: spread it and replace what there is. */
export const emptyHost: SearchHost = {
  source: rowsSource([]),
  macros: { get: () => undefined, names: () => [] },
  lookups: { get: () => undefined, names: () => [] },
  dataModels: { get: () => undefined, names: () => [] },
}
