import { expect, test } from 'vitest'
import { decodeAll, decodeChunks, differencesWhenCut, summary } from '../../../test/support/decode-all.ts'
import { jsonDecoder } from './file.ts'

async function rawsOf(input: string) {
  const { events, damages } = await decodeAll(jsonDecoder, input)
  return {
    raws: events.map((event) => event.raw()),
    kinds: events.map((event) => event.content.kind),
    damages,
  }
}

const a = '{"a": 1, "s": "}{][,\\"\\\\"}'
const b = '{"b": [1, {"c": null}]}'
const pretty = '{\r\n  "b": [\r\n    1\r\n  ]\r\n}'

const layouts: readonly (readonly [name: string, input: string, raws: readonly string[]])[] = [
  ['one a line', `${a}\n${b}\n`, [a, b]],
  ['CRLF, no line break at the end', `${a}\r\n${b}`, [a, b]],
  ['with empty lines and padding', `\n\n${a}\n\0\0\n${b}\n\n`, [a, b]],
  ['with byte order marks', `\ufeff${a}\n\ufeff${b}`, [a, b]],
  ['run together', `${a}${b}${a}`, [a, b, a]],
  ['pretty-printed', `${pretty}\n${pretty}\n`, [pretty, pretty]],
  ['in an array', `[${a},${b}]`, [a, b]],
  ['in a pretty-printed array', `[\n  ${a},\n  ${b}\n]\n`, [a, b]],
  ['one a line with commas', `${a},\n${b},\n`, [a, b]],
  ['in arrays one after the other', `[${a}]\n[${b}, ${a}]`, [a, b, a]],
  ['in Records', `{"Records":[${a},${b}]}`, [a, b]],
  [
    'in Records, pretty-printed, with members after them',
    `{\n "Records" : [\n${a},\n${b}\n], "x": {"y": []}}\n`,
    [a, b],
  ],
  ['in records, file after file', `{"records":[${a}]}{"records":[${b}]}\n`, [a, b]],
  ['in an OData list', `{"@odata.context":"u","value":[${a},${b}]}`, [a, b]],
  ['in an empty list', '{"Records":[]}', []],
  ['in an empty array', '[]', []],
]

for (const [name, input, raws] of layouts) {
  test(`reads objects ${name}`, async () => {
    expect(await rawsOf(input)).toMatchObject({ raws, damages: [] })
    expect(jsonDecoder.detects(Buffer.from(input))).toBe(true)
  })

  test(`reads objects ${name} alike wherever chunks end`, async () => {
    expect(await differencesWhenCut(jsonDecoder, input)).toEqual([])
  })
}

test('a list among other members is part of an event', async () => {
  for (const event of [
    '{"id":1,"Records":[{"x":1}]}',
    '{"value":[{"x":1}]}',
    '{"results":"none"}',
    '{"Records":[1,2]}',
  ]) {
    expect(await rawsOf(event)).toMatchObject({ raws: [event], kinds: ['json'], damages: [] })
  }
})

test('UTF-16 with byte order mark is read', async () => {
  const { events } = await decodeAll(jsonDecoder, Buffer.from(`\ufeff${a}\r\n${b}`, 'utf16le'))
  expect(events.map((event) => event.raw())).toEqual([a, b])
})

test.each([
  ['a line cut off in a text', `${a}\n{"x": "cut\n${b}`, [a, '{"x": "cut', b]],
  ['a line cut off after a comma', `{"x": 1,\n${b}`, ['{"x": 1,', b]],
  ['a line cut off after a colon', `{"x":\n${b}\n${a}`, ['{"x":', b, a]],
  ['a line that is no JSON', `${a}\nlog rotated\n${b}`, [a, 'log rotated', b]],
  ['a line in brackets', `${a}\n[2020-01-01] text\n${b}`, [a, '[2020-01-01] text', b]],
  ['the last object cut off', `${a}\n{"x": [1, 2`, [a, '{"x": [1, 2']],
  ['single quotes', `{'x': 1}\n${b}`, ["{'x': 1}", b]],
  ['bad escapes', `{"path": "C:\\Users"}\n${b}`, ['{"path": "C:\\Users"}', b]],
  ['a trailing comma', `{"x": 1,}\n${b}`, ['{"x": 1,}', b]],
  ['brackets that do not match', `{"x": [1}\n${b}`, ['{"x": [1}', b]],
  ['a bare text', `"x"\n${b}`, ['"x"', b]],
])('%s is kept as text and reported, and nothing else is lost', async (_name, input, raws) => {
  const found = await rawsOf(input)
  expect(found.raws).toEqual(raws)
  expect(found.damages).toHaveLength(1)
  expect(found.damages[0]!.reason).toMatch(/; kept as text$/)
  expect(found.damages[0]!.lostEvents).toBe(0)
  expect(found.kinds.filter((kind) => kind === 'text')).toHaveLength(1)
  expect(await differencesWhenCut(jsonDecoder, input)).toEqual([])
})

