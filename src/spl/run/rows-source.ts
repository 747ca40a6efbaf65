// Rows at hand as an event source, without knowledge: for embedding, tests and conformance cases.

import { Batch, batchRows } from '../../value/batch.ts'
import type { Value } from '../../value/value.ts'
import type { EventSource } from '../host.ts'

/**
 * An event source over rows, which are scanned in the order given.
 * @param options batchRows: rows per batch; results do not depend on it
 */
export function rowsSource(
  rows: readonly (ReadonlyMap<string, Value> | Readonly<Record<string, Value>>)[],
  options: { readonly batchRows?: number } = {},
): EventSource {
  const size = options.batchRows ?? batchRows
  async function* batches(): AsyncGenerator<Batch> {
    for (let start = 0; start < rows.length; start += size)
      yield Batch.fromRows(rows.slice(start, start + size))
  }
  return { scan: () => ({ batches: batches(), applied: { filter: false, times: false } }) }
}
