import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  buildChunk,
  buildFile,
  buildFileHeader,
  dataTemplate,
  eventRecord,
  value,
} from '../../../test/fixtures/evtx/build.ts'
import { decodeBytes } from '../../../test/fixtures/evtx/decode-bytes.ts'
import type { Damage } from '../reader.ts'
import { evtx } from './file.ts'

const CHUNK_SIZE = 65_536

/** A chunk of `count` records that goes on counting from `first`. */
function chunkOf(first: number, count: number): Buffer {
  const ids = Array.from({ length: count }, (_, index) => first + index)
  const records = ids.map((id) =>
    eventRecord(id, value.nested(dataTemplate('User'), [value.text(`user ${id}`)])),
  )
  return buildChunk(records, first)
}

const threeChunks = () => buildFile(chunkOf(1, 3), chunkOf(4, 3), chunkOf(7, 3))

const ids = (events: readonly { position: string }[]) =>
  events.map(({ position }) => Number(position.replace('record ', '')))

test('files and single chunks are known by their first bytes', () => {
  expect(evtx.detects(threeChunks())).toBe(true)
  expect(evtx.detects(chunkOf(1, 1))).toBe(true)
  expect(evtx.detects(gzipSync(threeChunks()))).toBe(false)
  expect(evtx.detects(new TextEncoder().encode('ElfFile'))).toBe(false)
  expect(evtx.detects(new Uint8Array(0))).toBe(false)
})

