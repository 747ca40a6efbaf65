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
      let bytes = Buffer.allocUnsafeSlow(CHUNK_SIZE)
      let filled = await this.feed.fill(bytes, 0)
      let used = this.readHeader(bytes.fill(0, filled), filled)
      for (;;) {
        // Events keep the bytes of their chunk, so the next chunk needs bytes of its own.
        const next = Buffer.allocUnsafeSlow(CHUNK_SIZE)
        const left = bytes.copy(next, 0, Math.min(used, filled), filled)
        filled = await this.feed.fill(next, left)
        this.offset += used
        if (filled === 0) break
        bytes = next.fill(0, filled)
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

/** The bytes of a source, taken in the sizes that the reader wants instead of those in which they arrive. */
class ByteFeed {
  /** Why the source ended early. */
  failure: string | undefined
  bytesRead = 0
  private readonly pieces: AsyncIterator<Uint8Array>
  private piece: Uint8Array = new Uint8Array(0)
  private isDone = false

  constructor(input: ByteSource) {
    this.pieces = input.chunks()[Symbol.asyncIterator]()
  }

  /** Fills the target from `start` on; returns where the bytes end, less than its length only at the end of the source. */
  async fill(target: Uint8Array, start: number): Promise<number> {
    let end = start
    while (end < target.length) {
      if (this.piece.length === 0 && !(await this.next())) break
      const taken = this.piece.subarray(0, target.length - end)
      target.set(taken, end)
      end += taken.length
      this.piece = this.piece.subarray(taken.length)
    }
    this.bytesRead += end - start
    return end
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
      else this.piece = value
    } catch (error) {
      // A source that breaks off, such as a damaged archive, is damage: what came before it counts.
      this.failure = error instanceof Error ? error.message : String(error)
      this.isDone = true
    }
    return !this.isDone
  }
}