test('a list that does not close is reported', async () => {
  expect((await rawsOf(`{"Records":[${a}],`)).damages).toHaveLength(1)
  expect(await rawsOf(`{"Records":[${a}], oops\n${b}`)).toMatchObject({ raws: [a, 'oops', b] })
})

test('deep nesting is kept as text', async () => {
  const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  const { raws, kinds, damages } = await rawsOf(`${deep}\n${a}`)
  expect(raws).toEqual([deep, a])
  expect(kinds).toEqual(['text', 'json'])
  expect(damages[0]!.reason).toBe('it nests deeper than 128 levels; kept as text')
})

test('names lines, and bytes for further objects in a line', async () => {
  const { events } = await decodeAll(jsonDecoder, `[\n{"a":1},{"b":2}\n]\n{"c":3}`)
  expect(events.map(({ position }) => position)).toEqual(['line 2', 'line 2, byte 9', 'line 4'])
})

test('numbers keep their text and hostile keys are data', async () => {
  const { events } = await decodeAll(jsonDecoder, '{"n":9007199254740993,"f":1.0,"__proto__":{"x":1}}')
  const [{ content }] = events as [(typeof events)[0]]
  expect(content.kind === 'json' && Object.entries(content.value)).toEqual([
    ['n', '9007199254740993'],
    ['f', '1.0'],
    ['__proto__', { x: 1 }],
  ])
})

test('an object beyond the limit is passed over; the next line is read', async () => {
  async function* input() {
    yield Buffer.from('{"x": "')
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    for (let done = 0; done < 100; done++) yield chunk
    yield Buffer.from(`"}\n${a}`)
  }
  const { events, damages } = await decodeChunks(jsonDecoder, input())
  expect(events.map((event) => event.raw())).toEqual([a])
  expect(damages).toMatchObject([{ position: 'line 1', lostEvents: 1 }])
})

test.each([
  '{',
  '[',
  '{"a":',
  '{"a":\n',
  '{"a":1,\n',
  '{"a":[\n',
  '{"Records":[',
  '"',
  '{"a"\n',
  ',',
  ']',
  'x\n',
  '{"a":\n{"a":1}\n',
])('a flood of %j takes linear time, and the event after it is found', async (flood) => {
  const started = performance.now()
  const { events } = await decodeAll(jsonDecoder, flood.repeat((256 * 1024) / flood.length), `\n${a}\n`)
  expect(events.at(-1)!.raw()).toContain(a)
  expect(performance.now() - started).toBeLessThan(3_000)
})

test.each([
  ['syslog', 'Oct  8 host app: {"a": 1}'],
  ['a bracketed log', '[2020-01-01 10:00:00] x'],
  ['a list of numbers', '[1, 2]'],
  ['a configuration', '{ a: 1 }'],
  ['nothing', ''],
])('%s is not taken for JSON', (_name, text) => {
  expect(jsonDecoder.detects(Buffer.from(text))).toBe(false)
})

// --- What objects mean

async function first(input: string) {
  const decoded = await decodeAll(jsonDecoder, input)
  expect(decoded.damages).toEqual([])
  return summary(decoded).events[0]
}

