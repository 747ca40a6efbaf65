// Runs detections over an event source: reads each search once, then lets all of them share the passes over the evidence.

import type { Detection } from '../content/detection.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import { type Diagnostic, isStackOverflow, SearchError, tooDeep } from '../diagnostics/diagnostic.ts'
import type { EventSource, Scan, ScanRequest } from '../spl/host.ts'
import { defaultLimits } from '../spl/run/context.ts'
import { MemoryBudget, type MemoryShare } from '../spl/run/memory.ts'
import {
  createContext,
  type ParsedSearch,
  parseSearch,
  type SearchHost,
  type SearchOptions,
} from '../spl/run/run.ts'
import { scanned } from '../spl/run/scan.ts'
import type { Batch, EventReference } from '../value/batch.ts'
import type { Value } from '../value/value.ts'
import type { RowRequest } from './row-finder.ts'
import { createSharedScan, type Participant } from './shared-scan.ts'

/** A row that a detection's search gave. */
export interface DetectionRow {
  readonly detection: Detection
  readonly row: ReadonlyMap<string, Value>
  /** The events that the row came from, as far as they are known. */
  readonly events: readonly EventReference[]
}

/** How a detection fared. */
export interface DetectionOutcome {
  readonly detection: Detection
  readonly status: 'ran' | 'unsupported' | 'error' | 'skipped'
  /** Why it did not run, in a sentence. */
  readonly reason?: string
  readonly diagnostics: readonly Diagnostic[]
  /** Events that passed the base search. */
  readonly matchedEvents: number
  readonly rows: number
  /** Milliseconds from the beginning of the scan to the end of this search. */
  readonly ms: number
}

/** Knows searches from earlier runs, so that those that find nothing to work on need not be started. */
export interface SearchHabits {
  /** The only events that a search asks for, where it is known to give and to say nothing without any of them. */
  requestOf(detection: Detection, host: SearchHost): RowRequest | undefined
  /** The host for a search that is not known, so that its habits can be watched; and what hears how it ended. */
  watch(
    detection: Detection,
    host: SearchHost,
  ): { readonly host: SearchHost; ended(outcome: DetectionOutcome): void }
}

export interface RunDetectionsOptions extends SearchOptions {
  /** Absent: every search is started. */
  readonly habits?: SearchHabits

  onRow(row: DetectionRow): void
  onOutcome(outcome: DetectionOutcome): void
  /**
   * Reads a search, in place of `parseSearch`: for callers that have read them already.
   * @throws SearchError
   */
  parse?(detection: Detection): ParsedSearch
  /** Run each detection by itself, with passes of its own: the reference that the shared scan is tested against. */
  readonly plain?: boolean
}

/** Problems that mean "Karst or the evidence lacks something", not "the search is wrong". */
const unsupportedCodes: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  'unsupported',
  'unknown-command',
  'unknown-function',
  'unknown-macro',
  'missing-lookup',
  'missing-datamodel',
  'regex-unsupported',
])

/**
 * Runs detections and reports every row and every outcome through the callbacks. A detection that fails does not stop
 * the others.
 */
export async function runDetections(
  detections: readonly Detection[],
  host: SearchHost,
  options: RunDetectionsOptions,
): Promise<void> {
  const signal = options.signal ?? new AbortController().signal
  const shared = createSharedScan(host.source, options, signal)
  const budget = new MemoryBudget((options.limits ?? defaultLimits).maxMemory)
  const searches: (() => Promise<void>)[] = []
  for (const detection of detections) {
    const started = performance.now()
    let search: ParsedSearch
    try {
      search = options.parse?.(detection) ?? parseSearch(detection.search, host.macros, options)
    } catch (error) {
      options.onOutcome(failure(detection, error, started, 0, 0))
      continue
    }
    if (options.plain === true) {
      searches.push(async () => {
        const memory = budget.share()
        await runOne(detection, search, host, { ...options, memory }, aloneOver(host.source, options))
      })
    } else {
      const memory = budget.share()
      const participant = shared.enrol(memory)
      searches.push(() => runOne(detection, search, host, { ...options, memory }, participant))
    }
  }
  if (options.plain === true) for (const search of searches) await search()
  else await Promise.all([...searches.map((search) => search()), shared.run()])
}

