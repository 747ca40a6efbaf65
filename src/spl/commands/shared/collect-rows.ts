// What commands share that must see all rows before they give any: sort, reverse, fillnull without a list.

import { searchError } from '../../../diagnostics/diagnostic.ts'
import { type Batch, batchRows, concatBatches } from '../../../value/batch.ts'
import type { RunContext } from '../../run/context.ts'

/**
 * Keeps all rows of the input in memory, as one batch.
 * @param command its name, for the message
 * @throws SearchError when there are more than the limit allows
 */
export async function collectRows(
  input: AsyncIterable<Batch>,
  context: RunContext,
  command: string,
): Promise<Batch> {
  const { maxRows } = context.limits
  const batches: Batch[] = []
  let rows = 0
  let bytes = 0
  for await (const batch of input) {
    context.signal.throwIfAborted()
    if (batch.length === 0) continue
    rows += batch.length
    if (rows > maxRows) {
      throw searchError(
        'limit-reached',
        `"${command}" needs all rows at once, and there are more than ${maxRows}.`,
        'Keep fewer rows or fields before it, or raise limits.max_rows.',
      )
    }
    const held = batch.detach('all')
    batches.push(held)
    bytes += held.heldBytes()
    context.memory.hold(batches, bytes)
  }
  return concatBatches(batches)
}

/** Hands on a large batch in parts of the usual size. */
export function* inBatches(batch: Batch): Iterable<Batch> {
  for (let start = 0; start < batch.length; start += batchRows) yield batch.slice(start, start + batchRows)
}
