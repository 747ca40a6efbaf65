// Does for a scan what its source has left to do: the filter, the times, the fields of a dataset.

import type { Batch } from '../../value/batch.ts'
import type { EventSource, ScanRequest } from '../host.ts'
import { compileSearch } from '../match/compile-search.ts'
import { timeTest } from '../match/single-term.ts'
import type { ExpressionContext } from './context.ts'

/**
 * The batches of a scan with the rows that the request wants, empty ones left out.
 * @throws SearchError when a term of the filter cannot be run here
 */
export async function* scanned(
  source: EventSource,
  request: ScanRequest,
  context: Pick<ExpressionContext, 'now' | 'timeZone'>,
): AsyncGenerator<Batch> {
  const { filter, asDataset, earliest, latest, signal } = request
  const { batches, applied } = source.scan(request)
  const matches = filter === undefined || applied.filter ? undefined : compileSearch(filter, context)
  const isInTime =
    applied.times || (earliest === undefined && latest === undefined) ? undefined : timeTest(earliest, latest)
  const toDataset = applied.asDataset === true ? undefined : asDataset?.dataset
  const fitsDataset = toDataset && asDataset?.where && compileSearch(asDataset.where, context)
  for await (const batch of batches) {
    signal.throwIfAborted()
    let kept = batch
    if (isInTime !== undefined) {
      const mask = Uint8Array.from({ length: kept.length }, (_, row) =>
        isInTime(kept.value('_time', row)) ? 1 : 0,
      )
      kept = kept.filter(mask)
    }
    if (matches !== undefined && kept.length > 0) kept = kept.filter(matches(kept))
    if (toDataset !== undefined && kept.length > 0) kept = toDataset.map(kept)
    if (fitsDataset !== undefined && kept.length > 0) kept = kept.filter(fitsDataset(kept))
    if (kept.length > 0) yield kept
  }
}
