// One chunk: its header, the records up to its free space, and the way back to the next record after damage.
// What a record says is for record; which bytes are a chunk is for file.

import { crc32 } from 'node:zlib'
import type { EventMetadata } from '../reader.ts'
import { CHUNK_SIZE, ChunkBytes, DamagedBytes } from './chunk-bytes.ts'
import { EvtxRecord, RECORD_HEADER_SIZE, type RecordContext } from './record.ts'
import { Templates } from './template.ts'

/** What a chunk begins with. */
export const CHUNK_SIGNATURE = Buffer.from('ElfChnk\0', 'latin1')

/** Header with its tables of names and templates; records follow. */
const CHUNK_HEADER_SIZE = 512

const FIRST_NUMBER_OFFSET = 8
const LAST_NUMBER_OFFSET = 16
const FIRST_ID_OFFSET = 24
const LAST_ID_OFFSET = 32
const FREE_SPACE_OFFSET = 48
const DATA_CHECKSUM_OFFSET = 52
const FLAGS_OFFSET = 120
const HEADER_CHECKSUM_OFFSET = 124
/** In the flags: the checksums were not written. */
const NO_CHECKSUMS = 0x2

const RECORD_MARK = 0x2a2a
const RECORD_MARK_BYTES = Buffer.from([0x2a, 0x2a, 0, 0])
const MIN_RECORD_SIZE = RECORD_HEADER_SIZE + 4
/** As many records as a chunk can hold. */
export const MAX_RECORDS = Math.floor((CHUNK_SIZE - CHUNK_HEADER_SIZE) / MIN_RECORD_SIZE)
/** Records begin at multiples of 8, counted from the start of the chunk. */
const RECORD_ALIGNMENT = 8

/** Where a chunk stands and who wants to know about it. */
export interface ChunkPlace {
  /** `chunk 7`. */
  readonly name: string
  /** How many of the bytes come from the file; the rest is zero because the file ended. */
  readonly filled: number
  /** Also read the records behind the free space offset. */
  readonly recover: boolean
  metadataFor(channel: string | undefined, computer: string | undefined): EventMetadata
  onDamage(position: string, reason: string, lostEvents: number | undefined): void
}

export interface ChunkContent {
  readonly events: readonly EvtxRecord[]
  /** Record numbers as its header counts them through the file; undefined when the header is damaged. */
  readonly numbers: { readonly first: number; readonly last: number } | undefined
  /** Where another chunk begins inside these bytes, because part of this one is missing; CHUNK_SIZE otherwise. */
  readonly end: number
}

/** Whether a chunk begins here. One whose signature is damaged is known by its first record. */
export function isChunk(bytes: Buffer): boolean {
  return hasSignature(bytes) || recordSizeAt(bytes, CHUNK_HEADER_SIZE, CHUNK_SIZE) > 0
}

/**
 * Reads a chunk. Its records are found and their outer templates read; all else waits until it is asked for,
 * except where a checksum already tells that something is wrong.
 *
 * @param bytes  CHUNK_SIZE bytes that nobody changes afterwards
 * @throws       never for damaged bytes: they are reported
 */
export function readChunk(bytes: Buffer, place: ChunkPlace): ChunkContent {
  return new ChunkReader(bytes, place).read()
}

/** A stretch of a chunk in which no record could be found. */
interface Gap {
  readonly position: string
  /** By the ids around it. Exported logs leave ids out, so this is believed when the sum is right. */
  readonly missingIds: number
}

class ChunkReader {
  private readonly bytes: Buffer
  private readonly chunk: ChunkBytes
  private readonly place: ChunkPlace
  private readonly context: RecordContext
  private readonly events: EvtxRecord[] = []
  private readonly gaps: Gap[] = []
  /** Records found, those included that could not be read. */
  private found = 0
  private lastId: number | undefined

  constructor(bytes: Buffer, place: ChunkPlace) {
    this.bytes = bytes
    this.chunk = new ChunkBytes(bytes)
    this.place = place
    this.context = {
      templates: new Templates(this.chunk),
      metadataFor: place.metadataFor,
      report: (recordId, reason) => {
        place.onDamage(`${place.name}, record ${recordId}`, `its data is cut short: ${reason}`, 0)
      },
    }
  }

