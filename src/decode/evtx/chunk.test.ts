import { describe, expect, test } from 'vitest'
import {
  type BuiltRecord,
  buildChunk,
  buildFile,
  ChunkBuilder,
  dataTemplate,
  eventRecord,
  sealChunk,
  value,
} from '../../../test/fixtures/evtx/build.ts'
import { decodeBytes } from '../../../test/fixtures/evtx/decode-bytes.ts'

const named = (id: number) => eventRecord(id, value.nested(dataTemplate('User'), [value.text(`user ${id}`)]))

/** Five records, and where each begins in the file. */
function fiveRecords(): { builder: ChunkBuilder; seal: () => Buffer } {
  const builder = new ChunkBuilder()
  for (const id of [101, 102, 103, 104, 105]) builder.record(named(id))
  const seal = () =>
    buildFile(sealChunk(builder.buffer, { first: 1, last: 5 }, builder.records[4]!, builder.at))
  return { builder, seal }
}

const positions = (events: readonly { position: string }[]) => events.map((event) => event.position)

test('records are read in order, each with the templates that the first one brought', async () => {
  const { events, records, damage } = await decodeBytes(fiveRecords().seal())
  expect(positions(events)).toEqual(['record 101', 'record 102', 'record 103', 'record 104', 'record 105'])
  expect(records[4]?.data()).toEqual([{ name: 'User', value: 'user 105' }])
  expect(damage).toEqual([])
})

test('one wrong checksum is reported and everything is read', async () => {
  const file = fiveRecords().seal()
  file[4096 + 56] = 1 // in the header, where nothing is looked up
  const { events, damage } = await decodeBytes(file)
  expect(events).toHaveLength(5)
  expect(damage).toEqual([
    { position: 'chunk 0', reason: 'the checksum of its header is wrong', lostEvents: 0 },
  ])
})

test('without checksums, as the flags may say, there is nothing to be wrong', async () => {
  const file = fiveRecords().seal()
  file.writeUInt32LE(3, 4096 + 120)
  file.fill(0, 4096 + 52, 4096 + 56)
  const { events, damage } = await decodeBytes(file)
  expect(events).toHaveLength(5)
  expect(damage).toEqual([])
})

