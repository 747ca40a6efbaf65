// Rows at hand as an event source, without knowledge: for embedding, tests and conformance cases.

import { Batch, batchRows } from '../../value/batch.ts'
import type { Value } from '../../value/value.ts'
import type { EventSource, WantedFields } from '../host.ts'

/**
 * An event source over rows, which are scanned in the order given. Rows have the fields that the search asks for and
 * their time, no others, so that a search that asks for too few shows.
 * @param options batchRows: rows per batch; results do not depend on it
 */
export function rowsSource(
  rows: readonly (ReadonlyMap<string, Value> | Readonly<Record<string, Value>>)[],
  options: { readonly batchRows?: number } = {},
): EventSource {
  const size = options.batchRows ?? batchRows
  async function* batches(fields: WantedFields): AsyncGenerator<Batch> {
    for (let start = 0; start < rows.length; start += size) {
      const batch = Batch.fromRows(rows.slice(start, start + size))
      yield fields === 'all'
        ? batch
        : batch.project(batch.names().filter((name) => name === '_time' || fields.has(name)))
    }
  }
  return { scan: ({ fields }) => ({ batches: batches(fields), applied: { filter: false, times: false } }) }
}