  read(): ChunkContent {
    const { place } = this
    const isIntact = this.hasIntactHeader()
    const free = this.freeSpace()
    const hasIntactData = this.hasIntactData(free)
    const end = hasIntactData ? CHUNK_SIZE : this.nextChunk()
    const available = Math.min(end, place.filled)
    let offset = this.walk(Math.min(free, available))
    if (!isIntact) offset = this.walkOn(offset, available)
    const numbers = isIntact
      ? { first: this.chunk.u64(FIRST_NUMBER_OFFSET), last: this.chunk.u64(LAST_NUMBER_OFFSET) }
      : undefined
    const cutOff =
      available >= free
        ? undefined
        : end < free
          ? 'the next chunk begins inside this one: bytes are missing'
          : 'the file ends inside this chunk'
    this.reportMissing(numbers && numbers.last - numbers.first + 1, cutOff)
    if (place.recover) this.recover(Math.max(offset, free), available)
    if (!hasIntactData) for (const event of this.events) event.check()
    return { events: this.events, numbers, end }
  }

  private get hasChecksums(): boolean {
    return (this.chunk.u32(FLAGS_OFFSET) & NO_CHECKSUMS) === 0
  }

  private hasIntactHeader(): boolean {
    const { place } = this
    if (!hasSignature(this.bytes)) {
      place.onDamage(place.name, 'the chunk does not begin with its signature', 0)
      return false
    }
    if (!this.hasChecksums || hasHeaderChecksum(this.bytes)) return true
    place.onDamage(place.name, 'the checksum of its header is wrong', 0)
    return false
  }

  /** Where the records end. An impossible offset counts as the end of the chunk: marks then tell the records. */
  private freeSpace(): number {
    const free = this.chunk.u32(FREE_SPACE_OFFSET)
    if (free >= CHUNK_HEADER_SIZE && free <= CHUNK_SIZE) return free
    this.place.onDamage(this.place.name, 'its free space offset lies outside the chunk', 0)
    return CHUNK_SIZE
  }

  private hasIntactData(free: number): boolean {
    const { bytes, place } = this
    if (place.filled < free) return false // reported with the records that are missing
    if (
      !this.hasChecksums ||
      crc32(bytes.subarray(CHUNK_HEADER_SIZE, free)) === this.chunk.u32(DATA_CHECKSUM_OFFSET)
    ) {
      return true
    }
    place.onDamage(place.name, 'the checksum of its records is wrong', 0)
    return false
  }

  /** Where bytes were lost, the next chunk begins early. A header in full must have the right checksum. */
  private nextChunk(): number {
    let at = this.bytes.indexOf(CHUNK_SIGNATURE, CHUNK_HEADER_SIZE)
    while (at >= 0 && at + CHUNK_HEADER_SIZE <= CHUNK_SIZE && !hasHeaderChecksum(this.bytes.subarray(at))) {
      at = this.bytes.indexOf(CHUNK_SIGNATURE, at + 1)
    }
    return at >= 0 ? at : CHUNK_SIZE
  }

  /** Reads the records from the header to the limit; returns where the last one ended. */
  private walk(limit: number): number {
    let offset = CHUNK_HEADER_SIZE
    while (offset + MIN_RECORD_SIZE <= limit) {
      const size = recordSizeAt(this.bytes, offset, limit) || this.untrustedSizeAt(offset, limit)
      if (size === 0) {
        const next = findRecord(this.bytes, offset + RECORD_ALIGNMENT, limit)
        this.noteGap(offset, next)
        if (next < 0) return offset
        offset = next
      } else {
        this.record(offset, size)
        offset += size
      }
    }
    return offset
  }

  /** Behind a damaged header the free space offset may be too low: records that go on counting are not stale. */
  private walkOn(start: number, limit: number): number {
    let offset = start
    while (this.lastId !== undefined) {
      const size = recordSizeAt(this.bytes, offset, limit)
      if (size === 0 || this.chunk.u64(offset + 8) !== this.lastId + 1) return offset
      this.record(offset, size)
      offset += size
    }
    return offset
  }

  /** The size of a record whose trailing copy disagrees, when the size leads to another record; 0 otherwise. */
  private untrustedSizeAt(offset: number, limit: number): number {
    if (this.chunk.u32(offset) !== RECORD_MARK) return 0
    const size = this.chunk.u32(offset + 4)
    const next = offset + size
    if (size < MIN_RECORD_SIZE || next % RECORD_ALIGNMENT !== 0) return 0
    if (next !== limit && recordSizeAt(this.bytes, next, limit) === 0) return 0
    this.place.onDamage(`${this.place.name}, record ${this.chunk.u64(offset + 8)}`, 'its two sizes differ', 0)
    return size
  }

