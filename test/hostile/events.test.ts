// Events that are too large, too wide, too deep, or lie about what they are. Each ends in a counted skip, and what stands
// beside them is found.

import { afterAll, describe, expect, test } from 'vitest'
import { defaultDecodeLimits } from '../../src/decode/reader.ts'
import { buildChunk, buildFile, dataTemplate, element, eventRecord, value } from '../fixtures/evtx/build.ts'
import { removeFolders, scan, search } from './evidence.ts'

afterAll(removeFolders)

const eventXml = (data: string): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='x'/><EventID>1</EventID>` +
  `<TimeCreated SystemTime='2024-01-01T00:00:00Z'/><Channel>Security</Channel><Computer>c</Computer></System>` +
  `<EventData>${data}</EventData></Event>\n`

describe('a line of 100 MB', () => {
  for (const [format, begin, end, field] of [
    ['json', '{"a":"', '"}\n{"ok":"1"}\n', 'ok'],
    ['text', 'Jan  1 00:00:00 host app: ', '\nJan  1 00:00:01 host app: ok=1\n', 'ok'],
  ] as const) {
    test(`of ${format} is passed over in bounded memory, and the next event is read`, async () => {
      async function* stdin() {
        yield Buffer.from(begin)
        const part = Buffer.alloc(4 * 1024 * 1024, 0x61)
        for (let n = 0; n < 25; n++) yield part
        yield Buffer.from(end)
      }
      const before = process.memoryUsage().arrayBuffers
      const { openKarst } = await import('../../src/engine/engine.ts')
      const karst = await openKarst({ incidents: false, stdin: stdin() })
      const { rows, evidence } = karst.search(`${field}=1 | stats count`, ['-'])
      let peak = 0
      for await (const batch of rows) {
        peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)
        expect(batch.row(0).get('count')).toBe(1)
      }
      expect(peak).toBeLessThan(90e6)
      expect(evidence()?.files[0]).toMatchObject({
        events: 1,
        lostEvents: 1,
        damages: [{ position: 'line 1', reason: expect.stringContaining('(limits.max_event_bytes)') }],
      })
    })
  }
})

describe('a million fields in one event', () => {
  const many = <Part>(part: (n: number) => Part) => Array.from({ length: 1_000_000 }, (_, n) => part(n))
  test('of JSON', async () => {
    const { rows, files } = await search('* | table ok', {
      'a.json': `{${many((n) => `"${n.toString(36)}":1`).join(',')}}\n{"ok":1}\n`,
    })
    expect(rows).toEqual([{ ok: '1' }])
    expect(files[0]).toMatchObject({
      lostEvents: 1,
      damages: [
        {
          position: 'line 1',
          reason: 'the event has more than 50,000 fields (limits.max_event_fields), so it was passed over',
        },
      ],
    })
  })

  test('of JSON, one below the other', async () => {
    const { rows } = await search('* | table ok', {
      'a.json': `{"a":[${many(() => '{"b":1}').join(',')}]}\n{"ok":1}\n`,
    })
    expect(rows).toEqual([{ ok: '1' }])
  })

  test('of XML', async () => {
    const { rows, files } = await search('* | table ok', {
      'a.xml': eventXml(many(() => `<D/>`).join('')) + eventXml("<Data Name='ok'>1</Data>"),
    })
    expect(rows).toEqual([{ ok: '1' }])
    expect(files[0]).toMatchObject({ lostEvents: 1, damages: [{ position: 'line 1' }] })
  })

  test('of a table: the columns beyond the limit are left out', async () => {
    const decodeLimits = { ...defaultDecodeLimits, maxEventFields: 3 }
    const { rows, files } = await search(
      '* | table a c d',
      { 'a.csv': 'a,b,c,d\n1,2,3,4\n' },
      { decodeLimits },
    )
    expect(rows).toEqual([{ a: '1', c: '3' }])
    expect(files[0]!.damages[0]!.reason).toBe(
      'the table has more than 3 columns (limits.max_event_fields); the rest was left out',
    )
  })

  test('of text: key=value pairs', async () => {
    const { rows } = await search('* | stats count', {
      'a.log': `Jan  1 00:00:00 h a: ${'k=v '.repeat(1_000_000)}\n`,
    })
    expect(rows).toEqual([{ count: '1' }])
  })
})

describe('depth', () => {
  test('JSON that nests without end is kept as text', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    const { rows, files } = await search('ok=1 | table ok', {
      'a.json': `{"ok":"1"}\n${deep}\n{"ok":"1"}\n${'['.repeat(1_000_000)}`,
    })
    expect(rows).toHaveLength(2)
    expect(files[0]!.damages[0]!.reason).toBe('it nests deeper than 128 levels; kept as text')
  })

  test('spath over such a text gives nothing and ends', async () => {
    const text = '{\\"a\\":'.repeat(20_000)
    const { rows } = await search(`| makeresults | eval x="${text}" | spath input=x | table a`, {})
    expect(rows).toHaveLength(1)
  })
})

test('XML entities: no document type, no file, no laughs', async () => {
  const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
  const document = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">${laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>\n`
  const data = ['&l9;', '&f;', '&#x41;', '&#x110000;']
    .map((text) => eventXml(`<Data Name='v'>${text}</Data>`))
    .join('')
  const { rows } = await search('* | table v', { 'a.xml': `${document}<Events>${data}</Events>` })
  expect(rows.map(({ v }) => v)).toEqual(['&l9;', '&f;', 'A', '&#x110000;'])
})

