import { expect, test } from 'vitest'
import { decodeAll, decodeChunks, differencesWhenCut, summary } from '../../../test/support/decode-all.ts'
import { xmlDecoder } from './file.ts'

const namespace = "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'"

function eventXml(id: number, data = "<Data Name='User'>anna</Data>"): string {
  return `<Event ${namespace}><System><Provider Name='P'/><EventID>${id}</EventID><TimeCreated SystemTime='2020-10-08T11:03:46.617920300Z'/><Channel>Security</Channel><Computer>dc1</Computer></System><EventData>${data}</EventData></Event>`
}

async function idsOf(input: string) {
  const { events, damages } = await decodeAll(xmlDecoder, input)
  const ids = events.map(({ content }) =>
    content.kind === 'windows' ? content.record.system('EventID') : undefined,
  )
  return {
    ids,
    raw: events.map((event) => event.raw()),
    damages,
    positions: events.map((event) => event.position),
  }
}

const pretty = (id: number) => eventXml(id).replaceAll('><', '>\r\n  <').replaceAll("'", '"')

const layouts: readonly (readonly [name: string, input: string])[] = [
  ['one a line', `${eventXml(1)}\n${eventXml(2)}\n`],
  ['CRLF, no line break at the end', `${eventXml(1)}\r\n${eventXml(2)}`],
  ['run together', eventXml(1) + eventXml(2)],
  ['wrapped in Events', `<Events>${eventXml(1)}${eventXml(2)}</Events>`],
  [
    'with declaration and root',
    `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>\r\n${eventXml(1)}\r\n${eventXml(2)}</Events>\r\n`,
  ],
  ['pretty-printed with double quotes', `${pretty(1)}\r\n\r\n${pretty(2)}\r\n`],
  ['with comments between', `<!-- a > b <Event> --> ${eventXml(1)}<!-- x -->${eventXml(2)}`],
  ['with a byte order mark before each', `\ufeff${eventXml(1)}\r\n\ufeff${eventXml(2)}`],
  ['padded with NUL', `\0\0\0${eventXml(1)}\0\0\n${eventXml(2)}\0`],
  [
    'after syslog headers',
    `Oct  8 11:03:46 host sysmon: ${eventXml(1)}\nOct  8 11:03:47 host sysmon: ${eventXml(2)}\n`,
  ],
]

for (const [name, input] of layouts) {
  test(`reads events ${name}`, async () => {
    const { ids, raw, damages } = await idsOf(input)
    expect(ids).toEqual(['1', '2'])
    expect(damages).toEqual([])
    for (const text of raw) {
      expect(text.startsWith('<Event ')).toBe(true)
      expect(text.endsWith('</Event>')).toBe(true)
      expect(input).toContain(text)
    }
    expect(xmlDecoder.detects(Buffer.from(input))).toBe(true)
  })

  test(`reads events ${name} alike wherever chunks end`, async () => {
    expect(await differencesWhenCut(xmlDecoder, input)).toEqual([])
  })
}

test.each(['utf-16le', 'utf-16be'] as const)(
  'reads events in %s with and without byte order mark',
  async (encoding) => {
    const text = `${eventXml(1, "<Data Name='User'>Jürgen 🚀</Data>")}\r\n${eventXml(2)}`
    for (const input of [text, `\ufeff${text}`]) {
      const bytes = Buffer.from(input, 'utf16le')
      if (encoding === 'utf-16be') bytes.swap16()
      expect(xmlDecoder.detects(bytes)).toBe(true)
      const { events } = await decodeAll(xmlDecoder, bytes.subarray(0, 333), bytes.subarray(333))
      expect(events.map((event) => event.raw())).toEqual(text.split('\r\n'))
    }
  },
)

test('gives time, metadata and data', async () => {
  const decoded = await decodeAll(xmlDecoder, eventXml(4688))
  expect(summary(decoded).events).toEqual([
    {
      raw: eventXml(4688),
      time: 1602155026.61792,
      position: 'line 1',
      metadata: { form: { source: 'XmlWinEventLog:Security', sourcetype: 'XmlWinEventLog', host: 'dc1' } },
      content: {
        eventId: '4688',
        channel: 'Security',
        section: 'EventData',
        data: [{ name: 'User', value: 'anna' }],
        message: undefined,
      },
    },
  ])
})

test('names lines, and bytes for further events in a line', async () => {
  const { positions } = await idsOf(`<Events>\n${eventXml(1)}${eventXml(2)}\n\n${eventXml(3)}`)
  expect(positions).toEqual(['line 2', `line 2, byte ${eventXml(1).length + 1}`, 'line 4'])
})