  private record(offset: number, size: number): void {
    const id = this.chunk.u64(offset + 8)
    this.found++
    this.lastId = id
    this.readRecord(offset, size, false, (reason) => {
      this.place.onDamage(`${this.place.name}, record ${id}`, reason, 1)
    })
  }

  private readRecord(
    offset: number,
    size: number,
    isRecovered: boolean,
    onDamage: (reason: string) => void,
  ): void {
    try {
      this.events.push(new EvtxRecord(this.context, offset, size, isRecovered))
    } catch (error) {
      if (!(error instanceof DamagedBytes)) throw error
      onDamage(error.message)
    }
  }

  private noteGap(start: number, next: number): void {
    const { chunk, lastId, place } = this
    const before = lastId ?? chunk.u64(FIRST_ID_OFFSET) - 1
    const behind = next < 0 ? chunk.u64(LAST_ID_OFFSET) + 1 : chunk.u64(next + 8)
    const hasMark = chunk.u32(start) === RECORD_MARK
    const where = hasMark
      ? `record ${chunk.u64(start + 8)}`
      : lastId === undefined
        ? `byte ${start}`
        : `after record ${lastId}`
    this.gaps.push({ position: `${place.name}, ${where}`, missingIds: behind - before - 1 })
  }

  /**
   * Reports the gaps with the records that were lost in them. The header counts the records, so that space left
   * between them is known from records that are gone.
   *
   * @param cutOff  why the chunk is not there to its end
   */
  private reportMissing(announced: number | undefined, cutOff: string | undefined): void {
    const { gaps, place } = this
    const isPlausible = announced !== undefined && announced >= this.found && announced <= MAX_RECORDS
    const missing = isPlausible ? announced - this.found : undefined
    if (missing === 0) return
    if (cutOff !== undefined) {
      place.onDamage(place.name, cutOff, missing)
      return
    }
    const isByIds =
      gaps.every((gap) => gap.missingIds >= 0) &&
      gaps.reduce((sum, gap) => sum + gap.missingIds, 0) === missing
    for (const { position, missingIds } of gaps) {
      const lost = gaps.length === 1 ? missing : isByIds ? missingIds : undefined
      if (lost !== 0) place.onDamage(position, 'no record can be found here', lost)
    }
    if (gaps.length === 0 && missing !== undefined) {
      place.onDamage(place.name, `its header counts ${announced} records, ${this.found} were found`, missing)
    }
  }

  /** Reads what older generations left behind the records in use. */
  private recover(start: number, limit: number): void {
    let offset = findRecord(this.bytes, start, limit)
    while (offset >= 0) {
      const size = recordSizeAt(this.bytes, offset, limit)
      const id = this.chunk.u64(offset + 8)
      this.readRecord(offset, size, true, (reason) => {
        this.place.onDamage(
          `${this.place.name}, deleted record ${id}`,
          `it cannot be recovered: ${reason}`,
          undefined,
        )
      })
      offset = findRecord(this.bytes, offset + size, limit)
    }
  }
}

/** Whether the checksum in the header of this chunk is right. It leaves out the flags and itself. */
function hasHeaderChecksum(bytes: Buffer): boolean {
  const start = crc32(bytes.subarray(0, FLAGS_OFFSET))
  return crc32(bytes.subarray(128, CHUNK_HEADER_SIZE), start) === bytes.readUInt32LE(HEADER_CHECKSUM_OFFSET)
}

function hasSignature(bytes: Buffer): boolean {
  return bytes.compare(CHUNK_SIGNATURE, 0, CHUNK_SIGNATURE.length, 0, CHUNK_SIGNATURE.length) === 0
}

/** The size of the record at this offset if its mark, its size and the copy of the size agree; 0 otherwise. */
function recordSizeAt(bytes: Buffer, offset: number, limit: number): number {
  if (offset + MIN_RECORD_SIZE > limit || bytes.readUInt32LE(offset) !== RECORD_MARK) return 0
  const size = bytes.readUInt32LE(offset + 4)
  if (size < MIN_RECORD_SIZE || offset + size > limit) return 0
  return bytes.readUInt32LE(offset + size - 4) === size ? size : 0
}

/** Where the next record begins at or behind `start`; -1 when there is none. */
function findRecord(bytes: Buffer, start: number, limit: number): number {
  let at = bytes.indexOf(RECORD_MARK_BYTES, start)
  while (at >= 0 && (at % RECORD_ALIGNMENT !== 0 || recordSizeAt(bytes, at, limit) === 0)) {
    at = bytes.indexOf(RECORD_MARK_BYTES, at + 1)
  }
  return at
}
