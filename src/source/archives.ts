// Opens archives and compressed files in evidence, one inside the other: zip, gzip, tar, Zstandard. Recognised by their
// first bytes. Everything is bounded, since archives are hostile too; what goes beyond a limit is refused by name.
// Nothing is written to disk, so names inside archives lead nowhere.

import { createGunzip } from 'node:zlib'
import { type ByteChunks, unpack } from './byte-streams.ts'
import { type ArchiveEntry, isTar, tarEntries } from './tar.ts'
import { type RandomAccess, zipEntries } from './zip.ts'
import { zstdChunks } from './zstd.ts'

/** Limits on what archives may hold. */
export interface ArchiveLimits {
  /** Bytes unpacked from one archive, all that is inside it counted. */
  readonly maxInflatedBytes: number
  /** Bytes unpacked for each byte of the archive, once `ratioFreeBytes` were unpacked. */
  readonly maxRatio: number
  readonly ratioFreeBytes: number
  readonly maxEntries: number
  /** Archives in archives: `a.zip!b.tar.gz!c.log` is three deep. */
  readonly maxDepth: number
  /** An archive inside an archive whose directory is at its end (zip) is held in memory. */
  readonly maxHeldBytes: number
}

/**
 * The limits that hold unless others are given. Real logs pack 10 to 60 times, event logs that are mostly preallocated
 * space some hundred times but then they are small; a bomb packs 1,000 times.
 */
export const archiveLimits: ArchiveLimits = {
  maxInflatedBytes: 256 * 1024 ** 3,
  maxRatio: 250,
  ratioFreeBytes: 64 * 1024 ** 2,
  maxEntries: 100_000,
  maxDepth: 5,
  maxHeldBytes: 256 * 1024 ** 2,
}

/** A file, or something inside one. */
export interface Content {
  readonly name: string
  readonly sizeBytes: number | undefined
  /** From the beginning; to be called once. */
  chunks(): ByteChunks
  /** Where the bytes can be read anywhere. */
  readonly access?: RandomAccess
}

/** What an archive holds: further contents, which must be read one after the other, and what cannot be read. */
export type Unfolded =
  | { readonly kind: 'content'; readonly content: Content }
  | { readonly kind: 'refused'; readonly name: string; readonly reason: string }

/** Forms that are opened. */
export type ArchiveForm = 'zip' | 'gzip' | 'tar' | 'zstd'

/** Tells an archive by its first bytes (512 are enough). */
export function archiveForm(head: Uint8Array): ArchiveForm | undefined {
  const [first, second, third, fourth] = head
  if (first === 0x50 && second === 0x4b) {
    // A local header; the end of the directory of an empty archive; the mark of one in parts.
    if ((third === 3 && fourth === 4) || (third === 5 && fourth === 6) || (third === 7 && fourth === 8))
      return 'zip'
  }
  if (first === 0x1f && second === 0x8b && third === 8) return 'gzip'
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return 'zstd'
  return isTar(head) ? 'tar' : undefined
}

/** Other packers, which are named rather than called unknown. */
export function foreignArchive(head: Uint8Array): string | undefined {
  const found = foreignArchives.find(({ magic }) => magic.every((byte, index) => head[index] === byte))
  return (
    found &&
    `it is packed with ${found.name}, which Karst does not unpack; unpack it first (${found.command})`
  )
}

const foreignArchives: readonly {
  readonly magic: readonly number[]
  readonly name: string
  readonly command: string
}[] = [
  { magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], name: '7-Zip', command: '7z x' },
  { magic: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], name: 'RAR', command: 'unrar x' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], name: 'XZ', command: 'xz -d' },
  { magic: [0x42, 0x5a, 0x68], name: 'BZip2', command: 'bzip2 -d' },
  { magic: [0x4d, 0x53, 0x43, 0x46], name: 'a cabinet', command: 'expand' },
  { magic: [0x04, 0x22, 0x4d, 0x18], name: 'LZ4', command: 'lz4 -d' },
]

/** What was unpacked from one outermost archive so far. */
export class Allowance {
  private readonly limits: ArchiveLimits
  private readonly archiveBytes: number | undefined
  private inflated = 0
  private entries = 0

  /** @param archiveBytes size of the archive; undefined when it comes as a stream */
  constructor(limits: ArchiveLimits, archiveBytes: number | undefined) {
    this.limits = limits
    this.archiveBytes = archiveBytes
  }

  /** Counts an entry; false when there are too many. */
  takeEntry(): boolean {
    this.entries++
    return this.entries <= this.limits.maxEntries
  }

