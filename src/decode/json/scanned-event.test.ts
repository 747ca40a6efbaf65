import { expect, test } from 'vitest'
import { randomNumbers } from '../../../test/support/random-numbers.ts'
import type { DataItem, RawEvent } from '../reader.ts'
import { EventPiece } from '../text/cut-events.ts'
import { textOf } from '../text/encoding.ts'
import { jsonEvent } from './json-event.ts'
import { countValues, isJsonObject, parseJson } from './parse.ts'
import { eventScanner, scannedEvent } from './scanned-event.ts'
import { ValueScanner } from './value-scanner.ts'

const nxlog = `{"EventTime":"2020-09-04 03:29:45","Hostname":"ws5","Keywords":-9214364837600034816,"EventType":"AUDIT_SUCCESS","EventID":4688,"SourceName":"Microsoft-Windows-Security-Auditing","Version":2,"Task":13312,"OpcodeValue":0,"RecordNumber":1,"ProcessID":4,"ThreadID":8,"Channel":"Security","Category":"Process Creation","Opcode":"Info","Message":"A new process.\\r\\n\\tx","NewProcessName":"C:\\\\Windows\\\\a.exe","Empty":"","Ratio":1.5,"Truth":true,"Nothing":null,"List":["a","b"],"SourceModuleType":"im_msvistalog","EventReceivedTime":"2020-09-04 03:31:47","@timestamp":"2020-09-04T07:31:47.604Z"}`
const sysmon = `{"TimeCreated":"2020-10-19 12:28:44.333","EventID":"1","Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"WS5","Hostname":"relay","UtcTime":"2020-10-19 16:28:44.100","Version":"4.1","Level":"4","Keywords":"0x8000000000000000","Provider":{"Name":"x"},"User":"\\u0041nna Gr\u00fc\u00dfe"}`
const azure = `{"TenantId":"t","TimeGenerated":"2020-10-19T12:28:44.333Z","EventID":4624,"Channel":"Security","Computer":"dc1","Account":"a","EventData":"<EventData><Data Name=\\"User\\">a</Data></EventData>","Activity":"4624 - x"}`
const layouts = [
  ...[nxlog, sysmon, azure],
  `{"EventID":1,"Channel":7,"a":"b"}`,
  `{"EventID":"x","Channel":"c","EventId":5,"Payload":"{\\"EventData\\":{\\"a\\":\\"b\\"}}"}`,
  `{"Event":{"System":{"Provider":{"#attributes":{"Name":"P"}},"EventID":{"#text":1},"Channel":"c"},"EventData":{"Data":[{"@Name":"a","#text":"1"},null]}}}`,
  `{"System":{"EventID":1,"Channel":"c"},"EventData":{"a":"b"}}`,
  `{"winlog":{"event_id":1,"channel":"c","event_data":{"a":"b"}},"@timestamp":"2020-10-19T12:28:44.333Z"}`,
  `{"event_id":1,"log_name":"c","computer_name":"d"}`,
  `{"_index":"i","_source":{"EventID":1,"Channel":"c","x":"y"}}`,
  `{"event":{"a":1},"time":1602155026.5,"sourcetype":"s","fields":{"a":["b"]}}`,
  `{"preview":false,"offset":0,"result":{"_raw":"r","_time":"1602155026"}}`,
  ...['{"lastrow":true}', '{"_raw":"r","host":"h"}', '{"_time":"2020-10-08T11:03:46Z","a":"b"}'],
  `{"EventId":"x","CloudTrailEvent":"{\\"eventSource\\":\\"s3\\",\\"eventTime\\":\\"2020-10-08T11:03:46Z\\"}"}`,
  `{"AuditData":"{\\"Workload\\":\\"Exchange\\"}","CreationDate":"x"}`,
  `{"Id":1,"LogName":"Security","MachineName":"m","ProviderName":"p","TimeCreated":"/Date(1602155026617)/"}`,
  `{"eventVersion":"1.05","eventTime":"2021-01-22T03:44:16Z","n":9007199254740993,"deep":{"a":[1,{"b":[]}],"c":{}},"e":1e5}`,
  `{"@timestamp":"2021-01-22T03:44:16","eventTime":"x","__proto__":{"a":1},"constructor":2}`,
  ...['{}', '{"a":{}}', '{"a":1,"a":2}', '{"2":"b","1":"a"}', `{"a":\n{"b":1}}`, '{"a":"\t\u0001"}'],
]

const isField = ({ value }: DataItem) => value !== ''

