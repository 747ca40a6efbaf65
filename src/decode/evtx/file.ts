// The EVTX decoder: walks the chunks of an event log file, or of bytes carved from one, as they arrive.
// Memory stays constant: one chunk is read at a time and handed on with its events.

import { crc32 } from 'node:zlib'
import type { ByteSource, DecodeOptions, Decoder, EventMetadata, RawEvent } from '../reader.ts'
import { CHUNK_SIGNATURE, type ChunkContent, isChunk, MAX_RECORDS, readChunk } from './chunk.ts'
import { CHUNK_SIZE } from './chunk-bytes.ts'

const FILE_SIGNATURE = Buffer.from('ElfFile\0', 'latin1')

/** Bytes of the file header that mean something, its checksum last. */
const FILE_HEADER_SIZE = 128
/** The block that the file header fills; it says so itself, and is not believed when it says anything else. */
const FILE_HEADER_BLOCK = 4096

const EMPTY_CHUNK = Buffer.alloc(CHUNK_SIZE)

/** EVTX, the binary event logs of Windows Vista and later; also chunks carved from them. */
export const evtx: Decoder = {
  format: 'evtx',
  summary: 'Windows event log files (.evtx): whole, truncated, damaged, or single chunks of them',

  detects(head) {
    const start = Buffer.from(head.subarray(0, FILE_SIGNATURE.length))
    return start.equals(FILE_SIGNATURE) || start.equals(CHUNK_SIGNATURE)
  },

  decode(input, options) {
    return new FileReader(input, options).groups()
  },
}

class FileReader {
  private readonly feed: ByteFeed
  private readonly options: DecodeOptions
  /** Where the bytes in hand begin in the file, and where its first chunk does. */
  private offset = 0
  private firstChunk = 0
  private chunks = 0
  private announcedChunks = 0
  /** Where bytes began that are no chunk: reported once the next chunk tells how many records are missing. */
  private holeAt: number | undefined
  private lastNumber: number | undefined
  private metadata: EventMetadata | undefined
  private channel: string | undefined

  constructor(input: ByteSource, options: DecodeOptions) {
    this.feed = new ByteFeed(input)
    this.options = options
  }

  async *groups(): AsyncGenerator<readonly RawEvent[]> {
    try {
      const { feed } = this
      let next = await feed.ahead(CHUNK_SIZE)
      let used = this.readHeader(padded(next), next.length)
      for (;;) {
        feed.skip(used)
        this.offset += used
        next = await feed.ahead(CHUNK_SIZE)
        const filled = next.length
        if (filled === 0) break
        const bytes = padded(next)
        if (isChunk(bytes)) {
          const { events, end } = this.readChunk(bytes, filled)
          if (events.length > 0) yield events
          used = end
        } else {
          used = this.skip(bytes, filled)
        }
      }
      this.finish()
    } finally {
      await this.feed.close()
    }
  }

  /** Checks the file header; returns how many bytes it takes, 0 when the file begins with a chunk. */
  private readHeader(bytes: Buffer, filled: number): number {
    if (filled === 0) {
      this.report('byte 0', 'the file is empty', 0)
      return 0
    }
    if (!bytes.subarray(0, FILE_SIGNATURE.length).equals(FILE_SIGNATURE)) {
      if (!isChunk(bytes)) this.report('byte 0', 'the file does not begin as an event log does', undefined)
      return 0
    }
    this.firstChunk = FILE_HEADER_BLOCK
    const isIntact = filled >= FILE_HEADER_SIZE && crc32(bytes.subarray(0, 120)) === bytes.readUInt32LE(124)
    if (isIntact) this.announcedChunks = bytes.readUInt16LE(42)
    else this.report('file header', 'its checksum is wrong', 0)
    return FILE_HEADER_BLOCK
  }

  private readChunk(bytes: Buffer, filled: number): ChunkContent {
    const content = readChunk(bytes, {
      name: this.chunkName(this.offset),
      filled,
      recover: this.options.recover,
      metadataFor: this.metadataFor,
      onDamage: this.report,
    })
    this.chunks++
    this.reportHole(content.numbers?.first)
    this.lastNumber = content.numbers?.last
    return content
  }

  /** Passes over bytes that are no chunk, up to one that begins out of place; returns how many. */
  private skip(bytes: Buffer, filled: number): number {
    if (bytes.equals(EMPTY_CHUNK)) {
      this.chunks++ // space that Windows reserved: also in the middle, so the file may go on
      return filled
    }
    this.holeAt ??= this.offset
    const at = bytes.indexOf(CHUNK_SIGNATURE)
    if (at >= 0) return at
    // The last bytes may be the beginning of a signature.
    return filled < CHUNK_SIZE ? filled : CHUNK_SIZE - CHUNK_SIGNATURE.length + 1
  }

