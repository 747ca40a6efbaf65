import { expect, test } from 'vitest'
import { decodeAll, differencesWhenCut, summary } from '../../../test/support/decode-all.ts'
import { csvDecoder, otherTableDecoders, tableDecoder } from './file.ts'

async function rowsOf(input: string) {
  const { events, damages } = await decodeAll(csvDecoder, input)
  const rows = events.map(({ metadata }) => Object.fromEntries(metadata.fields ?? []))
  return {
    rows,
    raws: events.map((event) => event.raw()),
    positions: events.map((event) => event.position),
    damages,
  }
}

test.each([
  [
    'a,b\n1,2\n3,4\n',
    [
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ],
  ],
  [
    'a,b\r\n1,2\r\n3,4',
    [
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ],
  ],
  ['\ufeff"a", b \n"1","x, ""y"""\n', [{ a: '1', b: 'x, "y"' }]],
  ['a,b\n"two\r\nlines",2\n', [{ a: 'two\r\nlines', b: '2' }]],
  ['a,b\n1,\n,2\n', [{ a: '1' }, { b: '2' }]],
  ['a,b\n1\n', [{ a: '1' }]],
  ['a,b\nit is 5" long,2\n', [{ a: 'it is 5" long', b: '2' }]],
  ['a,b\n"quoted" and more,2\n', [{ a: 'quoted and more', b: '2' }]],
  ['a,a,b\n1,2,3\n', [{ a: ['1', '2'], b: '3' }]],
  ['a,b\n""\n"""",x\n', [{}, { a: '"', b: 'x' }]],
  ['a,b\n1,"not closed\n2,3', [{ a: '1', b: 'not closed\n2,3' }]],
  ['a,b\n\n1,2\n\n', [{ a: '1', b: '2' }]],
  ['a,b\n', []],
])('reads %j', async (input, rows) => {
  const found = await rowsOf(input)
  expect(found.rows).toEqual(rows)
  expect(found.damages).toEqual([])
  expect(await differencesWhenCut(csvDecoder, input)).toEqual([])
})

test("reads Splunk's export: raw text, time and metadata come from the columns", async () => {
  const input = `"_raw","_time",host,source,sourcetype,index,"__mv_many",many\n"<Event> ""x""\nsecond line","2021-01-22T03:44:16.500+0000",h,s,st,main,"$a$;$b$$c$","a\nb$c"\n`
  const decoded = await decodeAll(csvDecoder, input)
  const [event] = summary(decoded).events
  const { fields, ...metadata } = event!.metadata
  expect(event).toMatchObject({
    raw: '<Event> "x"\nsecond line',
    time: 1611287056.5,
    content: { kind: 'row', fields },
  })
  expect(metadata).toEqual({ host: 'h', source: 's', sourcetype: 'st', index: 'main' })
  expect(fields!.get('many')).toEqual(['a', 'b$c'])
  expect(fields!.has('__mv_many')).toBe(false)
})

test('a row without raw text stands for itself; positions are those of its first line', async () => {
  const { raws, positions } = await rowsOf('a,b\n"1\n2",3\n4,5\n')
  expect(raws).toEqual(['"1\n2",3', '4,5'])
  expect(positions).toEqual(['line 2', 'line 4'])
})

test('a table of another origin is text with columns, under the name csv where nobody says more', async () => {
  const { events } = await decodeAll(csvDecoder, '#TYPE Selected.Thing\na,b\n1,2\n')
  expect(events.map(({ content, metadata }) => [content.kind, metadata.form])).toEqual([
    ['text', { sourcetype: 'csv' }],
  ])
})

test.each([
  ['tsv', 'user\tsrc ip\nanna\t"10.0.0.1\t2"\n', { user: 'anna', 'src ip': '10.0.0.1\t2' }],
  ['ssv', 'user;src\nanna;10,5\n', { user: 'anna', src: '10,5' }],
  ['psv', 'user|src|dest\nanna||b\n', { user: 'anna', dest: 'b' }],
])('%s is told by its separator and read', async (format, text, row) => {
  const decoder = otherTableDecoders.find((candidate) => candidate.format === format)!
  const telling = [csvDecoder, ...otherTableDecoders].filter(({ detects }) => detects(Buffer.from(text)))
  expect(telling).toEqual([decoder])
  const { events } = await decodeAll(decoder, text)
  expect(events.map(({ metadata }) => Object.fromEntries(metadata.fields!))).toEqual([row])
})