/** Everything that an event gives. */
function readingOf(event: RawEvent | undefined) {
  if (event === undefined) return undefined
  const { content } = event
  if (content.kind === 'windows') {
    const { record } = content
    const items = record.dataNames?.()?.map((name, item) => ({ name, value: record.dataValue!(item) }))
    // A member that is no data after all gives an empty text, which is no field.
    if (items !== undefined) expect(record.data().filter(isField)).toEqual(items.filter(isField))
  }
  const names = [
    'EventID',
    'Channel',
    'Computer',
    'Version',
    'Level',
    'Task',
    'Opcode',
    'Keywords',
    'EventRecordID',
  ]
  const attributes = ['Provider.Name', 'TimeCreated.SystemTime', 'Execution.ProcessID', 'EventID.Qualifiers']
  return {
    raw: event.raw(),
    time: [event.time, event.localTime, event.isTimeGiven],
    metadata: event.metadata,
    content:
      content.kind === 'windows'
        ? {
            system: names.map((name) => content.record.system(name)),
            attributes: attributes.map((name) => content.record.systemAttribute(name)),
            renderings: [...names, 'Message'].map((name) => content.record.rendering(name)),
            section: content.record.section,
            data: content.record.data(),
            xml: content.record.sectionXml(),
          }
        : content.kind === 'json'
          ? { kind: content.kind, value: content.value }
          : content,
  }
}

/** Reads an object both ways; returns how it was read, so that tests can tell whether there was anything to compare. */
function compare(bytes: Buffer): 'scanned' | 'told' | 'unusual' | 'more' {
  const scanner = eventScanner()
  const result = scanner.scan(bytes, 0)
  const reference = new ValueScanner()
  const referenceResult = reference.scan(bytes, 0)
  if (result === 'unusual') return result
  expect(result).toBe(referenceResult)
  if (result === 'more') return result
  expect(scanner.at).toBe(reference.at)
  expect(scanner.hasOddNumber).toBe(reference.hasOddNumber)
  const piece = new EventPiece(bytes, 0, scanner.at, 1, 0)
  const text = textOf(bytes, 0, scanner.at)
  expect(scanner.valueCount).toBe(countValues(text))
  const value = parseJson(text, reference.hasOddNumber)
  if (!isJsonObject(value)) throw new Error('JSON.parse refuses what was scanned')
  for (const zone of [undefined, 'Europe/Berlin']) {
    const event = scannedEvent(piece, scanner, zone)
    if (event === undefined) return 'told'
    expect(readingOf(event)).toEqual(readingOf(jsonEvent(text, value, 'line 1', zone)))
  }
  return 'scanned'
}

test.each(layouts)('reads an object as the reference does: %.70s…', (text) => {
  compare(Buffer.from(text))
})

test('flat events and objects of no known layout are read from their bytes', () => {
  for (const text of [nxlog, sysmon, azure, '{"a":{"b":[1,2]},"c":"d"}'])
    expect(compare(Buffer.from(text))).toBe('scanned')
  expect(compare(Buffer.from('{"a":"b'))).toBe('more')
  expect(compare(Buffer.from('{"a":"b",}'))).toBe('unusual')
  expect(compare(Buffer.from('{"event":"b"}'))).toBe('told')
})

/** What damage and forgery like to consist of. */
const tokens = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\"',
    '\\u00e4',
    '\\u12',
    '\\x',
    '\n',
    '\n{',
    '\t',
    '\u0001',
    '\0',
    ' ',
  ],
  ...[
    '1',
    '-',
    '0',
    '.5',
    'e9',
    '-9223372036854775808',
    '01',
    'null',
    'true',
    'NaN',
    '"a"',
    '"a":',
    ',"b":1',
    'é',
    '\ufffd',
  ],
  ...[
    '"Channel":"x",',
    '"EventID":3,',
    '"event":1,',
    '"EventTime":"2021-02-03 04:05:06",',
    '"Computer":"", ',
    '"5":1,',
  ],
]

test('damaged and forged objects are read as the reference reads them', () => {
  const random = randomNumbers(4624)
  const counts = { scanned: 0, told: 0, unusual: 0, more: 0 }
  for (let round = 0; round < 2000; round++) {
    let bytes = Buffer.from(layouts[random(layouts.length)]!)
    for (let change = random(3); change >= 0; change--) {
      const at = random(bytes.length)
      const token = Buffer.from(tokens[random(tokens.length)]!)
      const middle = random(10) === 0 ? Buffer.from([random(256)]) : token
      bytes = Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at + random(4) * random(9))])
    }
    if (bytes[0] !== 0x7b) continue
    try {
      counts[compare(bytes)]++
    } catch (error) {
      throw new Error(`round ${round}: ${bytes.toString()}\n${(error as Error).message}`)
    }
  }
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(20)
})
