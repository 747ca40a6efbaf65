// Reads tar archives as a stream: ustar, GNU long names, pax headers. Links and devices hold no evidence of their own.
// @see POSIX.1-2017, pax: ustar Interchange Format, pax Header Block

import { type ByteChunks, ByteQueue } from './byte-streams.ts'

/** A file in an archive, or why it cannot be read. */
export type ArchiveEntry =
  /** `chunks` must be read before the next entry is asked for; what is left unread is passed over. */
  | { readonly kind: 'file'; readonly name: string; readonly sizeBytes: number; chunks(): ByteChunks }
  | { readonly kind: 'refused'; readonly name: string; readonly reason: string }

const blockBytes = 512
/** Names and pax headers; real ones have some hundred bytes. */
const maxHeaderBytes = 1024 * 1024

/** Whether a file begins with a tar header: the checksum says so, also for archives older than ustar. */
export function isTar(head: Uint8Array): boolean {
  return head.length >= blockBytes && head[0] !== 0 && hasChecksum(head)
}

/**
 * Yields the files of a tar archive.
 *
 * @throws what reading throws, and an Error when the archive is damaged: nothing after the damage can be found
 */
export async function* tarEntries(chunks: ByteChunks): AsyncGenerator<ArchiveEntry> {
  try {
    yield* entriesIn(new ByteQueue(chunks))
  } finally {
    await chunks.return()
  }
}

async function* entriesIn(bytes: ByteQueue): AsyncGenerator<ArchiveEntry> {
  let longName: string | undefined
  let longSize: number | undefined
  for (;;) {
    const header = await bytes.take(blockBytes)
    if (header.length === 0) return
    // Two empty blocks end the archive; what follows them is padding.
    if (header.every((byte) => byte === 0)) return
    if (header.length < blockBytes) throw new Error('the tar archive is cut off')
    if (!hasChecksum(header)) throw new Error('the tar archive is damaged: a header has a wrong checksum')
    const size = longSize ?? numberIn(header, 124, 12)
    const name = longName ?? nameIn(header)
    const type = String.fromCharCode(header[156]!)
    if (type === 'L' || type === 'x' || type === 'K' || type === 'g') {
      if (size > maxHeaderBytes) throw new Error('the tar archive is damaged: a header is too large')
      const extra = await bytes.take(size)
      await bytes.take(padding(size))
      if (type === 'L') longName = textIn(extra)
      if (type === 'x') {
        const records = paxRecords(extra)
        longName = records.get('path') ?? longName
        const stated = Number(records.get('size') ?? Number.NaN)
        if (Number.isSafeInteger(stated) && stated >= 0) longSize = stated
      }
      continue
    }
    longName = longSize = undefined
    const contents = new EntryBytes(bytes, type === '1' || type === '2' ? 0 : size)
    if (type === 'S') {
      yield { kind: 'refused', name, reason: 'it is a sparse file in a tar archive; unpack it first' }
    } else if ((type === '0' || type === '\0' || type === '7') && !name.endsWith('/')) {
      yield { kind: 'file', name, sizeBytes: size, chunks: () => contents.chunks() }
    }
    await contents.passOver()
  }
}

/** The bytes of one entry and the padding after them. */
class EntryBytes {
  private readonly bytes: ByteQueue
  private left: number
  private readonly padding: number

  constructor(bytes: ByteQueue, size: number) {
    this.bytes = bytes
    this.left = size
    this.padding = padding(size)
  }

  async *chunks(): ByteChunks {
    while (this.left > 0) {
      const part = await this.bytes.next(this.left)
      if (part === undefined) throw new Error('the tar archive is cut off')
      this.left -= part.length
      yield part
    }
  }

  /** Leaves what was not read behind. */
  async passOver(): Promise<void> {
    for await (const _unread of this.chunks());
    if ((await this.bytes.take(this.padding)).length < this.padding)
      throw new Error('the tar archive is cut off')
  }
}

function padding(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes
}

/** The checksum is of the header with its own field as blanks. */
function hasChecksum(header: Uint8Array): boolean {
  let sum = 0
  for (let at = 0; at < blockBytes; at++) sum += at >= 148 && at < 156 ? 0x20 : header[at]!
  return sum === numberIn(Buffer.from(header.buffer, header.byteOffset, blockBytes), 148, 8)
}

/** An octal number, or a large one in base 256, as GNU tar writes it. */
function numberIn(header: Buffer, from: number, length: number): number {
  if (header[from]! & 0x80) return Number(header.readBigUInt64BE(from + length - 8))
  const digits = /^[ \0]*([0-7]+)/.exec(header.toString('latin1', from, from + length))?.[1]
  return digits === undefined ? 0 : Number.parseInt(digits, 8)
}

function nameIn(header: Buffer): string {
  const name = textIn(header.subarray(0, 100))
  const isUstar = header.toString('latin1', 257, 262) === 'ustar'
  const prefix = isUstar && header[263] === 0x30 ? textIn(header.subarray(345, 500)) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function textIn(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}

/** Records of the form `LENGTH KEY=VALUE\n`, the length being that of the whole record. */
function paxRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at)
    const length = Number(bytes.toString('latin1', at, blank))
    if (blank < 0 || !Number.isInteger(length) || length < 5 || at + length > bytes.length) break
    const record = bytes.toString('utf8', blank + 1, at + length - 1)
    const equals = record.indexOf('=')
    records.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return records
}
