// Reads zip archives by their directory, unpacking entries as streams. The directory is what other tools go by; walking
// the entries from the front instead would show other contents than they do, and cannot tell where some entries end.
// @see PKWARE APPNOTE 6.3.10

import { crc32, createInflateRaw } from 'node:zlib'
import { textOf } from '../decode/text/encoding.ts'
import { type ByteChunks, unpack } from './byte-streams.ts'
import type { ArchiveEntry } from './tar.ts'
import { zstdChunks } from './zstd.ts'

/** Bytes that can be read anywhere. */
export interface RandomAccess {
  readonly size: number
  /** Fewer bytes than asked for only at the end. */
  read(position: number, length: number): Promise<Buffer>
}

/** A zip entry: how much it takes up packed is known, unlike in other archives. */
export type ZipEntry =
  | (ArchiveEntry & { readonly kind: 'file'; readonly packedBytes: number })
  | (ArchiveEntry & { readonly kind: 'refused' })

/**
 * Yields the files of a zip archive in the order of its directory. Checksums are verified when an entry was read.
 *
 * @throws what reading throws, and an Error when the directory is damaged
 */
export async function* zipEntries(archive: RandomAccess): AsyncGenerator<ZipEntry> {
  const directory = await findDirectory(archive)
  let position = directory.position
  let bytes = Buffer.alloc(0)
  for (let left = directory.entries; left > 0; left--) {
    if (bytes.length < maxRecord && position + bytes.length < archive.size) {
      bytes = Buffer.concat([bytes, await archive.read(position + bytes.length, directoryStep)])
    }
    if (bytes.length < recordBytes || bytes.readUInt32LE(0) !== 0x02014b50) {
      throw new Error(`the zip directory is damaged: ${left} of ${directory.entries} entries cannot be found`)
    }
    const record = readRecord(bytes)
    position += record.length
    bytes = bytes.subarray(record.length)
    if (record.name.endsWith('/') || isAppleDouble(record.name)) continue
    yield entryOf(archive, record, directory.shift)
  }
}

const recordBytes = 46
/** A record with the longest name, extra field and comment. */
const maxRecord = recordBytes + 3 * 0xffff
const directoryStep = 256 * 1024

interface Directory {
  readonly position: number
  readonly entries: number
  /** How many bytes precede the archive in its file; all its positions are short by as many. */
  readonly shift: number
}

async function findDirectory(archive: RandomAccess): Promise<Directory> {
  const tailBytes = Math.min(archive.size, 22 + 0xffff)
  const tail = await archive.read(archive.size - tailBytes, tailBytes)
  let at = tail.length - 22
  while (
    at >= 0 &&
    !(tail.readUInt32LE(at) === 0x06054b50 && at + 22 + tail.readUInt16LE(at + 20) <= tail.length)
  )
    at--
  if (at < 0) throw new Error('the zip archive has no directory: it is cut off or damaged')
  const end = archive.size - tailBytes + at
  let entries = tail.readUInt16LE(at + 10)
  let size = tail.readUInt32LE(at + 12)
  let offset = tail.readUInt32LE(at + 16)
  let directoryEnd = end
  if (tail.readUInt16LE(at + 4) !== tail.readUInt16LE(at + 6)) {
    throw new Error('the zip archive is one part of several; put the parts together first')
  }
  const locator = at >= 20 ? tail.subarray(at - 20, at) : await archive.read(Math.max(0, end - 20), 20)
  if (locator.length === 20 && locator.readUInt32LE(0) === 0x07064b50) {
    const position = Number(locator.readBigUInt64LE(8))
    const record = Number.isSafeInteger(position) ? await archive.read(position, 56) : Buffer.alloc(0)
    if (record.length < 56 || record.readUInt32LE(0) !== 0x06064b50) {
      throw new Error('the zip archive is damaged: its Zip64 directory cannot be found')
    }
    entries = Number(record.readBigUInt64LE(32))
    size = Number(record.readBigUInt64LE(40))
    offset = Number(record.readBigUInt64LE(48))
    directoryEnd = position
  }
  const position = directoryEnd - size
  if (!(position >= 0) || !Number.isSafeInteger(entries) || position < offset) {
    throw new Error('the zip archive is damaged: its directory cannot be found')
  }
  return { position, entries, shift: position - offset }
}

