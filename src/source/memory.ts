// Rows at hand as a source of events: conformance cases and tests. No knowledge is applied to them.

import type { EventSource, Scan, ScanRequest } from '../spl/host.ts'
import { Batch, batchRows } from '../value/batch.ts'
import type { Value } from '../value/value.ts'

/** Gives rows in their order, in batches. Filter and times are left to the reader. */
export function memorySource(
  rows: readonly (Readonly<Record<string, Value>> | ReadonlyMap<string, Value>)[],
): EventSource {
  return {
    scan({ signal }: ScanRequest): Scan {
      async function* batches(): AsyncGenerator<Batch> {
        for (let start = 0; start < rows.length; start += batchRows) {
          signal.throwIfAborted()
          yield Batch.fromRows(rows.slice(start, start + batchRows))
        }
      }
      return { batches: batches(), applied: { filter: false, times: false } }
    },
  }
}