describe('damage inside a chunk', () => {
  test('a record whose template cannot be read is lost alone', async () => {
    const { builder, seal } = fiveRecords()
    builder.buffer.writeUInt32LE(0xffff0000, builder.records[2]! + 24 + 10) // offset of its template
    const { events, damage } = await decodeBytes(seal())
    expect(positions(events)).toEqual(['record 101', 'record 102', 'record 104', 'record 105'])
    expect(damage).toEqual([
      { position: 'chunk 0, record 103', reason: 'a template lies outside the chunk', lostEvents: 1 },
    ])
  })

  test('a template that cannot be read costs each record that uses it, for the same reason', async () => {
    const { builder, seal } = fiveRecords()
    builder.buffer[builder.records[0]! + 24 + 14 + 24 + 4] = 0x99 // the first token of the outer template
    const { events, damage } = await decodeBytes(seal())
    expect(events).toHaveLength(0)
    expect(damage.map(({ reason }) => reason)).toEqual(Array(5).fill('0x99 is not a BinXml token'))
  })

  test('a record whose size is destroyed is passed over to the next mark', async () => {
    const { builder, seal } = fiveRecords()
    builder.buffer.writeUInt32LE(0x7fffffff, builder.records[1]! + 4)
    const { events, damage } = await decodeBytes(seal())
    expect(positions(events)).toEqual(['record 101', 'record 103', 'record 104', 'record 105'])
    expect(damage).toEqual([
      { position: 'chunk 0, record 102', reason: 'no record can be found here', lostEvents: 1 },
    ])
  })

  test('two stretches of damage are counted by the ids around them', async () => {
    const { builder, seal } = fiveRecords()
    builder.buffer.fill(0xee, builder.records[1]!, builder.records[2]!)
    builder.buffer.fill(0xee, builder.records[3]!, builder.records[4]!)
    const { events, damage } = await decodeBytes(seal())
    expect(positions(events)).toEqual(['record 101', 'record 103', 'record 105'])
    expect(damage.map(({ position, lostEvents }) => [position, lostEvents])).toEqual([
      ['chunk 0, after record 101', 1],
      ['chunk 0, after record 103', 1],
    ])
  })

  test('a record whose trailing size differs is read where its size leads to the next', async () => {
    const { builder, seal } = fiveRecords()
    builder.buffer.writeUInt32LE(1, builder.records[3]! - 4)
    const { events, damage } = await decodeBytes(seal())
    expect(events).toHaveLength(5)
    expect(damage).toEqual([
      { position: 'chunk 0, record 103', reason: 'its two sizes differ', lostEvents: 0 },
    ])
  })

  test('where a checksum tells of damage, all records are checked at once', async () => {
    const { builder, seal } = fiveRecords()
    const file = seal()
    const { data } = locateNested(builder, 3)
    file[4096 + data] = 0x99
    const { records, damage } = await decodeBytes(file)
    expect(damage).toEqual([
      { position: 'chunk 0', reason: 'the checksum of its records is wrong', lostEvents: 0 },
      {
        position: 'chunk 0, record 104',
        reason: 'its data is cut short: 0x99 is not a BinXml token',
        lostEvents: 0,
      },
    ])
    expect(records[3]?.system('EventID')).toBe('4624')
    expect(records[3]?.data()).toEqual([])
    expect(records[4]?.data()).toHaveLength(1)
  })

  test('an impossible free space offset leaves the marks to go by', async () => {
    const file = fiveRecords().seal()
    file.writeUInt32LE(0xfffffff0, 4096 + 48)
    const { events, damage } = await decodeBytes(file)
    expect(events).toHaveLength(5)
    expect(damage.map(({ reason }) => reason)).toContain('its free space offset lies outside the chunk')
  })

  test('a free space offset that is too low does not hide records that go on counting', async () => {
    const { builder, seal } = fiveRecords()
    const file = seal()
    file.writeUInt32LE(builder.records[2]!, 4096 + 48) // the checksum of the header is wrong now
    const { events } = await decodeBytes(file)
    expect(events).toHaveLength(5)
  })

  test('records that the header counts but nobody finds are reported', async () => {
    const { builder } = fiveRecords()
    const file = buildFile(sealChunk(builder.buffer, { first: 1, last: 8 }, builder.records[4]!, builder.at))
    const { events, damage } = await decodeBytes(file)
    expect(events).toHaveLength(5)
    expect(damage).toEqual([
      { position: 'chunk 0', reason: 'its header counts 8 records, 5 were found', lostEvents: 3 },
    ])
  })

  test('space that is left behind the last record is no damage', async () => {
    const { builder } = fiveRecords()
    const end = builder.at + 64
    const file = buildFile(sealChunk(builder.buffer, { first: 1, last: 5 }, builder.records[4]!, end))
    const { events, damage } = await decodeBytes(file)
    expect(events).toHaveLength(5)
    expect(damage).toEqual([])
  })
})

describe('deleted records', () => {
  function withStaleRecord(): Buffer {
    const { builder } = fiveRecords()
    const used = builder.records[3]!
    return buildFile(sealChunk(builder.buffer, { first: 1, last: 3 }, builder.records[2]!, used))
  }

  test('are left alone', async () => {
    const { events, damage } = await decodeBytes(withStaleRecord())
    expect(positions(events)).toEqual(['record 101', 'record 102', 'record 103'])
    expect(damage).toEqual([])
  })

  test('are read and marked when asked for', async () => {
    const { events, records, damage } = await decodeBytes(withStaleRecord(), { recover: true })
    expect(positions(events).slice(3)).toEqual(['record 104 (recovered)', 'record 105 (recovered)'])
    expect(records[4]?.data()).toEqual([{ name: 'User', value: 'user 105' }])
    expect(damage).toEqual([])
  })

  test('that cannot be read are named', async () => {
    const file = withStaleRecord()
    const { builder } = fiveRecords()
    file.writeUInt32LE(0xffff0000, 4096 + builder.records[4]! + 24 + 10)
    const { events, damage } = await decodeBytes(file, { recover: true })
    expect(events).toHaveLength(4)
    expect(damage).toEqual([
      {
        position: 'chunk 0, deleted record 105',
        reason: 'it cannot be recovered: a template lies outside the chunk',
        lostEvents: undefined,
      },
    ])
  })
})

