// Reads a stream of text into events: holds a window of bytes, lets a format cut events out of it, counts lines,
// and passes over events that are too large. How an event begins and ends is the format's business.
// Works on bytes: searching them is native, and what nobody asks for never becomes text.

import {
  type ByteSource,
  type Damage,
  type DecodeLimits,
  type DecodeOptions,
  defaultDecodeLimits,
  type RawEvent,
} from '../reader.ts'
import { textOf, utf8Chunks } from './encoding.ts'

/** Most events in one group. */
const maxGroup = 4096

/** What a format found in the window. Places are indexes into the bytes it was given. */
export type Cut =
  /** An event in `[start, end)`. The search goes on at `next`. `damage` says what is wrong with it, if anything. */
  | {
      readonly kind: 'event'
      readonly start: number
      readonly end: number
      readonly next: number
      readonly damage?: string
    }
  /** No event before `next`, only what lies between events. */
  | { readonly kind: 'nothing'; readonly next: number }
  /** No event in `[start, next)`, but something that is reported. */
  | { readonly kind: 'damage'; readonly start: number; readonly next: number; readonly reason: string }
  /**
   * More bytes are needed to tell; what lies before `from` is done with. At the end of the input: there is no more.
   * Should the event turn out to be too large, the next is looked for at `resumeFrom`, else right after `from`.
   */
  | { readonly kind: 'more'; readonly from: number; readonly resumeFrom?: number }

/** How a format finds its events. May keep state: it is asked about each place in order. */
export interface EventCutter {
  /** Looks for the next event at or after `from`. `isLast` says that the input ends with these bytes. */
  cut(bytes: Buffer, from: number, isLast: boolean): Cut
  /** Where reading can resume after an event that is too large: a place at or after `from`, or -1 if there is none yet. */
  resume(bytes: Buffer, from: number): number
}

/** The bytes of one event, which nobody writes to, and its place; both become text when they are asked for. */
export class EventPiece {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  private readonly line: number
  /** Counted from 1; 0 for the first event of its line. */
  private readonly byteInLine: number

  constructor(bytes: Buffer, start: number, end: number, line: number, byteInLine: number) {
    this.bytes = bytes
    this.start = start
    this.end = end
    this.line = line
    this.byteInLine = byteInLine
  }

  /** Its line, and its byte in the line when it is not the first event there. */
  get position(): string {
    return this.byteInLine === 0 ? `line ${this.line}` : `line ${this.line}, byte ${this.byteInLine}`
  }

  text(): string {
    return textOf(this.bytes, this.start, this.end)
  }
}

/** Makes an event of its bytes. Returns undefined for what turns out to be none (a header, an end marker). */
export type EventReader = (
  piece: EventPiece,
  damage: string | undefined,
  report: (damage: Damage) => void,
) => RawEvent | undefined

/**
 * Reads the events of a text input in file order. Memory stays within a few times `limits.maxEventBytes`, and the time
 * is linear in the input whatever it holds, if the cutter's is.
 *
 * @throws only what reading the input throws
 */
export async function* cutEvents(
  input: ByteSource,
  options: DecodeOptions,
  cutter: EventCutter,
  read: EventReader,
): AsyncGenerator<readonly RawEvent[]> {
  const limits = options.limits ?? defaultDecodeLimits
  const { maxEventBytes } = limits
  const window = new ByteWindow(input, maxEventBytes)
  const report = (damage: Damage) => options.onDamage(damage)
  let group: RawEvent[] = []
  try {
    for (;;) {
      const cut = cutter.cut(window.bytes, window.start, window.hasEnded)
      if (cut.kind === 'more') {
        window.advance(cut.from)
        if (group.length > 0) {
          yield group
          group = []
        }
        if (window.bytes.length - window.start > maxEventBytes) {
          report(tooLarge(window.position, limits))
          await window.skip(cutter, cut.resumeFrom ?? cut.from + 1)
        } else if (!(await window.fill())) return
        continue
      }
      if (cut.kind === 'event') {
        const piece = window.pieceOf(cut.start, cut.end)
        if (cut.end - cut.start > maxEventBytes) report(tooLarge(piece.position, limits))
        else {
          if (cut.damage !== undefined)
            report({ position: piece.position, reason: cut.damage, lostEvents: 0 })
          const event = read(piece, cut.damage, report)
          if (event !== undefined) group.push(event)
        }
      } else if (cut.kind === 'damage') {
        window.advance(cut.start)
        report({ position: window.position, reason: cut.reason, lostEvents: undefined })
      }
      window.advance(cut.next)
      if (group.length >= maxGroup) {
        yield group
        group = []
      }
    }
  } finally {
    await window.close()
  }
}

/** Passes over what lies between events without meaning: white space, padding, byte order marks of files put together. */
export function skipFilling(bytes: Buffer, from: number): number {
  let at = from
  for (;;) {
    while (bytes[at]! <= SPACE) at++
    if (bytes[at] !== 0xef || bytes[at + 1] !== 0xbb || bytes[at + 2] !== 0xbf) return at
    at += 3
  }
}