test.each([1, 7, 4096, 65_536, 1_000_000])(
  'events are the same when bytes come %i at a time',
  async (pieceSize) => {
    const { events, records, damage } = await decodeBytes(threeChunks(), { pieceSize })
    expect(ids(events)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(records[8]?.data()).toEqual([{ name: 'User', value: 'user 9' }])
    expect(damage).toEqual([])
  },
)

test('the events of one chunk come as one group, readable after the next chunk was read', async () => {
  const groups = []
  const file = threeChunks()
  async function* chunks() {
    for (let at = 0; at < file.length; at += 4096) yield file.subarray(at, at + 4096)
  }
  for await (const group of evtx.decode({ name: 'x', chunks }, { recover: false, onDamage: () => {} }))
    groups.push(group)
  expect(groups.map((group) => group.length)).toEqual([3, 3, 3])
  expect(groups[0]?.[0]?.raw()).toContain("<Data Name='User'>user 1</Data>")
})

test('chunks carved without a file header are read', async () => {
  const { events, damage } = await decodeBytes(Buffer.concat([chunkOf(5, 2), chunkOf(7, 2)]))
  expect(ids(events)).toEqual([5, 6, 7, 8])
  expect(damage).toEqual([])
})

test('reserved space between and behind chunks is no damage', async () => {
  const empty = Buffer.alloc(CHUNK_SIZE)
  const file = Buffer.concat([buildFileHeader(2), chunkOf(1, 2), empty, chunkOf(3, 2), empty, empty])
  const { events, damage } = await decodeBytes(file)
  expect(ids(events)).toEqual([1, 2, 3, 4])
  expect(damage).toEqual([])
})

test('a wrong header checksum is reported and everything is read', async () => {
  const file = threeChunks()
  file[24] = 0x77
  const { events, damage } = await decodeBytes(file)
  expect(events).toHaveLength(9)
  expect(damage).toEqual([{ position: 'file header', reason: 'its checksum is wrong', lostEvents: 0 }])
})

test('the flag of a log that was copied while in use is no damage', async () => {
  const file = threeChunks()
  file.writeUInt32LE(1, 120)
  const { events, damage } = await decodeBytes(file)
  expect(events).toHaveLength(9)
  expect(damage).toEqual([])
})

test('a file that ends inside a chunk gives its whole records and counts the others', async () => {
  const file = buildFile(chunkOf(1, 3))
  const { events: whole } = await decodeBytes(file)
  expect(whole).toHaveLength(3)
  const third = file.lastIndexOf(Buffer.from([0x2a, 0x2a, 0, 0]))
  const { events, records, damage } = await decodeBytes(file.subarray(0, third + 100))
  expect(ids(events)).toEqual([1, 2])
  expect(records[1]?.data()).toEqual([{ name: 'User', value: 'user 2' }])
  expect(damage).toEqual([{ position: 'chunk 0', reason: 'the file ends inside this chunk', lostEvents: 1 }])
})

test('a file that ends between chunks is told by what its header announces', async () => {
  const file = threeChunks().subarray(0, 4096 + 2 * CHUNK_SIZE)
  const { events, damage } = await decodeBytes(file)
  expect(events).toHaveLength(6)
  expect(damage).toEqual([
    {
      position: 'chunk 2',
      reason: 'the file ends after 2 of the 3 chunks that its header announces',
      lostEvents: undefined,
    },
  ])
})

test('a chunk that was overwritten costs the records that the next one misses', async () => {
  const file = threeChunks()
  file.fill(0xa5, 4096 + CHUNK_SIZE, 4096 + 2 * CHUNK_SIZE)
  const { events, damage } = await decodeBytes(file)
  expect(ids(events)).toEqual([1, 2, 3, 7, 8, 9])
  expect(damage).toEqual([{ position: 'chunk 1', reason: 'there is no chunk here', lostEvents: 3 }])
})

test('a chunk without its signature is known by its records', async () => {
  const file = threeChunks()
  file.fill(0, 4096 + CHUNK_SIZE, 4096 + CHUNK_SIZE + 8)
  const { events, damage } = await decodeBytes(file)
  expect(events).toHaveLength(9)
  expect(damage).toEqual([
    { position: 'chunk 1', reason: 'the chunk does not begin with its signature', lostEvents: 0 },
  ])
})

test.each([1, 512, 4096, 60_000])(
  'after %i bytes that do not belong, chunks are found again',
  async (size) => {
    const file = threeChunks()
    const at = 4096 + CHUNK_SIZE
    const { events, damage } = await decodeBytes(
      Buffer.concat([file.subarray(0, at), Buffer.alloc(size, 0x11), file.subarray(at)]),
    )
    expect(ids(events)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(damage).toEqual([{ position: 'chunk 1', reason: 'there is no chunk here', lostEvents: 0 }])
  },
)

test('bytes that are missing inside a chunk do not hide the next chunk', async () => {
  const file = threeChunks()
  const cut = 4096 + CHUNK_SIZE + 700 // in the first record of the second chunk
  const { events, damage } = await decodeBytes(
    Buffer.concat([file.subarray(0, cut), file.subarray(cut + 1000)]),
  )
  expect(ids(events)).toEqual(expect.arrayContaining([1, 2, 3, 7, 8, 9]))
  expect(damage.length).toBeGreaterThan(0)
  const lost = damage.reduce((sum, each) => sum + (each.lostEvents ?? 0), 0)
  expect(events.length + lost).toBe(9)
})

test('a chunk that loses its end to the next one says so', async () => {
  const file = threeChunks()
  const cut = 4096 + 1000
  const { events, damage } = await decodeBytes(
    Buffer.concat([file.subarray(0, cut), file.subarray(4096 + CHUNK_SIZE)]),
  )
  expect(ids(events)).toEqual([4, 5, 6, 7, 8, 9])
  expect(damage).toContainEqual({
    position: 'chunk 0',
    reason: 'the next chunk begins inside this one: bytes are missing',
    lostEvents: 3,
  })
})

test('bytes that are no event log are damage, not an error', async () => {
  const { events, damage } = await decodeBytes(Buffer.alloc(200_000, 'garbage '))
  expect(events).toEqual([])
  expect(damage.map(({ reason }) => reason)).toEqual([
    'the file does not begin as an event log does',
    'there is no chunk here',
  ])
})

test.each([0, 1, 100, 4095, 4096])('the first %i bytes of a file alone do no harm', async (size) => {
  const { events, damage } = await decodeBytes(threeChunks().subarray(0, size))
  expect(events).toEqual([])
  expect(damage.length).toBeGreaterThan(0)
})

test('a source that breaks off is damage, and what came before it counts', async () => {
  const file = threeChunks()
  async function* chunks() {
    yield file.subarray(0, 4096 + CHUNK_SIZE + 700)
    throw new Error('unexpected end of file')
  }
  const damage: Damage[] = []
  let count = 0
  const options = { recover: false, onDamage: (each: Damage) => damage.push(each) }
  for await (const group of evtx.decode({ name: 'x', chunks }, options)) count += group.length
  expect(count).toBe(3)
  expect(damage).toEqual([
    { position: 'chunk 1', reason: 'the file ends inside this chunk', lostEvents: 3 },
    {
      position: `byte ${4096 + CHUNK_SIZE + 700}`,
      reason: 'reading stopped: unexpected end of file',
      lostEvents: undefined,
    },
  ])
})

test('leaving early closes the source', async () => {
  let isClosed = false
  async function* chunks() {
    try {
      for (;;) yield threeChunks()
    } finally {
      isClosed = true
    }
  }
  for await (const _group of evtx.decode({ name: 'x', chunks }, { recover: false, onDamage: () => {} })) break
  expect(isClosed).toBe(true)
})

test('events of one log share their metadata', async () => {
  const { events } = await decodeBytes(threeChunks())
  expect(events[8]?.metadata).toBe(events[0]?.metadata)
})