test('an envelope of the HTTP Event Collector: its metadata win, its event is the raw text', async () => {
  const envelope =
    '{"time": 1602155026.617, "host": "h", "source": "s", "sourcetype": "st", "index": "i", "fields": {"f": "1", "many": ["a", "b"], "n": 5}, "event": {"x":  1.0}}'
  const event = await first(envelope)
  expect(event).toMatchObject({
    raw: '{"x":  1.0}',
    time: 1602155026.617,
    content: { kind: 'json', value: { x: '1.0' } },
  })
  const { fields, ...metadata } = event!.metadata
  expect(metadata).toEqual({ host: 'h', source: 's', sourcetype: 'st', index: 'i' })
  expect([...fields!]).toEqual([
    ['f', '1'],
    ['many', ['a', 'b']],
    ['n', '5'],
  ])
})

const logon =
  "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>4624</EventID><TimeCreated SystemTime='2020-10-08T11:03:46.5Z'/><Channel>Security</Channel><Computer>dc1</Computer></System><EventData><Data Name='User'>anna</Data></EventData></Event>"

test('event XML in an envelope becomes a Windows event, whatever the sender calls it', async () => {
  const named = await first(
    JSON.stringify({
      event: logon,
      sourcetype: 'xmlwineventlog',
      source: 'WinEventLog:x',
      host: 'forwarder',
    }),
  )
  expect(named).toMatchObject({
    raw: logon,
    time: 1602155026.5,
    metadata: { sourcetype: 'xmlwineventlog', source: 'WinEventLog:x', host: 'forwarder' },
    content: { eventId: '4624', data: [{ name: 'User', value: 'anna' }] },
  })
  const unnamed = await first(JSON.stringify({ event: logon }))
  expect(unnamed!.metadata).toEqual({
    form: { source: 'XmlWinEventLog:Security', sourcetype: 'XmlWinEventLog', host: 'dc1' },
  })
})

test('classic text in an envelope keeps its kind and gives its time and metadata', async () => {
  const text = '10/08/2020 11:03:46 AM\nLogName=Security\nComputerName=dc1\nMessage=x'
  expect(await first(JSON.stringify({ event: text, index: 'i' }))).toMatchObject({
    raw: text,
    time: 1602155026,
    metadata: {
      index: 'i',
      form: { source: 'WinEventLog:Security', sourcetype: 'WinEventLog', host: 'dc1' },
    },
    content: { kind: 'text' },
  })
})

test('JSON text in an envelope is parsed', async () => {
  const text = '{"eventName": "x", "eventTime": "2021-01-22T03:44:16Z"}'
  expect(await first(JSON.stringify({ event: text, sourcetype: 'aws:cloudtrail' }))).toMatchObject({
    raw: text,
    time: 1611287056,
    metadata: { sourcetype: 'aws:cloudtrail' },
    content: { kind: 'json', value: { eventName: 'x' } },
  })
})

test('other texts and numbers in an envelope are text', async () => {
  expect(await first('{"event": "plain"}')).toMatchObject({ raw: 'plain', content: { kind: 'text' } })
  expect(await first('{"event": 5.0}')).toMatchObject({ raw: '5.0', content: { kind: 'text' } })
})

test.each([
  '{"event": "login", "level": "info"}',
  '{"event": "login", "time": "2021-01-22T03:44:16Z"}',
  '{"Event": "x", "host": "h"}',
])('%s is an event of its own, no envelope', async (line) => {
  expect(await first(line)).toMatchObject({ raw: line, content: { kind: 'json' } })
})

const row =
  '{"_raw": "the raw text", "_time": "2021-01-22T03:44:16.500+00:00", "sourcetype": "st", "host": "h", "many": ["a", "b"], "null": null}'

test.each([
  ['a result line', `{"preview":false,"offset":0,"result":${row}}`],
  ['a bare result', `{"result":${row}}`],
  [
    'results in one object',
    `{"preview":false,"init_offset":0,"messages":[{"type":"INFO"}],"fields":[{"name":"_raw"}],"results":[${row}], "highlighted":{}}`,
  ],
  ['a row by itself', row],
])("Splunk's export as %s gives rows", async (_name, input) => {
  const event = await first(input)
  expect(event).toMatchObject({
    raw: 'the raw text',
    time: 1611287056.5,
    metadata: { sourcetype: 'st', host: 'h' },
    content: { kind: 'row' },
  })
  const { fields } = event!.metadata
  expect([...fields!.keys()]).toEqual(['_raw', '_time', 'sourcetype', 'host', 'many'])
  expect(fields!.get('many')).toEqual(['a', 'b'])
  expect(event!.content).toEqual({ kind: 'row', fields })
})

