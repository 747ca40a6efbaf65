import { expect, test } from 'vitest'
import { cleanKey } from '../../base/text/clean-key.ts'
import { delimiterSet, eachDelimitedPair, eachPair, splitAt } from '../../base/text/key-value.ts'
import type { DataItem, WindowsRecord } from '../../decode/reader.ts'
import { type FieldVisitor, jsonReader, parseJsonObject } from './json.ts'
import { eachDataField, headerField } from './windows-event.ts'
import { eachClassicField } from './windows-text.ts'
import { eachXmlField } from './xml.ts'

const visited = (run: (visit: FieldVisitor) => void): string[] => {
  const found: string[] = []
  run((name, text) => found.push(`${name}=${text}`))
  return found
}

test('names are cleaned as Splunk cleans them', () => {
  expect(['Process Name', '_id', '9lives', 'a-b.c', 'ok_1'].map(cleanKey)).toEqual([
    'Process_Name',
    'id',
    'lives',
    'a_b_c',
    'ok_1',
  ])
})

test('JSON objects and arrays become dotted and braced names in document order', () => {
  const object = {
    a: { 'b.c/d': 1 },
    list: [{ n: 'x' }, { n: 'y' }],
    tags: ['p', 'q'],
    none: [],
    empty: {},
    nil: null,
    text: '',
    yes: true,
  }
  expect(visited((visit) => jsonReader()(object, visit))).toEqual([
    'a.b.c/d=1',
    'list{}.n=x',
    'list{}.n=y',
    'tags{}=p',
    'tags{}=q',
    'nil=null',
    'text=',
    'yes=true',
  ])
})

test('hostile JSON keys and depth are only names and text', () => {
  let deep: unknown = 'end'
  for (let level = 0; level < 5000; level++) deep = [deep]
  expect(visited((visit) => jsonReader()(JSON.parse('{"__proto__": {"constructor": 1}}'), visit))).toEqual([
    '__proto__.constructor=1',
  ])
  expect(visited((visit) => jsonReader()({ deep }, visit))).toHaveLength(1)
  expect(parseJsonObject('{"a":')).toBeUndefined()
  expect(parseJsonObject('"a"')).toBeUndefined()
})

test('pairs are found in text, quoted or not', () => {
  const text = 'Jan 1 host: user=bob, msg="a \\"b\\" c" empty="" url=http://x/?q=1&r=2; a.b = 7 x==y'
  expect(visited((visit) => eachPair(text, false, visit))).toEqual([
    'user=bob',
    'msg=a \\"b\\" c',
    'empty=',
    'url=http://x/?q=1',
    'r=2',
    'a_b=7',
    'x==y',
  ])
  expect(visited((visit) => eachPair('m="a \\"b\\""', true, visit))).toEqual(['m=a "b"'])
})

test('delimited text is cut outside of quotation marks', () => {
  expect(splitAt('a,"b,c",,d', ',')).toEqual(['a', 'b,c', '', 'd'])
  expect(splitAt('a\tb\t-', delimiterSet('\\t'))).toEqual(['a', 'b', '-'])
  expect(visited((visit) => eachDelimitedPair('a:1|b:"x|y"|c', '|', ':', visit))).toEqual(['a=1', 'b=x|y'])
})

const classic = `11/15/2021 02:19:27 PM
LogName=Security
EventCode=4720
ComputerName=dc.example.com
Message=A user account was created.

Subject:
\tSecurity ID:\t\tS-1-5-21
\tAccount Name:\t\tadmin

New Account:
\tAccount Name:\t\tmallory
\tAllowed To Delegate To:\t-
\tEmpty:\t

Additional Information:
\tPrivileges\t\t-`

test('classic text gives header lines, the message, labels and labels with their section', () => {
  expect(
    visited((visit) => eachClassicField(classic, visit)).filter((field) => !field.startsWith('Message=')),
  ).toEqual([
    'LogName=Security',
    'EventCode=4720',
    'ComputerName=dc.example.com',
    'Security_ID=S-1-5-21',
    'Subject_Security_ID=S-1-5-21',
    'Account_Name=admin',
    'Subject_Account_Name=admin',
    'Account_Name=mallory',
    'New_Account_Account_Name=mallory',
    'Allowed_To_Delegate_To=-',
    'New_Account_Allowed_To_Delegate_To=-',
  ])
  const message = visited((visit) => eachClassicField(classic, visit)).find((field) =>
    field.startsWith('Message='),
  )
  expect(message).toMatch(/^Message=A user account was created\.\n\nSubject:[\s\S]*Privileges\t\t-$/)
})

const record = (system: Record<string, string>, section: string, items: DataItem[]): WindowsRecord => ({
  system: (name) => system[name],
  systemAttribute: (name) => system[name],
  section,
  data: () => items,
  sectionXml: () => '<Data/>',
  rendering: () => undefined,
})

test('a Windows event gives EventID only without qualifiers, EventCode always', () => {
  const plain = record({ EventID: '4104', 'Security.UserID': 'S-1-5-18' }, 'EventData', [])
  const qualified = record({ EventID: '7036', 'EventID.Qualifiers': '16384' }, 'EventData', [])
  const of = (event: WindowsRecord, name: string) => headerField(event, name, () => '')
  expect([of(plain, 'EventID'), of(plain, 'EventCode'), of(plain, 'UserID')]).toEqual([
    '4104',
    '4104',
    'S-1-5-18',
  ])
  expect([of(qualified, 'EventID'), of(qualified, 'EventCode'), of(qualified, 'Qualifiers')]).toEqual([
    undefined,
    '7036',
    '16384',
  ])
})

test('event data keep repeats, drop empty and unnamed items, and clean names', () => {
  const items = [
    { name: 'Process Name', value: 'a.exe' },
    { name: undefined, value: 'unnamed' },
    { name: 'Path', value: '' },
    { name: 'X', value: '1' },
    { name: 'X', value: '2' },
  ]
  expect(visited((visit) => eachDataField(record({}, 'EventData', items), visit))).toEqual([
    'Process_Name=a.exe',
    'X=1',
    'X=2',
  ])
})

test('user data become fields only for a cleared log', () => {
  const items = [{ name: 'SubjectUserName', value: 'eve' }]
  expect(visited((visit) => eachDataField(record({ EventID: '1102' }, 'UserData', items), visit))).toEqual([
    'SubjectUserName=eve',
  ])
  expect(visited((visit) => eachDataField(record({ EventID: '70' }, 'UserData', items), visit))).toEqual([])
})

test('XML text gives paths of elements and attributes', () => {
  const xml = `<?xml version="1.0"?><!-- c --><a x="1 &amp; 2"><b>t&lt;</b><b><![CDATA[<raw>]]></b><c/><d><e y='z'/></d></a>`
  expect(visited((visit) => eachXmlField(`prefix ${xml}`, visit))).toEqual([
    'a{@x}=1 & 2',
    'a.b=t<',
    'a.b=<raw>',
    'a.d.e{@y}=z',
  ])
})

test('hostile texts take no more than linear time', () => {
  const start = performance.now()
  for (const piece of ['<!--', '<?', '<![CDATA[', '<a b="', 'k="', "k='", 'k', ' ', 'a: ', '\n\t', '{"a":']) {
    const text = piece.repeat(200_000 / piece.length)
    eachXmlField(text, () => {})
    eachPair(text, true, () => {})
    eachClassicField(`Message=${text}`, () => {})
    parseJsonObject(text)
  }
  expect(performance.now() - start).toBeLessThan(3000)
})
