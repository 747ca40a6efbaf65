// The plain RawEvent of the text formats: everything about it is known when it is made.

import type { EventContent, EventMetadata, EventTime, RawEvent } from '../reader.ts'

/** An event whose text, content and metadata are at hand. */
export class TextEvent implements RawEvent {
  readonly time: number | undefined
  readonly localTime: number | undefined
  readonly isTimeGiven: boolean | undefined
  readonly position: string
  readonly content: EventContent
  readonly metadata: EventMetadata
  private readonly text: string

  constructor(
    text: string,
    position: string,
    content: EventContent = textContent,
    metadata: EventMetadata = noMetadata,
    { time, localTime, isTimeGiven }: EventTime = noTime,
  ) {
    this.text = text
    this.position = position
    this.content = content
    this.metadata = metadata
    this.time = time
    this.localTime = localTime
    this.isTimeGiven = isTimeGiven
  }

  raw(): string {
    return this.text
  }
}

/** Content of text that no decoder looks into. */
export const textContent: EventContent = { kind: 'text' }

/** The time of text in which nobody has looked for one. */
export const noTime: EventTime = { time: undefined }

/** Metadata of evidence that carries none. */
export const noMetadata: EventMetadata = {}
