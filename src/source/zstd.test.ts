import { expect, test } from 'vitest'
import { packedLog as log, logText } from '../../test/fixtures/zstd/packed-log.ts'
import { unpackZstd } from './zstd.ts'

/** What a stream unpacks to, given in pieces of a few bytes; and the error it ends with. */
async function unpacked(packed: Uint8Array, pieceBytes = 7): Promise<{ text: string; error?: string }> {
  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < packed.length; at += pieceBytes) yield packed.subarray(at, at + pieceBytes)
  }
  const parts: Uint8Array[] = []
  try {
    for await (const part of unpackZstd(pieces())) parts.push(part)
  } catch (error) {
    return { text: Buffer.concat(parts).toString(), error: (error as Error).message }
  }
  return { text: Buffer.concat(parts).toString() }
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** A single segment of 13 bytes without a checksum. */
const short = hex('28b52ffd 20 0d 690000 7365636f6e64206672616d650a')

test('unpacks frames with and without checksum, one after the other, over any pieces', async () => {
  expect(await unpacked(log)).toEqual({ text: logText })
  expect(await unpacked(Buffer.concat([log, short, log]), 1)).toEqual({
    text: `${logText}second frame\n${logText}`,
  })
})

test('skippable frames are skipped, and an empty frame is empty', async () => {
  const skippable = hex('5a2a4d18 05000000 6162636465')
  expect(await unpacked(Buffer.concat([skippable, short, skippable]))).toEqual({ text: 'second frame\n' })
  expect(await unpacked(hex('28b52ffd 20 00 010000'))).toEqual({ text: '' })
})

test('what comes before damage is given', async () => {
  const cut = Buffer.concat([short, log.subarray(0, 100)])
  expect(await unpacked(cut)).toEqual({ text: 'second frame\n', error: 'its compressed data is cut off' })
  const wrong = Buffer.concat([short, Buffer.from('no frame')])
  expect(await unpacked(wrong)).toEqual({ text: 'second frame\n', error: 'its compressed data is damaged' })
  const otherSize = Buffer.from(short)
  otherSize[5] = 0x0e
  expect((await unpacked(otherSize)).error).toBe('its compressed data is damaged')
})

test('no damaged byte makes it throw anything but a sentence', async () => {
  for (let at = 4; at < log.length; at++) {
    const bytes = Buffer.from(log)
    bytes[at] = bytes[at]! ^ 0xff
    const { error } = await unpacked(bytes, 4096)
    expect(error ?? '').toMatch(
      /^$|^its compressed data is (damaged|cut off)$|^it is packed with a dict|^unpacking it needs/,
    )
  }
})

test('a frame that asks for too much memory, or for a dictionary, is refused by its header', async () => {
  expect((await unpacked(hex('28b52ffd 00 a8 010000'))).error).toBe(
    'unpacking it needs 2,048 MiB of memory; unpack it first (zstd -d --long=31)',
  )
  expect((await unpacked(hex('28b52ffd 21 07 0d 690000'))).error).toMatch(/^it is packed with a dictionary/)
})

test('a bomb of repeated bytes comes out a block at a time', async () => {
  // 1,000 blocks of 128 KiB each in four bytes.
  const block = Buffer.from([0x02, 0x00, 0x10, 0x41])
  const bomb = Buffer.concat([hex('28b52ffd 00 38'), ...Array.from({ length: 1000 }, () => block)])
  let count = 0
  async function* whole(): AsyncGenerator<Uint8Array, void, undefined> {
    yield bomb
  }
  for await (const part of unpackZstd(whole())) {
    expect(part.length).toBe(128 * 1024)
    if (++count === 10) break
  }
  expect(count).toBe(10)
})
