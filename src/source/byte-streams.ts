// Pieces of byte streams that evidence is read through: a look at the beginning, exact numbers of bytes, and unpacking
// through node:zlib one small step at a time, so that a little packed input never becomes much memory.

import type { Transform } from 'node:stream'

/** A stream of bytes, to be read once. */
export type ByteChunks = AsyncGenerator<Uint8Array, void, undefined>

/** Reads the first bytes of a stream (fewer if it is shorter), and gives the whole stream back with them. */
export async function peek(
  chunks: ByteChunks,
  bytes: number,
): Promise<{ readonly head: Buffer; readonly chunks: ByteChunks }> {
  const begun: Uint8Array[] = []
  let length = 0
  while (length < bytes) {
    const { value, done } = await chunks.next()
    if (done) break
    begun.push(value)
    length += value.length
  }
  const [only] = begun
  const first =
    only !== undefined && begun.length === 1
      ? Buffer.from(only.buffer, only.byteOffset, only.length)
      : Buffer.concat(begun)
  return { head: first.subarray(0, bytes), chunks: resumed(first, chunks) }
}

async function* resumed(first: Buffer, rest: ByteChunks): ByteChunks {
  try {
    if (first.length > 0) yield first
    yield* rest
  } finally {
    // A generator that never began would not close what it was to read.
    await rest.return()
  }
}

/** Reads exact numbers of bytes from a stream. */
export class ByteQueue {
  private readonly chunks: ByteChunks
  private waiting: Buffer = Buffer.alloc(0)

  constructor(chunks: ByteChunks) {
    this.chunks = chunks
  }

  /** The next `length` bytes, or fewer at the end of the stream. */
  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = []
    let missing = length
    while (missing > 0 && (await this.fill())) {
      parts.push(this.shift(missing))
      missing -= parts.at(-1)!.length
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  }

  /** The next chunk, no longer than `most`; undefined at the end of the stream. */
  async next(most: number): Promise<Buffer | undefined> {
    return (await this.fill()) ? this.shift(most) : undefined
  }

  private shift(most: number): Buffer {
    const part = this.waiting.subarray(0, most)
    this.waiting = this.waiting.subarray(part.length)
    return part
  }

  private async fill(): Promise<boolean> {
    while (this.waiting.length === 0) {
      const { value, done } = await this.chunks.next()
      if (done) return false
      this.waiting = Buffer.from(value.buffer, value.byteOffset, value.length)
    }
    return true
  }
}

/** How many packed bytes are unpacked at a time: at DEFLATE's best ratio of about 1,000 they become 4 MiB. */
const stepBytes = 4096

/**
 * Passes a stream through a decompressor of node:zlib, step by step: the next input is read when the output of the
 * last is taken. Everything that was unpacked before an error is given before it is thrown.
 */
export async function* unpack(chunks: ByteChunks, decompressor: Transform): ByteChunks {
  const ready: Buffer[] = []
  let failure: Error | undefined
  decompressor.on('data', (chunk: Buffer) => ready.push(chunk))
  decompressor.on('error', (error) => {
    failure = error
  })
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += stepBytes) {
        await new Promise<void>((resolve) => {
          decompressor.once('close', resolve)
          decompressor.write(chunk.subarray(at, at + stepBytes), () => {
            decompressor.off('close', resolve)
            resolve()
          })
        })
        yield* ready.splice(0)
        if (failure !== undefined) throw failure
        if (decompressor.destroyed || decompressor.readableEnded) return
      }
    }
    await new Promise<void>((resolve) => {
      decompressor.once('close', resolve)
      decompressor.once('end', resolve)
      decompressor.end()
    })
    yield* ready.splice(0)
    if (failure !== undefined) throw failure
  } finally {
    decompressor.destroy()
  }
}
