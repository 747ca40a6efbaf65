// Turns decoded events into batches: the way from evidence to the search engine.
// Finding and opening evidence is left to files.ts, reading fields to block.ts.

import type { RawEvent } from '../decode/reader.ts'
import type { DefaultMetadata, Identify } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { type Batch, batchRows } from '../value/batch.ts'
import { blockOf } from './block.ts'

/** Some events of one file, in file order. */
export interface EventGroup {
  readonly file: string
  readonly events: readonly RawEvent[]
}

/**
 * Gathers the events of each file into blocks of up to 4,096 and gives each as a batch whose columns are read on
 * demand. The groups of a file must follow one another.
 */
export async function* blocksOf(
  groups: AsyncIterable<EventGroup>,
  knowledge: Knowledge,
  defaults: DefaultMetadata,
): AsyncGenerator<Batch, void, undefined> {
  let file: string | undefined
  let identify: Identify | undefined
  let waiting: RawEvent[] = []
  const block = (): Batch => {
    const events = waiting
    waiting = []
    return blockOf(file!, events, events.map(identify!), knowledge)
  }
  for await (const group of groups) {
    if (group.file !== file) {
      if (waiting.length > 0) yield block()
      file = group.file
      identify = knowledge.identify(file, defaults)
    }
    for (const event of group.events) {
      waiting.push(event)
      if (waiting.length === batchRows) yield block()
    }
  }
  if (waiting.length > 0) yield block()
}
