// Keeps all batches of the input as they are, for commands that go over the rows twice: eventstats, bin, addcoltotals.

import { searchError } from '../../../diagnostics/diagnostic.ts'
import type { Batch } from '../../../value/batch.ts'
import type { RunContext } from '../../run/context.ts'

/**
 * Keeps the batches; fields that nobody reads stay unread.
 * @param command its name, for the message
 * @param visit sees each batch as it arrives
 * @throws SearchError when there are more rows than the limit allows
 */
export async function keepBatches(
  input: AsyncIterable<Batch>,
  { limits: { maxRows }, memory, signal }: Pick<RunContext, 'limits' | 'memory' | 'signal'>,
  command: string,
  visit: (batch: Batch) => void = () => {},
): Promise<readonly Batch[]> {
  const batches: Batch[] = []
  let rows = 0
  let bytes = 0
  for await (const batch of input) {
    signal.throwIfAborted()
    rows += batch.length
    if (rows > maxRows) {
      throw searchError(
        'limit-reached',
        `"${command}" needs all rows at once, and there are more than ${maxRows}.`,
        'Keep fewer rows before it, or raise limits.max_rows.',
      )
    }
    visit(batch)
    batches.push(batch)
    bytes += batch.heldBytes()
    memory.hold(batches, bytes)
  }
  return batches
}

/** Hands kept batches on as a stream. */
export async function* replay(batches: Iterable<Batch>): AsyncIterable<Batch> {
  yield* batches
}