/** Where an event ends without the white space and padding after it. */
export function trimEnd(bytes: Buffer, start: number, end: number): number {
  let at = end
  while (at > start && bytes[at - 1]! <= SPACE) at--
  return at
}

function tooLarge(position: string, { maxEventBytes }: DecodeLimits): Damage {
  const mebibytes = maxEventBytes / 1024 / 1024
  const size = Number.isInteger(mebibytes) ? `${mebibytes} MiB` : `${maxEventBytes} bytes`
  const reason = `the event is larger than ${size} (limits.max_event_bytes), so it was passed over`
  return { position, reason, lostEvents: 1 }
}

/**
 * The part of the input that is in memory, from `start` to the end of `bytes`, and where in the file it is. It never
 * ends inside a character, so that formats see byte order marks whole. Events keep what they were cut from, so no bytes
 * are written twice: what is left at the end of a chunk is copied in front of the next one.
 */
class ByteWindow {
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  hasEnded = false
  private readonly chunks: AsyncIterator<Uint8Array>
  /** What was read, also the bytes of a character that is not whole yet. */
  private memory: Buffer = this.bytes
  private line = 1
  /** How many bytes of line `line` lie before `start`. */
  private bytesIntoLine = 0
  /** The next line feed at or after `start`; -1 where it is not known, Infinity where there is none. */
  private lineFeed = -1
  private lastLineWithEvent = 0
  private readonly maxEventBytes: number

  constructor(input: ByteSource, maxEventBytes: number) {
    this.maxEventBytes = maxEventBytes
    this.chunks = utf8Chunks(input.chunks())
  }

  /** Reads at least as much again as there is, so that an event over many chunks is not looked at once per chunk. */
  async fill(): Promise<boolean> {
    if (this.hasEnded) return false
    const kept = this.memory.subarray(this.start)
    const wanted = Math.min(kept.length * 2, this.maxEventBytes) + 1
    const parts: Uint8Array[] = kept.length === 0 ? [] : [kept]
    let length = kept.length
    do {
      const { value, done } = await this.chunks.next()
      if (done) this.hasEnded = true
      else {
        parts.push(value)
        length += value.length
      }
    } while (!this.hasEnded && length < wanted)
    this.memory = joined(parts, length)
    this.start = 0
    this.lineFeed = -1
    const end = this.hasEnded ? length : endOfCharacters(this.memory, 0, length)
    this.bytes = end === length ? this.memory : this.memory.subarray(0, end)
    return true
  }

  /** Moves the start of the window, counting the lines it passes. */
  advance(to: number): void {
    let lineStart = this.start - this.bytesIntoLine
    if (this.lineFeed < this.start) this.findLineFeed(this.start)
    while (this.lineFeed < to) {
      this.line++
      lineStart = this.lineFeed + 1
      this.findLineFeed(lineStart)
    }
    this.bytesIntoLine = to - lineStart
    this.start = to
  }

  private findLineFeed(from: number): void {
    const found = this.bytes.indexOf(LINE_FEED, from)
    this.lineFeed = found < 0 ? Infinity : found
  }

  /** The place of the window's start, for people. */
  get position(): string {
    return `line ${this.line}`
  }

  /** Moves to an event. */
  pieceOf(start: number, end: number): EventPiece {
    this.advance(start)
    const isFirst = this.line !== this.lastLineWithEvent
    this.lastLineWithEvent = this.line
    return new EventPiece(this.bytes, start, end, this.line, isFirst ? 0 : this.bytesIntoLine + 1)
  }

  /** Passes over bytes until the cutter names a place, keeping a tail in case a mark is cut in two by a chunk. */
  async skip(cutter: EventCutter, resumeFrom: number): Promise<void> {
    let from = resumeFrom
    for (;;) {
      const at = cutter.resume(this.bytes, from)
      if (at >= 0) return this.advance(at)
      this.advance(Math.max(from, this.bytes.length - longestMark))
      if (!(await this.fill())) return this.advance(this.bytes.length)
      from = this.start
    }
  }

  async close(): Promise<void> {
    await this.chunks.return?.()
  }
}

function joined(parts: readonly Uint8Array[], length: number): Buffer {
  const [only] = parts
  if (parts.length === 1) return Buffer.from(only!.buffer, only!.byteOffset, only!.length)
  const bytes = Buffer.allocUnsafeSlow(length)
  let filled = 0
  for (const part of parts) {
    bytes.set(part, filled)
    filled += part.length
  }
  return bytes
}

/** Where the last character ends that is whole. */
function endOfCharacters(bytes: Buffer, start: number, end: number): number {
  for (let at = end - 1; at >= start && at >= end - 3; at--) {
    const byte = bytes[at]!
    if (byte < 0x80) return end
    const size = byte < 0xc0 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    if (size > 0) return at + size > end ? at : end
  }
  return end
}

const LINE_FEED = 0x0a
const SPACE = 0x20
/** No format's mark of an event's beginning is longer. */
const longestMark = 64
