// The plain RawEvent of the text formats: everything about it is known when it is made.

import type { EventContent, EventMetadata, RawEvent } from '../reader.ts'

/** An event whose text, content and metadata are at hand. */
export class TextEvent implements RawEvent {
  readonly time: number | undefined
  readonly position: string
  readonly content: EventContent
  readonly metadata: EventMetadata
  private readonly text: string

  constructor(
    text: string,
    position: string,
    content: EventContent = textContent,
    metadata: EventMetadata = noMetadata,
    time?: number,
  ) {
    this.text = text
    this.position = position
    this.content = content
    this.metadata = metadata
    this.time = time
  }

  raw(): string {
    return this.text
  }
}

/** Content of text that no decoder looks into. */
export const textContent: EventContent = { kind: 'text' }

/** Metadata of evidence that carries none. */
export const noMetadata: EventMetadata = {}