test('a row without raw text stands for itself, and event XML in a row stays a row', async () => {
  const plain = '{"result":{"_time":"1611287056.5","count":"3"}}'
  expect(await first(plain)).toMatchObject({ raw: plain, time: 1611287056.5, content: { kind: 'row' } })
  expect(await first(JSON.stringify({ result: { _raw: logon } }))).toMatchObject({
    raw: logon,
    content: { kind: 'row' },
  })
})

test("the end mark of Splunk's export is no event", async () => {
  expect(
    await rawsOf('{"preview":false,"result":{"a":"1"}}\n{"preview":false,"lastrow":true}\n'),
  ).toMatchObject({
    kinds: ['row'],
    damages: [],
  })
})

test('a Windows event as JSON keeps its line as raw text and gets the metadata of event XML', async () => {
  const line =
    '{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"ws5","UtcTime":"2020-09-04 07:29:45.114","Image":"a.exe"}'
  expect(await first(line)).toMatchObject({
    raw: line,
    time: 1599204585.114,
    metadata: {
      form: {
        source: 'XmlWinEventLog:Microsoft-Windows-Sysmon/Operational',
        sourcetype: 'XmlWinEventLog',
        host: 'ws5',
      },
    },
    content: { eventId: '1' },
  })
})

test('a time with a zone under a well-known key is the time; other times are left to knowledge', async () => {
  expect((await first('{"@timestamp": "2020-09-14T00:44:23.000Z"}'))!.time).toBe(1600044263)
  expect((await first('{"eventTime": "2020-09-14T00:44:23Z"}'))!.time).toBe(1600044263)
  expect((await first('{"@timestamp": "2020-09-14 00:44:23"}'))!.time).toBeUndefined()
  expect((await first('{"ts": 1588205199.8}'))!.time).toBeUndefined()
})

test('an event that an object holds as JSON text is the event', async () => {
  const trail = JSON.stringify({ eventSource: 's3.amazonaws.com', eventTime: '2021-01-22T03:44:16Z' })
  expect(await first(JSON.stringify({ Events: [{ EventId: '1', CloudTrailEvent: trail }] }))).toMatchObject({
    raw: trail,
    time: 1611287056,
    content: { kind: 'json', value: { eventSource: 's3.amazonaws.com' } },
  })
  const audit = '{"Workload":"Exchange","Operation":"x"}'
  expect((await first(JSON.stringify({ AuditData: audit })))!.raw).toBe(audit)
  const other = '{"AuditData":"{\\"a\\":1}"}'
  expect((await first(other))!.raw).toBe(other)
})

test('lists of the command lines of clouds are lists of events', async () => {
  expect((await first('{"Findings": [{"Title": "x"}]}'))!.raw).toBe('{"Title": "x"}')
  expect((await first('{"kind": "k", "etag": "e", "items": [{"id": 1}]}'))!.raw).toBe('{"id": 1}')
  expect((await first('{"items": [{"id": 1}]}'))!.raw).toBe('{"items": [{"id": 1}]}')
})

test.each([
  ['"/Date(1602155026617)/"'],
  ['{"value":"/Date(1602155026617)/","DateTime":"Thursday"}'],
  ['"2020-10-08T13:03:46.617+02:00"'],
  ['"2020-10-08T11:03:46.617"'],
])('an object of Get-WinEvent becomes classic text, its time %s', async (created) => {
  const event = await first(
    `{"Message":"a\\r\\nb","Id":7036,"ProviderName":"p","LogName":"System","MachineName":"ws1","UserId":{"Value":"S-1-5-18"},"KeywordsDisplayNames":["x","y"],"TimeCreated":${created}}`,
  )
  expect(event).toMatchObject({
    raw: '10/08/2020 11:03:46.617 AM\nLogName=System\nSourceName=p\nEventCode=7036\nComputerName=ws1\nKeywords=x, y\nSid=S-1-5-18\nMessage=a\r\nb',
    time: 1602155026.617,
    metadata: { form: { source: 'WinEventLog:System', sourcetype: 'WinEventLog', host: 'ws1' } },
  })
})