/** A search that shares nothing: its filter is applied to every event, and nothing of the shared scan is used. */
function aloneOver(source: EventSource, options: SearchOptions): Participant {
  let matchedEvents = 0
  let hasAsked = false
  const scan = (request: ScanRequest): Scan => {
    const isFirst = !hasAsked
    hasAsked = true
    async function* batches(): AsyncGenerator<Batch> {
      for await (const batch of scanned(source, request, options)) {
        if (isFirst) matchedEvents += batch.length
        yield batch
      }
    }
    return { batches: batches(), applied: { filter: true, times: true, asDataset: true } }
  }
  return {
    source: { scan },
    get matchedEvents() {
      return matchedEvents
    },
    finish() {},
  }
}

async function runOne(
  detection: Detection,
  search: ParsedSearch,
  host: SearchHost,
  options: RunDetectionsOptions & { readonly memory: MemoryShare },
  participant: Participant,
): Promise<void> {
  const started = performance.now()
  const warnings: Diagnostic[] = []
  let rows = 0
  let ended: ((outcome: DetectionOutcome) => void) | undefined
  const end = (outcome: DetectionOutcome): void => {
    ended?.(outcome)
    options.onOutcome(outcome)
  }
  const ran = (): DetectionOutcome => ({
    detection,
    status: 'ran',
    diagnostics: warnings,
    matchedEvents: participant.matchedEvents,
    rows,
    ms: performance.now() - started,
  })
  try {
    let own: SearchHost = { ...host, source: participant.source }
    if (options.habits !== undefined && participant.awaitEvents !== undefined) {
      const request = options.habits.requestOf(detection, host)
      if (request === undefined) ({ host: own, ended } = options.habits.watch(detection, own))
      else if (!(await participant.awaitEvents(request))) {
        end(ran())
        return
      }
    }
    const context = createContext(own, {
      ...options,
      warn: (warning) => {
        warnings.push(warning)
        options.warn?.(warning)
      },
    })
    for await (const batch of context.runPipeline(search.pipeline)) {
      for (let row = 0; row < batch.length; row++) {
        rows++
        options.onRow({ detection, row: batch.row(row), events: batch.origins?.(row) ?? [] })
      }
    }
    options.memory.check()
    end(ran())
  } catch (error) {
    end(failure(detection, error, started, participant.matchedEvents, rows))
  } finally {
    participant.finish()
    options.memory.end()
  }
}

/** A search that an interruption ended, or that did not begin because of one. */
export const skipped = (
  counts: Pick<DetectionOutcome, 'detection' | 'matchedEvents' | 'rows' | 'ms'>,
): DetectionOutcome => ({
  ...counts,
  status: 'skipped',
  reason: 'The scan was interrupted before this search had ended.',
  diagnostics: [],
})

function failure(
  detection: Detection,
  error: unknown,
  started: number,
  matchedEvents: number,
  rows: number,
): DetectionOutcome {
  const ms = performance.now() - started
  const counts = { detection, matchedEvents, rows, ms }
  if (isStackOverflow(error)) return { ...counts, status: 'error', reason: tooDeep, diagnostics: [] }
  if (error instanceof Error && error.name === 'AbortError') return skipped(counts)
  if (!(error instanceof SearchError)) {
    const reason = `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
    return { ...counts, status: 'error', reason, diagnostics: [] }
  }
  const errors = error.diagnostics.filter(({ severity }) => severity === 'error')
  const isUnsupported = errors.length > 0 && errors.every(({ code }) => unsupportedCodes.has(code))
  return {
    ...counts,
    status: isUnsupported ? 'unsupported' : 'error',
    reason: error.message,
    diagnostics: error.diagnostics,
  }
}