  /** Whether nothing more may be unpacked. */
  get isSpent(): boolean {
    return this.refusal(this.inflated, this.archiveBytes) !== undefined
  }

  /** Passes unpacked bytes on while they are within the limits; `packedBytes` tells how many they were made of. */
  async *guard(chunks: ByteChunks, packedBytes: () => number): ByteChunks {
    let inflated = 0
    for await (const chunk of chunks) {
      inflated += chunk.length
      this.inflated += chunk.length
      const reason = this.refusal(this.inflated, this.archiveBytes) ?? this.refusal(inflated, packedBytes())
      if (reason !== undefined) throw new Error(reason)
      yield chunk
    }
  }

  private refusal(inflated: number, packed: number | undefined): string | undefined {
    const { maxInflatedBytes, maxRatio, ratioFreeBytes } = this.limits
    if (inflated > maxInflatedBytes)
      return `the archive unpacks to more than ${mebibytes(maxInflatedBytes)} MiB`
    if (packed === undefined || inflated <= ratioFreeBytes || inflated <= packed * maxRatio) return undefined
    return `it unpacks to more than ${maxRatio} times its size and ${mebibytes(ratioFreeBytes)} MiB, as archive bombs do`
  }
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toLocaleString('en-US', { maximumFractionDigits: 1 })
}

/** Yields what an archive holds, in its order. A damaged archive gives what can be found, then a refusal. */
export async function* unfold(
  archive: Content,
  form: ArchiveForm,
  allowance: Allowance,
  limits: ArchiveLimits,
): AsyncGenerator<Unfolded> {
  switch (form) {
    case 'gzip':
      yield {
        kind: 'content',
        content: decompressed(archive, (packed) => unpack(packed, createGunzip()), allowance),
      }
      return
    case 'zstd':
      yield { kind: 'content', content: decompressed(archive, zstdChunks, allowance) }
      return
    case 'tar':
      yield* inside(archive.name, tarEntries(archive.chunks()), allowance, limits)
      return
    case 'zip': {
      const access = archive.access ?? (await hold(archive, limits))
      if (typeof access === 'string') yield { kind: 'refused', name: archive.name, reason: access }
      else yield* inside(archive.name, zipEntries(access), allowance, limits)
      return
    }
  }
}

async function* inside(
  archiveName: string,
  entries: AsyncIterable<ArchiveEntry & { readonly packedBytes?: number }>,
  allowance: Allowance,
  limits: ArchiveLimits,
): AsyncGenerator<Unfolded> {
  for await (const entry of entries) {
    if (!allowance.takeEntry()) {
      const reason = `the archive has more than ${limits.maxEntries.toLocaleString('en-US')} entries; the rest was left out`
      yield { kind: 'refused', name: archiveName, reason }
      return
    }
    if (allowance.isSpent) {
      const reason = 'the archive unpacked to more than is allowed; the rest was left out'
      yield { kind: 'refused', name: archiveName, reason }
      return
    }
    const name = `${archiveName}!${entry.name}`
    if (entry.kind === 'refused') {
      yield { kind: 'refused', name, reason: entry.reason }
      continue
    }
    const { packedBytes } = entry
    // Bytes in a tar archive were counted when the archive was unpacked, or were never packed.
    const chunks =
      packedBytes === undefined
        ? () => entry.chunks()
        : () => allowance.guard(entry.chunks(), () => packedBytes)
    yield { kind: 'content', content: { name, sizeBytes: entry.sizeBytes, chunks } }
  }
}

/** What a compressed file holds goes by the file's own name: there is only one. */
function decompressed(
  archive: Content,
  unpacked: (chunks: ByteChunks) => ByteChunks,
  allowance: Allowance,
): Content {
  let packed = 0
  async function* counted(): ByteChunks {
    for await (const chunk of archive.chunks()) {
      packed += chunk.length
      yield chunk
    }
  }
  const chunks = () => allowance.guard(unpacked(counted()), () => packed)
  return { name: archive.name, sizeBytes: undefined, chunks }
}

/** Reads a whole archive into memory, as far as that is allowed; otherwise the reason why not. */
async function hold(archive: Content, limits: ArchiveLimits): Promise<RandomAccess | string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of archive.chunks()) {
    size += chunk.length
    if (size > limits.maxHeldBytes) {
      return `a zip archive inside another, or from standard input, may have ${mebibytes(limits.maxHeldBytes)} MiB at most; unpack it first`
    }
    parts.push(chunk)
  }
  const bytes = Buffer.concat(parts)
  return { size, read: async (position, length) => bytes.subarray(position, position + length) }
}
