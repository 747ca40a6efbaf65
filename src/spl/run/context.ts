// What a running search may use, and its limits.

import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Batch } from '../../value/batch.ts'
import type {
  DataModels,
  DatasetRows,
  EventSource,
  Extractions,
  Locations,
  Lookups,
  SavedSearches,
  WantedFields,
} from '../host.ts'
import type { Pipeline, SearchExpression } from '../syntax/ast.ts'
import type { CommandSyntaxes } from '../syntax/parser.ts'
import type { MemoryShare } from './memory.ts'

/** Limits in Splunk's names where it has them. Reaching one warns; nothing is cut silently. */
export interface Limits {
  /** Rows that a subsearch in brackets returns. limits.conf [subsearch] maxout */
  readonly subsearchMaxout: number
  /** Seconds that a subsearch may run. limits.conf [subsearch] maxtime */
  readonly subsearchMaxtime: number
  /** Rows of the subsearch of join. limits.conf [join] subsearch_maxout */
  readonly joinSubsearchMaxout: number
  /** Rows of the subsearch of append, appendcols and union. limits.conf [searchresults] maxresultrows */
  readonly appendMaxout: number
  /** Values that list() keeps. limits.conf [stats] list_maxsize */
  readonly listMaxsize: number
  /** Values that values() keeps; 0: all. limits.conf [stats] maxvalues */
  readonly maxValues: number
  /** Searches that map runs unless maxsearches says otherwise. */
  readonly mapMaxsearches: number
  /** Rows that a blocking command holds in memory, and groups that a BY clause makes; a search that needs more is ended. */
  readonly maxRows: number
  /** Results of mvexpand from one row; 0: all. */
  readonly mvexpandLimit: number
  /** Bytes that the process may take, about: what searches hold beyond it ends those that hold most. */
  readonly maxMemory: number
}

export const defaultLimits: Limits = {
  subsearchMaxout: 10_000,
  subsearchMaxtime: 60,
  joinSubsearchMaxout: 50_000,
  appendMaxout: 50_000,
  listMaxsize: 100,
  maxValues: 0,
  mapMaxsearches: 10,
  maxRows: 1_000_000,
  mvexpandLimit: 0,
  maxMemory: 512 * 1024 * 1024,
}

/** What expressions may use. */
export interface ExpressionContext {
  /** Epoch seconds at which the search started: `now()`, relative times. */
  readonly now: number
  /** IANA name, `UTC` or an offset. */
  readonly timeZone: string
  /** Says something about the search while it runs; the same warning is shown once. */
  warn(diagnostic: Diagnostic): void
  /** For the lookup() function; absent where an expression stands alone. */
  readonly lookups?: Lookups
  /** The commands that searches may use, from `commandsWith`. Absent: Karst's own. */
  readonly commands?: CommandSyntaxes
}

/** What reading a search needs to know. */
export type ParsingContext = Pick<ExpressionContext, 'now' | 'timeZone' | 'commands'>

export interface RunContext extends ExpressionContext {
  readonly limits: Limits
  /** Where commands say how much they hold. */
  readonly memory: MemoryShare
  readonly signal: AbortSignal
  readonly source: EventSource
  readonly lookups: Lookups
  readonly dataModels: DataModels
  /** Where addresses are; absent where no database was given. */
  readonly locations?: Locations
  readonly savedSearches: SavedSearches
  /** Stanzas of transforms.conf. */
  readonly extractions: Extractions
  /** Forms of kvform. */
  readonly forms: Extractions
  /** The time range of the search, epoch seconds; undefined: unbounded. */
  readonly earliest: number | undefined
  readonly latest: number | undefined
  /** The saved searches that this one runs for, outermost first. */
  readonly savedSearch: readonly string[]
  /**
   * Runs another search over the same surroundings: subsearches, append, join, map.
   * @param saved  the name of the saved search that it is
   */
  runPipeline(pipeline: Pipeline, saved?: string): AsyncIterable<Batch>
  /** Runs the rest of a pipeline over rows at hand: appendpipe, foreach. */
  runOver(pipeline: Pipeline, input: AsyncIterable<Batch>): AsyncIterable<Batch>
  /** Expands the macros of a search that is written as text, before values are put into it: values call no macros. */
  expandMacros(text: string): string
  /** Parses a search written as text while running (map, foreach). Its macros are expanded already. */
  parseSearch(text: string): Pipeline
  /**
   * Reads the events that match, for commands that begin a pipeline. Subsearches in the filter are run first.
   * @param asDataset gives the events as rows of a dataset, whose fields `fields` then names
   */
  scanEvents(
    filter: SearchExpression | undefined,
    fields: WantedFields,
    asDataset?: DatasetRows,
  ): AsyncIterable<Batch>
}
