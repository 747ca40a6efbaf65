// Unpacks Zstandard: with Node where it can (from 22.15 on), else frame by frame and block by block with fzstd, so that a
// hostile file is refused by what its headers say before it costs memory. fzstd does not verify the checksum at the end
// of a frame; a content size that the header states is compared here.
// @see RFC 8878, 3.1: Frames

import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { Decompress } from 'fzstd'
import { type ByteChunks, ByteQueue, unpack } from './byte-streams.ts'

/** Unpacks a stream of Zstandard frames. */
export function zstdChunks(chunks: ByteChunks): ByteChunks {
  const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform }
  return createZstdDecompress === undefined ? unpackZstd(chunks) : unpack(chunks, createZstdDecompress())
}

const frameMagic = 0xfd2fb528
const skippableMagic = 0x184d2a50
/** What a frame may ask for as memory: zstd's own limit for readers, 2^27, as `--long` frames use. */
const maxWindowBytes = 128 * 1024 ** 2
const maxBlockBytes = 128 * 1024

/** What a frame header says. */
interface FrameHeader {
  readonly bytes: Buffer
  readonly windowBytes: number
  readonly contentBytes: number | undefined
  readonly hasChecksum: boolean
}

/**
 * Unpacks a stream of Zstandard frames, one block of at most 128 KiB at a time.
 * @throws what reading throws, and an Error when the data is damaged or asks for too much memory; what comes before the
 *   damage was given
 */
export async function* unpackZstd(chunks: ByteChunks): ByteChunks {
  try {
    const bytes = new ByteQueue(chunks)
    for (;;) {
      const magic = await bytes.take(4)
      if (magic.length === 0) return
      const number = magic.length === 4 ? magic.readUInt32LE() : 0
      if (number === frameMagic) yield* unpackFrame(magic, bytes)
      else if ((number & 0xfffffff0) === skippableMagic) await skipFrame(bytes)
      else throw damaged()
    }
  } finally {
    await chunks.return()
  }
}

async function* unpackFrame(magic: Buffer, bytes: ByteQueue): ByteChunks {
  const header = await readHeader(magic, bytes)
  const { windowBytes, contentBytes, hasChecksum } = header
  const unpacked: Uint8Array[] = []
  const frame = new Decompress((block) => unpacked.push(block))
  const push = (part: Uint8Array, isLast: boolean): void => {
    try {
      frame.push(part, isLast)
    } catch {
      throw damaged()
    }
  }
  push(header.bytes, false)
  let total = 0
  for (let isLast = false; !isLast; ) {
    const blockHeader = await takeAll(bytes, 3)
    const word = blockHeader.readUIntLE(0, 3)
    isLast = (word & 1) === 1
    const type = (word >> 1) & 3
    const size = word >> 3
    if (type === RESERVED || size > Math.min(windowBytes, maxBlockBytes)) throw damaged()
    const body = await takeAll(bytes, type === RUN ? 1 : size)
    const checksum = isLast && hasChecksum ? await takeAll(bytes, 4) : Buffer.alloc(0)
    push(Buffer.concat([blockHeader, body, checksum]), isLast)
    for (const block of unpacked.splice(0)) {
      total += block.length
      if (block.length > 0) yield block
    }
  }
  if (contentBytes !== undefined && total !== contentBytes) throw damaged()
}

/** RFC 8878, 3.1.1.1: Frame_Header */
async function readHeader(magic: Buffer, bytes: ByteQueue): Promise<FrameHeader> {
  const descriptor = await takeAll(bytes, 1)
  const flags = descriptor[0]!
  if ((flags & 8) !== 0) throw damaged()
  const isSingleSegment = (flags & 0x20) !== 0
  const dictionaryLength = [0, 1, 2, 4][flags & 3]!
  const sizeLength = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6]!
  const rest = await takeAll(bytes, (isSingleSegment ? 0 : 1) + dictionaryLength + sizeLength)
  const dictionary = rest.subarray(isSingleSegment ? 0 : 1)
  if (dictionaryLength > 0 && dictionary.readUIntLE(0, dictionaryLength) !== 0)
    throw new Error('it is packed with a dictionary, which Karst does not have; unpack it first (zstd -d -D)')
  const stated = rest.subarray(rest.length - sizeLength)
  const contentBytes =
    sizeLength === 0
      ? undefined
      : sizeLength === 8
        ? Number(stated.readBigUInt64LE())
        : stated.readUIntLE(0, sizeLength) + (sizeLength === 2 ? 256 : 0)
  const base = 2 ** (10 + (rest[0]! >> 3))
  const windowBytes = isSingleSegment ? contentBytes! : base + (base / 8) * (rest[0]! & 7)
  if (windowBytes > maxWindowBytes) {
    const mebibytes = Math.ceil(windowBytes / 1024 ** 2).toLocaleString('en-US')
    throw new Error(`unpacking it needs ${mebibytes} MiB of memory; unpack it first (zstd -d --long=31)`)
  }
  const hasChecksum = (flags & 4) !== 0
  return { bytes: Buffer.concat([magic, descriptor, rest]), windowBytes, contentBytes, hasChecksum }
}

async function skipFrame(bytes: ByteQueue): Promise<void> {
  for (let left = (await takeAll(bytes, 4)).readUInt32LE(); left > 0; ) {
    const part = await bytes.next(left)
    if (part === undefined) throw cutOff()
    left -= part.length
  }
}

async function takeAll(bytes: ByteQueue, length: number): Promise<Buffer> {
  const taken = await bytes.take(length)
  if (taken.length < length) throw cutOff()
  return taken
}

const damaged = (): Error => new Error('its compressed data is damaged')
const cutOff = (): Error => new Error('its compressed data is cut off')

const RUN = 1
const RESERVED = 3
