// Character sets: whatever a log is written in, the text decoders see UTF-8 bytes.
// Finding events in those bytes is left to cut-events.ts and the formats.

import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'

/** A character set, and how many bytes of byte order mark precede the text. */
export interface Encoding {
  readonly name: 'utf-8' | 'utf-16le' | 'utf-16be'
  readonly markBytes: number
}

/** Bytes that are looked at to tell UTF-16 without a byte order mark; without a zero among the first few, it is none. */
const encodingHeadBytes = 256
const firstBytes = 16

/**
 * Tells the character set of a text by its byte order mark or, without one, by where its zero bytes lie.
 * Single-byte text that is not UTF-8 is reported as UTF-8: `textOf` reads such bytes as Latin-1.
 */
export function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { name: 'utf-8', markBytes: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { name: 'utf-16le', markBytes: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { name: 'utf-16be', markBytes: 2 }
  const pairs = Math.min(head.length, encodingHeadBytes) >> 1
  if (pairs < 2 || !head.subarray(0, firstBytes).includes(0)) return { name: 'utf-8', markBytes: 0 }
  let zeroFirst = 0
  let zeroSecond = 0
  for (let pair = 0; pair < pairs; pair++) {
    const first = head[pair * 2] === 0
    const second = head[pair * 2 + 1] === 0
    // Both zero is padding, not a character.
    if (first !== second) first ? zeroFirst++ : zeroSecond++
  }
  if (zeroSecond > pairs * 0.7 && zeroFirst === 0) return { name: 'utf-16le', markBytes: 0 }
  if (zeroFirst > pairs * 0.7 && zeroSecond === 0) return { name: 'utf-16be', markBytes: 0 }
  return { name: 'utf-8', markBytes: 0 }
}

/** The bytes of a text as UTF-8, without byte order mark. UTF-8 itself, and bytes of no known set, pass unchanged. */
export async function* utf8Chunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0)
  let decoder: TextDecoder | undefined
  for await (const chunk of chunks) {
    let bytes: Uint8Array = chunk
    if (head !== undefined) {
      bytes = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      head = bytes
      if (bytes.length < firstBytes) continue
      if (bytes.length < encodingHeadBytes && bytes.subarray(0, firstBytes).includes(0)) continue
      const begun = begin(bytes)
      decoder = begun.decoder
      bytes = begun.bytes
      head = undefined
    }
    yield decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }))
  }
  if (head !== undefined) {
    const begun = begin(head)
    decoder = begun.decoder
    yield decoder === undefined ? begun.bytes : Buffer.from(decoder.decode(begun.bytes, { stream: true }))
  }
  const rest = decoder?.decode()
  if (rest) yield Buffer.from(rest)
}

function begin(head: Uint8Array): { readonly bytes: Uint8Array; readonly decoder: TextDecoder | undefined } {
  const { name, markBytes } = encodingOf(head)
  return {
    bytes: head.subarray(markBytes),
    decoder: name === 'utf-8' ? undefined : new TextDecoder(name, { ignoreBOM: true }),
  }
}

/** The first bytes of a file as text, for telling its form. A character cut in two at the end does no harm. */
export function textOfHead(head: Uint8Array): string {
  // Every decoder in turn looks at the same bytes.
  if (head !== lastHead) {
    const bytes = utf8OfHead(head)
    lastText = textOf(bytes, 0, bytes.length)
    lastHead = head
  }
  return lastText
}

let lastHead: Uint8Array | undefined
let lastText = ''

/** The first bytes of a file as UTF-8, or of no known set, without byte order mark. */
export function utf8OfHead(head: Uint8Array): Buffer {
  const { name, markBytes } = encodingOf(head)
  const text = head.subarray(markBytes)
  return name === 'utf-8'
    ? Buffer.from(text.buffer, text.byteOffset, text.length)
    : Buffer.from(new TextDecoder(name).decode(text))
}

/**
 * Decodes UTF-8 bytes; a byte that is part of no valid sequence is read as Latin-1, so that no byte is lost.
 * The result is a string of its own and keeps nothing else of the bytes alive.
 */
export function textOf(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  // U+FFFD stands for undecodable bytes, unless the text has it itself.
  if (!text.includes('\ufffd') || isUtf8(bytes.subarray(start, end))) return text
  return mixedText(bytes, start, end)
}

function mixedText(bytes: Buffer, start: number, end: number): string {
  const valid = Buffer.allocUnsafe((end - start) * 2)
  let length = 0
  for (let index = start; index < end; ) {
    const size = sequenceLength(bytes, index, end)
    if (size === 0) {
      const byte = bytes[index++]!
      valid[length++] = 0xc0 | (byte >> 6)
      valid[length++] = 0x80 | (byte & 0x3f)
    }
    for (const stop = index + size; index < stop; index++) valid[length++] = bytes[index]!
  }
  return valid.toString('utf8', 0, length)
}

/** Length of the valid UTF-8 sequence at `index`; 0 when there is none. (Unicode, table 3-7) */
function sequenceLength(bytes: Buffer, index: number, end: number): number {
  const lead = bytes[index]!
  if (lead < 0x80) return 1
  const size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
  if (size === 0 || index + size > end) return 0
  const second = bytes[index + 1]!
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return 0
  for (let next = index + 2; next < index + size; next++) {
    if ((bytes[next]! & 0xc0) !== 0x80) return 0
  }
  return size
}
