// Compares decoded records with those that libevtx reads from the same files: every record, header field and value.
// The only difference that is forgiven is libevtx's own: it pads hexadecimal numbers, Windows does not.

import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { decodedRecord } from '../src/decode/decoded-record.ts'
import { evtx } from '../src/decode/evtx/file.ts'
import type { RawEvent, WindowsRecord } from '../src/decode/reader.ts'
import { recordOf } from './fixtures/evtx/decode-bytes.ts'

const SHARED = fileURLToPath(new URL('../../shared', import.meta.url))
const EXPECTED = join(SHARED, 'conformance/evtx/expected')
const CORPUS = join(SHARED, 'corpus/evtx')
const isHere = existsSync(EXPECTED) && existsSync(CORPUS)
if (!isHere) console.warn('SKIPPED: ../shared is missing, EVTX conformance was not tested')

interface ExpectedRecord {
  readonly file: string
  readonly record_id: string
  readonly section: string
  readonly fields: Readonly<Record<string, string | readonly string[]>>
  readonly [header: string]: unknown
}

const headers: Readonly<Record<string, (record: WindowsRecord) => string | undefined>> = {
  event_id: (record) => record.system('EventID'),
  version: (record) => record.system('Version'),
  level: (record) => record.system('Level'),
  task: (record) => record.system('Task'),
  opcode: (record) => record.system('Opcode'),
  keywords: (record) => record.system('Keywords'),
  channel: (record) => record.system('Channel'),
  computer: (record) => record.system('Computer'),
  provider: (record) => record.systemAttribute('Provider.Name'),
  provider_guid: (record) => record.systemAttribute('Provider.Guid'),
  event_source_name: (record) => record.systemAttribute('Provider.EventSourceName'),
  qualifiers: (record) => record.systemAttribute('EventID.Qualifiers'),
  time: (record) => record.systemAttribute('TimeCreated.SystemTime'),
  activity_id: (record) => record.systemAttribute('Correlation.ActivityID'),
  process_id: (record) => record.systemAttribute('Execution.ProcessID'),
  thread_id: (record) => record.systemAttribute('Execution.ThreadID'),
  user_id: (record) => record.systemAttribute('Security.UserID'),
  section: (record) => record.section,
}

const unpadded = (value: unknown): unknown =>
  typeof value === 'string'
    ? value.replace(/^0x0+(?=[0-9a-f])/, '0x')
    : Array.isArray(value)
      ? value.map(unpadded)
      : value

async function eventsOf(file: string): Promise<Map<string, RawEvent>> {
  const events = new Map<string, RawEvent>()
  const input = { name: file, chunks: () => createReadStream(join(CORPUS, file)) }
  const onDamage = (damage: unknown) => {
    throw new Error(`${file} is intact, but: ${JSON.stringify(damage)}`)
  }
  for await (const group of evtx.decode(input, { recover: false, onDamage })) {
    for (const event of group) events.set(recordOf(event).system('EventRecordID') ?? event.position, event)
  }
  return events
}

test.skipIf(!isHere)('every record of the corpus is decoded as libevtx decodes it', async () => {
  let count = 0
  for (const name of readdirSync(EXPECTED)) {
    const lines = readFileSync(join(EXPECTED, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
    const expected = lines.map((line): ExpectedRecord => JSON.parse(line))
    const { file } = expected[0]!
    const events = await eventsOf(file)
    expect(events.size, file).toBe(expected.length)
    for (const each of expected) {
      const event = events.get(each.record_id)
      if (event === undefined) throw new Error(`${file}: record ${each.record_id} is missing`)
      const record = recordOf(event)
      const found = Object.fromEntries(
        Object.entries(headers).map(([header, read]) => [header, unpadded(read(record))]),
      )
      const wanted = Object.fromEntries(
        Object.keys(headers).map((header) => [header, unpadded(each[header]) || undefined]),
      )
      expect(found, `${file}, record ${each.record_id}`).toEqual(wanted)
      expect(unpaddedFields(decodedRecord(file, event)?.fields ?? {})).toEqual(unpaddedFields(each.fields))
      count++
    }
  }
  expect(count).toBeGreaterThan(4000)
})

function unpaddedFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, unpadded(value)]))
}
