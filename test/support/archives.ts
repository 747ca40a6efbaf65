// Small archives for tests, written byte by byte so that they can also be wrong.

import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipMember {
  readonly name: string
  readonly bytes: Uint8Array
  readonly method?: 0 | 8 | 9
  readonly flags?: number
  /** What the directory claims instead of the truth. */
  readonly claims?: { readonly checksum?: number; readonly size?: number; readonly offset?: number }
}

/** A zip archive. `zip64` writes all sizes and positions in Zip64 fields, as for archives beyond 4 GiB. */
export function zip(
  members: readonly ZipMember[],
  { zip64 = false, prefix = '', comment = '' } = {},
): Buffer {
  const parts: Buffer[] = [Buffer.from(prefix)]
  const directory: Buffer[] = []
  let position = 0
  const add = (part: Buffer) => {
    parts.push(part)
    position += part.length
  }
  for (const { name, bytes, method = 8, flags = 0x800, claims = {} } of members) {
    const packed = method === 8 ? deflateRawSync(bytes) : Buffer.from(bytes)
    const checksum = claims.checksum ?? crc32(bytes)
    const size = claims.size ?? bytes.length
    const offset = claims.offset ?? position
    const encoded = Buffer.from(name)
    const extra = zip64 ? Buffer.alloc(28) : Buffer.alloc(0)
    if (zip64) {
      extra.writeUInt16LE(1, 0)
      extra.writeUInt16LE(24, 2)
      for (const [index, value] of [size, packed.length, offset].entries()) {
        extra.writeBigUInt64LE(BigInt(value), 4 + index * 8)
      }
    }
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(flags, 6)
    local.writeUInt16LE(method, 8)
    local.writeUInt16LE(encoded.length, 26)
    add(Buffer.concat([local, encoded, packed]))
    const record = Buffer.alloc(46)
    record.writeUInt32LE(0x02014b50, 0)
    record.writeUInt16LE(flags, 8)
    record.writeUInt16LE(method, 10)
    record.writeUInt32LE(checksum, 16)
    record.writeUInt32LE(zip64 ? 0xffffffff : packed.length, 20)
    record.writeUInt32LE(zip64 ? 0xffffffff : size, 24)
    record.writeUInt16LE(encoded.length, 28)
    record.writeUInt16LE(extra.length, 30)
    record.writeUInt32LE(zip64 ? 0xffffffff : offset, 42)
    directory.push(record, encoded, extra)
  }
  const directoryAt = position
  add(Buffer.concat(directory))
  const directoryBytes = position - directoryAt
  if (zip64) {
    const end64 = Buffer.alloc(56 + 20)
    end64.writeUInt32LE(0x06064b50, 0)
    end64.writeBigUInt64LE(44n, 4)
    end64.writeBigUInt64LE(BigInt(members.length), 32)
    end64.writeBigUInt64LE(BigInt(directoryBytes), 40)
    end64.writeBigUInt64LE(BigInt(directoryAt), 48)
    end64.writeUInt32LE(0x07064b50, 56)
    end64.writeBigUInt64LE(BigInt(position), 64)
    add(end64)
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(zip64 ? 0xffff : members.length, 10)
  end.writeUInt32LE(zip64 ? 0xffffffff : directoryBytes, 12)
  end.writeUInt32LE(zip64 ? 0xffffffff : directoryAt, 16)
  end.writeUInt16LE(comment.length, 20)
  add(Buffer.concat([end, Buffer.from(comment)]))
  return Buffer.concat(parts)
}

/** One file, or another thing by its type flag, in a tar archive. */
export function tarMember(name: string, bytes: Uint8Array | string, type = '0'): Buffer {
  const content = Buffer.from(bytes)
  const header = Buffer.alloc(512)
  header.write(name.slice(0, 100), 0)
  header.write('0000644\0', 100)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('        ', 148)
  header.write(type, 156)
  header.write('ustar\u000000', 257)
  let sum = 0
  for (const byte of header) sum += byte
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)])
}

export function tar(...members: readonly Buffer[]): Buffer {
  return Buffer.concat([...members, Buffer.alloc(1024)])
}
