import { expect, test } from 'vitest'
import {
  buildChunk,
  buildFile,
  element,
  emptyElement,
  eventRecord,
  value,
} from '../../test/fixtures/evtx/build.ts'
import { decodeBytes } from '../../test/fixtures/evtx/decode-bytes.ts'
import { decodedRecord } from './decoded-record.ts'
import type { RawEvent } from './reader.ts'

async function decodeOne(record: Parameters<typeof buildChunk>[0][number]): Promise<RawEvent> {
  const { events } = await decodeBytes(buildFile(buildChunk([record])))
  return events[0]!
}

test('a record has the header fields and its data by name, repeated names as lists', async () => {
  const section = element('EventData', [
    element('Data', [{ value: 0 }]),
    element('Data', ['x'], { Name: ['Twice'] }),
    element('Data', ['y'], { Name: ['Twice'] }),
    element('Data', [{ value: 1 }], { Name: ['__proto__'] }),
    element('Binary', [{ value: 2 }]),
  ])
  const values = [value.texts('a', '', 'c'), value.text('p'), value.binary([0xab])]
  const event = await decodeOne(eventRecord(31_144, value.nested(section, values)))
  expect(JSON.stringify(decodedRecord('logs/a.evtx', event))).toBe(
    '{"file":"logs/a.evtx","record_id":"31144","event_id":"4624","channel":"Security","provider":"Test-Provider",' +
      '"computer":"host.example","time":"2020-10-08T11:03:46.617920300Z",' +
      '"fields":{"Data":["a","","c"],"Twice":["x","y"],"__proto__":"p","Binary":"AB"}}',
  )
})

test('a record without header fields has those of its own header', async () => {
  const bare = element('Event', [element('System', [emptyElement('Provider')])])
  const event = await decodeOne({ id: 5, fragment: bare })
  expect(decodedRecord('a.evtx', event)).toMatchObject({
    record_id: '5',
    event_id: '',
    channel: '',
    provider: '',
    computer: '',
    time: '2020-10-08T11:03:46.617920Z',
  })
})

test('an event that is not from Windows has no decoded record', () => {
  const event: RawEvent = {
    time: 0,
    raw: () => 'text',
    position: 'line 1',
    content: { kind: 'text' },
    metadata: {},
  }
  expect(decodedRecord('a.log', event)).toBeUndefined()
})