interface ZipRecord {
  readonly name: string
  readonly length: number
  readonly flags: number
  readonly method: number
  readonly checksum: number
  readonly packedBytes: number
  readonly sizeBytes: number
  readonly offset: number
}

function readRecord(bytes: Buffer): ZipRecord {
  const nameEnd = recordBytes + bytes.readUInt16LE(28)
  const extraEnd = nameEnd + bytes.readUInt16LE(30)
  const length = extraEnd + bytes.readUInt16LE(32)
  if (length > bytes.length) throw new Error('the zip directory is cut off')
  // Zip64 holds those of the sizes that are all ones in the record, in this order.
  const zip64 = zip64Field(bytes.subarray(nameEnd, extraEnd))
  let at = 0
  const size = (stated: number): number => {
    if (stated !== 0xffffffff || at + 8 > zip64.length) return stated
    at += 8
    return Number(zip64.readBigUInt64LE(at - 8))
  }
  const sizeBytes = size(bytes.readUInt32LE(24))
  const packedBytes = size(bytes.readUInt32LE(20))
  const offset = size(bytes.readUInt32LE(42))
  return {
    name: textOf(bytes, recordBytes, nameEnd),
    length,
    flags: bytes.readUInt16LE(8),
    method: bytes.readUInt16LE(10),
    checksum: bytes.readUInt32LE(16),
    packedBytes,
    sizeBytes,
    offset,
  }
}

function zip64Field(extra: Buffer): Buffer {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, end)
    at = end
  }
  return extra.subarray(0, 0)
}

/** macOS adds a file with attributes to each file. */
function isAppleDouble(name: string): boolean {
  return /(?:^|\/)__MACOSX\/(?:.*\/)?\._[^/]*$/.test(name)
}

/** APPNOTE 4.4.5 */
const methodNames: ReadonlyMap<number, string> = new Map([
  [9, 'Deflate64'],
  [12, 'BZip2'],
  [14, 'LZMA'],
  [95, 'XZ'],
  [98, 'PPMd'],
])

function entryOf(archive: RandomAccess, record: ZipRecord, shift: number): ZipEntry {
  const { name, method, packedBytes, sizeBytes } = record
  if (record.flags & 1)
    return { kind: 'refused', name, reason: 'it is encrypted; unpack it with its password first' }
  if (method !== STORED && method !== DEFLATED && method !== ZSTANDARD) {
    const how = methodNames.get(method) ?? `method ${method}`
    return {
      kind: 'refused',
      name,
      reason: `it is packed with ${how}, which Karst does not unpack; unpack it first`,
    }
  }
  const chunks = () => entryChunks(archive, record, record.offset + shift)
  return { kind: 'file', name, sizeBytes, packedBytes, chunks }
}

async function* entryChunks(archive: RandomAccess, record: ZipRecord, position: number): ByteChunks {
  const isInside = position + 30 + record.packedBytes <= archive.size
  const header = isInside ? await archive.read(position, 30) : Buffer.alloc(0)
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) {
    throw new Error('the zip archive is damaged: the entry is not where the directory says')
  }
  const begin = position + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = rangeOf(archive, begin, record.packedBytes)
  let checksum = 0
  let length = 0
  for await (const chunk of unpacked(packed, record.method)) {
    checksum = crc32(chunk, checksum)
    length += chunk.length
    yield chunk
  }
  if (length !== record.sizeBytes || checksum !== record.checksum) {
    throw new Error('the zip entry is damaged: its size or checksum is wrong')
  }
}

function unpacked(packed: ByteChunks, method: number): ByteChunks {
  if (method === STORED) return packed
  return method === ZSTANDARD ? zstdChunks(packed) : unpack(packed, createInflateRaw())
}

const STORED = 0
const DEFLATED = 8
const ZSTANDARD = 93

async function* rangeOf(archive: RandomAccess, from: number, length: number): ByteChunks {
  for (let at = from; at < from + length; ) {
    const chunk = await archive.read(at, Math.min(readBytes, from + length - at))
    if (chunk.length === 0) throw new Error('the zip archive is cut off')
    at += chunk.length
    yield chunk
  }
}

const readBytes = 256 * 1024