describe('hostile chunks', () => {
  const lost = async (record: BuiltRecord) => {
    const { events, damage } = await decodeBytes(buildFile(buildChunk([named(1), record, named(3)])))
    expect(positions(events)).toEqual(['record 1', 'record 3'])
    expect(damage).toHaveLength(1)
    return damage[0]?.reason
  }

  const instance = (definition: number, count: number) => {
    const bytes = Buffer.alloc(18)
    bytes.set([0x0f, 1, 1, 0, 0x0c, 1])
    bytes.writeUInt32LE(definition, 10)
    bytes.writeUInt32LE(count, 14)
    return bytes
  }

  test('a number of values that no record can hold', async () => {
    expect(await lost({ id: 2, binxml: instance(0x226, 0xffffffff) })).toBe(
      'a template is given 4294967295 values, more than a record can hold',
    )
  })

  test('a template whose definition is itself an instance', async () => {
    const bytes = Buffer.concat([instance(512, 0), Buffer.alloc(8)])
    const builder = new ChunkBuilder()
    builder.record(named(1))
    const start = builder.at
    // The definition begins 16 bytes before the instance's own first token, so that it would read itself.
    bytes.writeUInt32LE(start, 10)
    builder.record({ id: 2, binxml: bytes })
    builder.buffer.writeUInt32LE(18, start + 20)
    const file = buildFile(sealChunk(builder.buffer, { first: 1, last: 2 }, start, builder.at))
    const { events, damage } = await decodeBytes(file)
    expect(positions(events)).toEqual(['record 1'])
    expect(damage).toHaveLength(1)
  })

  test('values longer than their record', async () => {
    const bytes = Buffer.concat([instance(0x226, 1), Buffer.from([0xff, 0xff, 1, 0])])
    expect(await lost({ id: 2, binxml: bytes })).toBe('the values of a template are longer than their record')
  })

  test('a record without BinXml', async () => {
    expect(await lost({ id: 2, binxml: Buffer.alloc(0) })).toBe('the record is empty')
  })

  test('an element that is no event', async () => {
    expect(await lost({ id: 2, fragment: { name: 'Other' } })).toBe('the record holds no <Event>')
  })

  test('records that each read the same bytes as another template stop being read', async () => {
    const builder = new ChunkBuilder()
    // At every fourth byte of these, a definition of 0x200f bytes begins that consists of fragment headers.
    const field = 40_000
    for (let id = 1; id <= 100; id++) builder.record({ id, binxml: instance(field + 4 * id, 0) })
    builder.buffer.fill(Buffer.from([0x0f, 0x20, 0, 0]), field, field + 16_000)
    const file = buildFile(
      sealChunk(builder.buffer, { first: 1, last: 100 }, builder.records[99]!, builder.at),
    )
    const { damage } = await decodeBytes(file)
    const refused = damage.filter(({ reason }) => reason === 'the template definitions of this chunk overlap')
    expect(damage).toHaveLength(100)
    expect(refused.length).toBeGreaterThan(80)
  })
})

/** Where the first token behind the fragment header of a record's nested value stands in the chunk. */
function locateNested(builder: ChunkBuilder, index: number): { data: number } {
  const end = builder.records[index + 1] ?? builder.at
  const at = builder.buffer.lastIndexOf(Buffer.from([0x0f, 1, 1, 0, 0x0c, 1]), end)
  return { data: at + 4 }
}
