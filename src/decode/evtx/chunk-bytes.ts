// The 64 KiB of one chunk and the two things all its records share: element names, and how much work its
// templates may cause. Offsets inside a chunk count from its start. Tokens are left to binxml, records to chunk.

/** Size of a chunk, header included. Offsets in BinXml never leave it. */
export const CHUNK_SIZE = 65_536

/**
 * Names longer than this are damage: schema names are short, and a hostile chunk could overlap thousands of
 * 64 KiB names.
 */
const MAX_NAME_LENGTH = 1024

/**
 * How many bytes of template definitions a chunk may make us parse. Honest definitions do not overlap, so all of
 * them fit in one chunk; a hostile chunk could point each record into the same bytes at another offset.
 */
const MAX_DEFINITION_BYTES = 2 * CHUNK_SIZE

// What would change the structure of XML or cannot stand in a name.
const NOT_A_NAME = /^$|[\x00-\x20"'&<>=/]/

/** Thrown where bytes cannot be what they claim. Caught per record: it never leaves the decoder. */
export class DamagedBytes extends Error {}

/** The bytes of one chunk, with the names and the budget that its records share. */
export class ChunkBytes {
  readonly bytes: Buffer
  readonly view: DataView
  private readonly names = new Map<number, string>()
  private definitionBytes = 0

  /** @param bytes exactly CHUNK_SIZE bytes that nobody changes afterwards: events read them later */
  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u16(offset: number): number {
    return this.bytes[offset]! | (this.bytes[offset + 1]! << 8)
  }

  u32(offset: number): number {
    return this.view.getUint32(offset, true)
  }

  /** 64 bits as a number; exact below 2^53, which every count and record number of an honest file is. */
  u64(offset: number): number {
    return this.u32(offset + 4) * 4_294_967_296 + this.u32(offset)
  }

  /** UTF-16 text between two offsets, as it stands. */
  utf16(start: number, end: number): string {
    // Natural form: the last line alone. Up to 4 characters this is twice as fast (bench/decode-evtx.ts).
    const length = (end - start) >> 1
    if (length > 4) return this.bytes.toString('utf16le', start, end)
    let text = ''
    for (let at = start; at + 1 < end; at += 2) text += String.fromCharCode(this.u16(at))
    return text
  }

  /** The bytes that the name at this offset occupies: next name u32, hash u16, length u16, text, NUL. */
  nameSize(offset: number): number {
    if (offset + 8 > CHUNK_SIZE) throw new DamagedBytes('a name lies outside the chunk')
    return 10 + 2 * this.u16(offset + 6)
  }

  /** The element, attribute or entity name at this offset. */
  name(offset: number): string {
    const known = this.names.get(offset)
    if (known !== undefined) return known
    const end = offset + this.nameSize(offset) - 2
    if (end > CHUNK_SIZE) throw new DamagedBytes('a name lies outside the chunk')
    if (end - offset > 8 + 2 * MAX_NAME_LENGTH) throw new DamagedBytes('a name is too long')
    const name = this.bytes.toString('utf16le', offset + 8, end)
    if (NOT_A_NAME.test(name)) throw new DamagedBytes('a name has characters that no XML name has')
    this.names.set(offset, name)
    return name
  }

  /** Counts the bytes of a template definition before it is parsed, and refuses when they add up to an attack. */
  spendDefinition(size: number): void {
    this.definitionBytes += size
    if (this.definitionBytes > MAX_DEFINITION_BYTES) {
      throw new DamagedBytes('the template definitions of this chunk overlap')
    }
  }
}
