// Finds the rows of many requests in blocks of events: what a shared scan does with each block, wherever it is read.

import type { EventSource, ScanRequest } from '../spl/host.ts'
import { timeTest } from '../spl/match/single-term.ts'
import type { ExpressionContext } from '../spl/run/context.ts'
import type { Batch } from '../value/batch.ts'
import { all, Terms } from './condition.ts'
import type { KindValues } from './kinds.ts'
import { createMatcher, type Wanted } from './matcher.ts'

/** What a request asks for: all that is needed to find its rows. */
export type RowRequest = Omit<ScanRequest, 'signal'>

/** Rows that one request wants, with the fields that it names and nothing else. */
export interface FoundRows {
  /** The request's number. */
  readonly request: number
  readonly rows: Batch
}

/** A source that finds the rows of many requests in one go, in ways of its own. */
export interface FindingSource extends EventSource {
  /** Reads the evidence once. @returns what the requests want, block by block */
  find(
    requests: readonly RowRequest[],
    isOpen: (request: number) => boolean,
    signal: AbortSignal,
  ): AsyncIterable<readonly FoundRows[]>
}

export const isFindingSource = (source: EventSource): source is FindingSource => 'find' in source

export interface RowFinder {
  /**
   * What each request wants of a block, in the order of the requests; those that want nothing are left out.
   * @param isOpen whether a request still wants rows
   */
  find(block: Batch, isOpen?: (request: number) => boolean): readonly FoundRows[]
  /** Whether any request can want events of a kind. */
  isWanted(kind: KindValues): boolean
}

/**
 * Makes a finder.
 * @throws SearchError when a term of a filter cannot be run here
 */
export function createRowFinder(
  requests: readonly RowRequest[],
  context: Pick<ExpressionContext, 'now' | 'timeZone'>,
): RowFinder {
  const terms = new Terms(context)
  const matcher = createMatcher(requests.map((request) => wantedOf(request, terms)))
  return {
    find(block, isOpen = () => true) {
      const found: FoundRows[] = []
      for (const { search: request, among, places } of matcher.match(block)) {
        if (!isOpen(request)) continue
        const { fields } = requests[request]!
        // Whoever keeps rows of a block keeps it whole, and a pipeline holds on to its last rows until the next ones come:
        // with hundreds of pipelines that was 900 MB.
        const rows = fields === 'all' ? among.gather(places) : among.take(places, fields)
        found.push({ request, rows })
      }
      return found
    },
    isWanted: matcher.isWanted,
  }
}

/** Which events a request wants, and as what. */
export function wantedOf({ filter, asDataset, earliest, latest }: RowRequest, terms: Terms): Wanted {
  const view = asDataset && terms.view(asDataset.dataset)
  const condition = all([
    filter === undefined || terms.condition(filter, terms.view(undefined)),
    asDataset?.where === undefined || terms.condition(asDataset.where, view!),
    (earliest === undefined && latest === undefined) ||
      terms.test(`from ${earliest} to ${latest}`, '_time', timeTest(earliest, latest)),
  ])
  return { condition, ...(view === undefined ? {} : { view }) }
}