test('bytes that are no UTF-8 cost no event and no neighbour', async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"a":"'),
    Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf8]),
    Buffer.from('","ok":1}\n{"a":"b","ok":2}\n'),
  ])
  const { rows } = await search('* | table ok', { 'a.json': bytes })
  expect(rows).toEqual([{ ok: '1' }, { ok: '2' }])
})

test('noise is named as unreadable', async () => {
  const noise = Buffer.from(Array.from({ length: 100_000 }, (_, n) => (n * 7919 + (n >> 3) * 31) & 255))
  const { files } = await search('*', { 'a.evtx': noise, 'b.json': '{"a":1}' })
  expect(files.map(({ status }) => status)).toEqual(['unreadable', 'read'])
})

test('EVTX: a template that holds itself, and a record whose size leads back to itself', async () => {
  const inner = element('EventData', [element('Inner', [{ value: 0 }])])
  let nested = value.nested(inner, [value.text('end')])
  for (let depth = 0; depth < 20; depth++) nested = value.nested(inner, [nested])
  const ok = eventRecord(2, value.nested(dataTemplate('ok'), [value.text('1')]))
  const chunk = buildChunk([eventRecord(1, nested), ok])
  const looping = Buffer.from(buildChunk([ok]))
  looping.writeUInt32LE(0, 512 + 4)
  looping.writeUInt32LE(512, 44)
  const { outcomeOf, findings, evidence } = await scan(
    { fires: 'ok=1' },
    { 'a.evtx': buildFile(chunk, looping) },
  )
  expect(outcomeOf('fires').status).toBe('ran')
  expect(findings).toEqual(['fires'])
  expect(evidence.damageCount).toBeGreaterThan(0)
})

test('field names that mean something to JavaScript are names', async () => {
  const event = '{"__proto__":{"x":"1"},"constructor":"c","toString":"t","a\\nb":"n","hasOwnProperty":"h"}\n'
  const all = await search('* | table __proto__.x constructor toString "a\nb" hasOwnProperty', {
    'a.json': event,
  })
  expect(all.rows.map((row) => Object.entries(row))).toEqual([
    [
      ['__proto__.x', '1'],
      ['constructor', 'c'],
      ['toString', 't'],
      ['a\nb', 'n'],
      ['hasOwnProperty', 'h'],
    ],
  ])
  const made = await search(
    '* | eval __proto__="p" | stats count, values(__proto__) as __proto__ by constructor | fields __proto__ constructor count',
    { 'a.json': event },
  )
  expect(Object.entries(made.rows[0]!).sort()).toEqual([
    ['__proto__', 'p'],
    ['constructor', 'c'],
    ['count', '1'],
  ])
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
})