test('an event that is cut off is read as far as it goes, and the next one in full', async () => {
  const broken = eventXml(1).slice(0, -30)
  const { ids, raw, damages } = await idsOf(`${broken}\n${eventXml(2)}\n${eventXml(3).slice(0, 250)}`)
  expect(ids).toEqual(['1', '2', '3'])
  expect(raw[0]).toBe(broken)
  expect(damages).toEqual([
    { position: 'line 1', reason: 'the event is cut off before its closing tag', lostEvents: 0 },
    { position: 'line 3', reason: 'the event is cut off before its closing tag', lostEvents: 0 },
  ])
})

test('an element called Event inside an event does not end it', async () => {
  const nested = eventXml(1, "<Data Name='a'>x</Data><Event>inner</Event><Event >more</Event>")
  const { ids, raw } = await idsOf(nested + eventXml(2))
  expect(ids).toEqual(['1', '2'])
  expect(raw[0]).toBe(nested)
})

test('closing tags in comments and CDATA sections do not end an event', async () => {
  const hidden = eventXml(1, "<!-- </Event> --><Data Name='a'><![CDATA[</Event><Event> & ]]></Data>")
  const { events, damages } = await decodeAll(xmlDecoder, hidden + eventXml(2))
  expect(damages).toEqual([])
  const [first] = events
  expect(first!.raw()).toBe(hidden)
  expect(first!.content.kind === 'windows' && first!.content.record.data()).toEqual([
    { name: 'a', value: '</Event><Event> & ' },
  ])
})

test('text around events is reported once per gap', async () => {
  const { ids, damages } = await idsOf(`garbage\nmore garbage\n${eventXml(1)}\n${eventXml(2)}\nlog rotated\n`)
  expect(ids).toEqual(['1', '2'])
  expect(damages).toEqual([
    { position: 'line 1', reason: 'text outside of <Event> elements was passed over', lostEvents: undefined },
    { position: 'line 5', reason: 'text outside of <Event> elements was passed over', lostEvents: undefined },
  ])
})

test('empty input gives nothing, empty elements are reported', async () => {
  expect(await idsOf('')).toMatchObject({ ids: [], damages: [] })
  expect(await idsOf('<Events></Events>')).toMatchObject({ ids: [], damages: [] })
  const { ids, damages } = await idsOf(`<Event ${namespace}/>${eventXml(1)}`)
  expect(ids).toEqual([undefined, '1'])
  expect(damages.map(({ reason }) => reason)).toEqual(['the event is empty'])
})

test('Sysmon for Linux keeps its own metadata', async () => {
  const input = eventXml(1).replace('Security', 'Linux-Sysmon/Operational')
  const { events } = await decodeAll(xmlDecoder, input)
  expect(events[0]!.metadata.form).toEqual({
    source: 'Syslog:Linux-Sysmon/Operational',
    sourcetype: 'sysmon:linux',
    host: 'dc1',
  })
})

test('other text is not taken for event XML', () => {
  const others = [
    '<html><body>',
    '{"a": "<Event><System>"}',
    'a log that mentions <Event> and </Event>',
    '<EventData>',
    '',
  ]
  for (const text of others) expect(xmlDecoder.detects(Buffer.from(text))).toBe(false)
})

async function* repeated(
  text: string,
  bytes: number,
  ...rest: readonly string[]
): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.from(text.repeat(Math.ceil(65536 / text.length)))
  for (let done = 0; done < bytes; done += chunk.length) yield chunk
  for (const text of rest) yield Buffer.from(text)
}

const floods = [
  '<Event ',
  '<Event>',
  '<Event><System>',
  `<Event ${namespace}><System></System>`,
  `<Event ${namespace}><EventData><![CDATA[`,
  '<!--',
  '<![CDATA[',
  '<Event><!--',
  '<Event><!-->',
  '<Event><![CDATA[',
  '</Event>',
  '<Events',
  "<Event '",
  '<',
  '\0',
  'x',
] as const

// Seconds instead of milliseconds would mean that the time grows with the square of the input.
test.each(floods)('a flood of %j takes linear time, and the event after it is found', async (flood) => {
  const started = performance.now()
  const { events } = await decodeChunks(xmlDecoder, repeated(flood, 512 * 1024, '>\n', eventXml(7)))
  expect(events.at(-1)!.raw()).toBe(eventXml(7))
  expect(performance.now() - started).toBeLessThan(3_000)
})

test('an event beyond the limit is passed over and reported; the next is read', async () => {
  async function* input(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${eventXml(1)}\n${eventXml(2).slice(0, 240)}`)
    yield* repeated('A', 100 * 1024 * 1024, `</Data></EventData></Event>\n${eventXml(3)}`)
  }
  const { events, damages } = await decodeChunks(xmlDecoder, input())
  expect(events.map(({ position }) => position)).toEqual(['line 1', 'line 3'])
  expect(damages[0]).toEqual({
    position: 'line 2',
    reason: 'the event is larger than 16 MiB (limits.max_event_bytes), so it was passed over',
    lostEvents: 1,
  })
})