test('a layout says where the names are and what is none', async () => {
  const decoder = tableDecoder('x', '', {
    delimiter: ' ',
    quote: "'",
    isBlankSeparated: true,
    header: { delimiter: ',', quote: undefined },
    headerLine: 3,
    headerIn: (line) => /^# (.*)/.exec(line)?.[1],
    isMissing: (cell) => cell === '-',
    fieldOf: (name) => name.replace('.', '_'),
  })
  const { events } = await decodeAll(decoder, "made by hand\n\n# a.b,c,d\n1 \t 'x y'  -\n")
  expect(events.map(({ metadata }) => Object.fromEntries(metadata.fields!))).toEqual([{ a_b: '1', c: 'x y' }])
  const named = tableDecoder('x', '', { delimiter: ',', quote: undefined, names: ['a', 'b'] })
  const { events: rows } = await decodeAll(named, '1,"2\n3,4\n')
  expect(rows.map(({ metadata }) => Object.fromEntries(metadata.fields!))).toEqual([
    { a: '1', b: '"2' },
    { a: '3', b: '4' },
  ])
})

test('cells beyond the header are reported', async () => {
  const { rows, damages } = await rowsOf('a,b\n1,2,3\n')
  expect(rows).toEqual([{ a: '1', b: '2' }])
  expect(damages).toEqual([
    { position: 'line 2', reason: 'the row has 3 cells under 2 names; the rest was left out', lostEvents: 0 },
  ])
})

test('hostile names are data', async () => {
  const { events } = await decodeAll(csvDecoder, '__proto__,constructor\n1,2\n')
  expect([...events[0]!.metadata.fields!]).toEqual([
    ['__proto__', '1'],
    ['constructor', '2'],
  ])
})

test.each([
  ['a table', 'user,src_ip,Process Name\nanna,10.0.0.1,"a, b"\n', true],
  ["Splunk's export with a header alone", '_time,_raw\n', true],
  ["Splunk's export of a search", '"_time",count\n"2021-01-22T03:44:16.500+0000",3', true],
  ['a table whose last row is cut off', `a,b\n1,2\n${'3,4\n'.repeat(20_000)}`, true],
  ['syslog with commas', 'Oct  8 11:03:46 host app: a, b\nOct  8 11:03:47 host app: c, d\n', false],
  ['a message with commas', 'hello, world\nand, so on\n', false],
  [
    'sentences with commas',
    'The server was started, and it is running now\nThe server was stopped, and it is gone now\n',
    false,
  ],
  ['firewall lines', '1,2020/10/08 11:03:46,001,TRAFFIC\n1,2020/10/08 11:03:47,001,TRAFFIC\n', false],
  ['key=value pairs', 'a=1,b=2\na=3,b=4\n', false],
  ['rows of other widths', 'a,b\n1,2,3\n', false],
  ['a name twice', 'a,a\n1,2\n', false],
  ['a header alone', 'a,b\n', false],
  ['one column', 'a\n1\n', false],
  ['JSON', '{"a": 1, "b": 2}\n{"a": 1, "b": 2}\n', false],
  ['XML', '<Event a="1",>\n<Event a="2",>\n', false],
  ['nothing', '', false],
])('%s is told from other text', (_name, text, isTable) => {
  expect(csvDecoder.detects(Buffer.from(text))).toBe(isTable)
})

test.each(['"', '""', ',"', '\n"', '"\n', 'a,"b\n', '"a""', ','])(
  'a flood of %j takes linear time',
  async (flood) => {
    const started = performance.now()
    await decodeAll(csvDecoder, 'a,b\n', flood.repeat((512 * 1024) / flood.length))
    expect(performance.now() - started).toBeLessThan(3_000)
  },
)
