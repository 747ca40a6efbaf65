// Turns decoded events into batches: the way from evidence to the search engine.
// Finding and opening evidence is left to files.ts, reading fields to block.ts.

import type { RawEvent } from '../decode/reader.ts'
import type { DefaultMetadata, Identify, Identity } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { type Batch, batchRows, type EventReference, type Origins } from '../value/batch.ts'
import { blockOf } from './block.ts'
import { type HeaderReader, headerReader } from './header-lines.ts'

/** Some events of one file, in file order. */
export interface EventGroup {
  readonly file: string
  readonly events: readonly RawEvent[]
  /** Bytes of evidence that were read for them. */
  readonly bytes?: number
}

/** A block ends early when it stands for so many bytes of evidence: events may be large. */
const blockBytes = 8 * 1024 * 1024

/**
 * Gathers events into blocks of up to 4,096, small files together, and gives each as a batch whose columns are read on
 * demand. The groups of a file must follow one another.
 */
export async function* blocksOf(
  groups: AsyncIterable<EventGroup>,
  knowledge: Knowledge,
  defaults: DefaultMetadata,
): AsyncGenerator<Batch, void, undefined> {
  let file: string | undefined
  let identify: Identify | undefined
  let readHeader: HeaderReader | undefined
  let block = new GrowingBlock()
  for await (const group of groups) {
    if (group.file !== file || identify === undefined || readHeader === undefined) {
      file = group.file
      identify = knowledge.identify(file, defaults)
      readHeader = headerReader(defaults.sourcetype)
    }
    block.bytes += group.bytes ?? 0
    for (const line of group.events) {
      const event = readHeader(line)
      if (event === undefined) continue
      block.add(file, event, identify(event))
      if (block.events.length < batchRows && block.bytes < blockBytes) continue
      yield blockOf(block, knowledge)
      block = new GrowingBlock()
    }
  }
  if (block.events.length > 0) yield blockOf(block, knowledge)
}

/** The events of a coming block. */
class GrowingBlock {
  readonly events: RawEvent[] = []
  readonly identities: Identity[] = []
  bytes = 0
  readonly files: string[] = []
  readonly starts: number[] = []
  readonly #references: (readonly EventReference[])[] = []

  add(file: string, event: RawEvent, identity: Identity): void {
    if (this.files.at(-1) !== file) {
      this.files.push(file)
      this.starts.push(this.events.length)
    }
    this.events.push(event)
    this.identities.push(identity)
  }

  /** Many searches want the same event, so its reference is made once. */
  readonly origins: Origins = (row) => {
    let reference = this.#references[row]
    if (reference === undefined) {
      const file = this.files[this.starts.findLastIndex((start) => start <= row)]!
      reference = [{ file, record: this.events[row]!.position }]
      this.#references[row] = reference
    }
    return reference
  }
}