  private finish(): void {
    this.reportHole(undefined)
    if (this.feed.failure !== undefined) {
      this.report(`byte ${this.feed.bytesRead}`, `reading stopped: ${this.feed.failure}`, undefined)
    } else if (this.chunks < this.announcedChunks) {
      const reason = `the file ends after ${this.chunks} of the ${this.announcedChunks} chunks that its header announces`
      this.report(this.chunkName(this.offset), reason, undefined)
    }
  }

  private reportHole(nextNumber: number | undefined): void {
    if (this.holeAt === undefined) return
    const size = this.offset - this.holeAt
    const lost =
      nextNumber === undefined || this.lastNumber === undefined ? undefined : nextNumber - this.lastNumber - 1
    const isPlausible = lost !== undefined && lost >= 0 && lost <= MAX_RECORDS * Math.ceil(size / CHUNK_SIZE)
    this.report(this.chunkName(this.holeAt), 'there is no chunk here', isPlausible ? lost : undefined)
    this.chunks += Math.max(1, Math.round(size / CHUNK_SIZE))
    this.holeAt = undefined
  }

  private chunkName(offset: number): string {
    return `chunk ${Math.max(0, Math.floor((offset - this.firstChunk) / CHUNK_SIZE))}`
  }

  private readonly report = (position: string, reason: string, lostEvents: number | undefined): void => {
    this.options.onDamage({ position, reason, lostEvents })
  }

  /** A log has one channel and mostly one computer: the last answer serves nearly all events. */
  private readonly metadataFor = (
    channel: string | undefined,
    computer: string | undefined,
  ): EventMetadata => {
    if (this.metadata === undefined || channel !== this.channel || computer !== this.metadata.host) {
      this.channel = channel
      this.metadata = {
        source: channel === undefined ? 'XmlWinEventLog' : `XmlWinEventLog:${channel}`,
        sourcetype: 'XmlWinEventLog',
        ...(computer === undefined ? {} : { host: computer }),
      }
    }
    return this.metadata
  }
}

/** A chunk's bytes in full, zero where the file has ended. */
function padded(bytes: Buffer): Buffer {
  if (bytes.length === CHUNK_SIZE) return bytes
  const full = Buffer.alloc(CHUNK_SIZE)
  full.set(bytes)
  return full
}

/**
 * The bytes of a source, seen in the sizes that the reader wants instead of those in which they arrive. Events keep what
 * they were read from, so no bytes are written twice; they are not copied either where they arrive in one piece.
 */
class ByteFeed {
  /** Why the source ended early. */
  failure: string | undefined
  bytesRead = 0
  private readonly pieces: AsyncIterator<Uint8Array>
  /** What has arrived and is still ahead, in order. */
  private readonly arrived: Buffer[] = []
  private isDone = false

  constructor(input: ByteSource) {
    this.pieces = input.chunks()[Symbol.asyncIterator]()
  }

  /** The next bytes: fewer than wanted only at the end of the source. */
  async ahead(size: number): Promise<Buffer> {
    const { arrived } = this
    let available = arrived.reduce((sum, piece) => sum + piece.length, 0)
    while (available < size && (await this.next())) available += arrived.at(-1)!.length
    const first = arrived[0] ?? Buffer.alloc(0)
    if (first.length >= size) return first.subarray(0, size)
    if (arrived.length < 2) return first
    const bytes = Buffer.allocUnsafeSlow(Math.min(size, available))
    let filled = 0
    let used = 0
    while (filled < bytes.length) {
      const piece = arrived[used]!
      const taken = piece.copy(bytes, filled)
      filled += taken
      if (taken < piece.length) arrived[used] = piece.subarray(taken)
      else used++
    }
    // Once for all: they may be many, when a pipe gives a byte at a time.
    arrived.splice(0, used, bytes)
    return bytes
  }

  /** Passes over bytes that are ahead. */
  skip(count: number): void {
    const { arrived } = this
    let left = count
    while (left > 0 && arrived.length > 0) {
      const piece = arrived.shift()!
      if (piece.length > left) arrived.unshift(piece.subarray(left))
      left -= Math.min(left, piece.length)
    }
  }

  async close(): Promise<void> {
    if (!this.isDone) await this.pieces.return?.()
    this.isDone = true
  }

  private async next(): Promise<boolean> {
    if (this.isDone) return false
    try {
      const { done, value } = await this.pieces.next()
      if (done === true) this.isDone = true
      else {
        this.bytesRead += value.length
        if (value.length > 0) this.arrived.push(Buffer.from(value.buffer, value.byteOffset, value.length))
        else return this.next()
      }
    } catch (error) {
      // A source that breaks off, such as a damaged archive, is damage: what came before it counts.
      this.failure = error instanceof Error ? error.message : String(error)
      this.isDone = true
    }
    return !this.isDone
  }
}
