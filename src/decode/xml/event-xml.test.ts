import { expect, test } from 'vitest'
import { EventXml, windowsMetadata, windowsTime } from './event-xml.ts'

const full = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Service Control Manager' Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}' EventSourceName='Service Control Manager'/><EventID Qualifiers='16384'>7045</EventID><Version>0</Version><Level>4</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords><TimeCreated SystemTime='2021-04-26T10:11:12.1234567Z'/><EventRecordID>4451</EventRecordID><Correlation ActivityID='{a}' RelatedActivityID='{b}'/><Execution ProcessID='624' ThreadID='5036'/><Channel>System</Channel><Computer>dc1.example.com</Computer><Security UserID='S-1-5-18'/></System><EventData><Data Name='ServiceName'>a &amp; b</Data><Data Name='ImagePath'>"C:\\x" &gt; y</Data><Data Name='Empty'></Data><Data Name='None'/><Data Name='ServiceName'>again</Data><Data>unnamed</Data><Binary>C100</Binary></EventData><RenderingInfo Culture='en-US'><Message>A service was installed.
Service: a &amp; b</Message><Level>Information</Level><Opcode/><Keywords><Keyword>Classic</Keyword><Keyword>Audit Success</Keyword></Keywords></RenderingInfo></Event>`

test('gives the elements of System', () => {
  const record = new EventXml(full)
  const names = [
    'EventID',
    'Version',
    'Level',
    'Task',
    'Opcode',
    'Keywords',
    'EventRecordID',
    'Channel',
    'Computer',
  ]
  expect(names.map((name) => record.system(name))).toEqual([
    ...['7045', '0', '4', '0', '0', '0x8080000000000000', '4451', 'System', 'dc1.example.com'],
  ])
  expect(record.system('Provider')).toBeUndefined()
  expect(record.system('__proto__')).toBeUndefined()
})

test('gives the attributes in System', () => {
  const record = new EventXml(full)
  expect(record.systemAttribute('Provider.Name')).toBe('Microsoft-Windows-Service Control Manager')
  expect(record.systemAttribute('Provider.Guid')).toBe('{555908d1-a6d7-4695-8e1e-26931d2012f4}')
  expect(record.systemAttribute('Provider.EventSourceName')).toBe('Service Control Manager')
  expect(record.systemAttribute('EventID.Qualifiers')).toBe('16384')
  expect(record.systemAttribute('TimeCreated.SystemTime')).toBe('2021-04-26T10:11:12.1234567Z')
  expect(record.systemAttribute('Correlation.RelatedActivityID')).toBe('{b}')
  expect(record.systemAttribute('Execution.ThreadID')).toBe('5036')
  expect(record.systemAttribute('Security.UserID')).toBe('S-1-5-18')
})

test('gives data in file order, decoded, with repeats and empty values', () => {
  expect(new EventXml(full).data()).toEqual([
    { name: 'ServiceName', value: 'a & b' },
    { name: 'ImagePath', value: '"C:\\x" > y' },
    { name: 'Empty', value: '' },
    { name: 'None', value: '' },
    { name: 'ServiceName', value: 'again' },
    { name: undefined, value: 'unnamed' },
    { name: 'Binary', value: 'C100' },
  ])
})

test('gives the inner XML of the section as it is written', () => {
  const record = new EventXml(full)
  expect(record.section).toBe('EventData')
  expect(record.sectionXml()).toMatch(/^<Data Name='ServiceName'>a &amp; b<\/Data>.*<Binary>C100<\/Binary>$/)
})

test('gives what a forwarder rendered', () => {
  const record = new EventXml(full)
  expect(record.rendering('Message')).toBe('A service was installed.\nService: a & b')
  expect(record.rendering('Level')).toBe('Information')
  expect(record.rendering('Opcode')).toBe('')
  expect(record.rendering('Keywords')).toBe('Classic, Audit Success')
  expect(record.rendering('Task')).toBeUndefined()
})

test('gives time and metadata', () => {
  const record = new EventXml(full)
  expect(windowsTime(record)).toBe(1619431872.123456)
  expect(windowsMetadata(record).form).toEqual({
    source: 'XmlWinEventLog:System',
    sourcetype: 'XmlWinEventLog',
    host: 'dc1.example.com',
  })
})

test('an event without channel and computer has the metadata that are certain', () => {
  expect(windowsMetadata(new EventXml('<Event><System/></Event>')).form).toEqual({
    source: 'XmlWinEventLog',
    sourcetype: 'XmlWinEventLog',
  })
})

test('gives the leaves of UserData', () => {
  const record = new EventXml(
    "<Event><System><EventID>1102</EventID></System><UserData><LogFileCleared xmlns='http://x'><SubjectUserName>anna</SubjectUserName><SubjectLogonId>0x3e7</SubjectLogonId><b:Path xmlns:b='y'/><Deep><er>1</er><er>2</er></Deep></LogFileCleared></UserData></Event>",
  )
  expect(record.section).toBe('UserData')
  expect(record.data()).toEqual([
    { name: 'SubjectUserName', value: 'anna' },
    { name: 'SubjectLogonId', value: '0x3e7' },
    { name: 'Path', value: '' },
    { name: 'er', value: '1' },
    { name: 'er', value: '2' },
  ])
  expect(record.sectionXml()).toMatch(/^<LogFileCleared .*<\/LogFileCleared>$/)
})

test('reads pretty-printed events: blanks around system values go, those in data stay', () => {
  const record = new EventXml(
    '<Event>\r\n <System>\r\n  <EventID>\r\n   4104\r\n  </EventID>\r\n  <Channel> PS </Channel>\r\n </System>\r\n <EventData>\r\n  <Data Name="Script"> a\r\n\tb </Data>\r\n </EventData>\r\n</Event>',
  )
  expect(record.system('EventID')).toBe('4104')
  expect(record.system('Channel')).toBe('PS')
  expect(record.data()).toEqual([{ name: 'Script', value: ' a\r\n\tb ' }])
})

test.each([
  ['<Event/>', undefined, []],
  ['<Event><System></System></Event>', undefined, []],
  ['<Event><System/><EventData/></Event>', 'EventData', []],
  ['<Event><System></System><EventData></EventData></Event>', 'EventData', []],
  [
    '<Event><System></System><DebugData><x>1</x></DebugData></Event>',
    'DebugData',
    [{ name: 'x', value: '1' }],
  ],
  ['<Event><System></System><ProcessingErrorData/></Event>', 'ProcessingErrorData', []],
  ["<Event><System></System><EventData><Data Name='a'>cut of", 'EventData', [{ name: 'a', value: 'cut of' }]],
  [
    "<Event><System></System><EventData><Data Name='a'>1</Data><Data Na",
    'EventData',
    [
      { name: 'a', value: '1' },
      { name: undefined, value: '' },
    ],
  ],
  ['', undefined, []],
])('reads what there is of %j', (text, section, data) => {
  const record = new EventXml(text)
  expect(record.section).toBe(section)
  expect(record.data()).toEqual(data)
})

test('a forged second System cannot change the event', () => {
  const record = new EventXml(
    "<Event><System><EventID>1</EventID><EventID>2</EventID><Provider Name='a' Name='b'/><Provider Name='c'/></System><EventData><Data Name='x'><System><EventID>3</EventID></System></Data></EventData></Event>",
  )
  expect(record.system('EventID')).toBe('1')
  expect(record.systemAttribute('Provider.Name')).toBe('a')
})

test('control characters in values are kept, as event logs hold them', () => {
  const record = new EventXml(
    "<Event><System></System><EventData><Data Name='a'>\u0001\0\u001f</Data></EventData></Event>",
  )
  expect(record.data()).toEqual([{ name: 'a', value: '\u0001\0\u001f' }])
})

test('hostile nesting neither overflows nor takes long', () => {
  const text = `<Event><System></System><UserData>${'<a>'.repeat(300_000)}x${'</a>'.repeat(300_000)}</UserData></Event>`
  const started = performance.now()
  expect(new EventXml(text).data()).toEqual([{ name: 'a', value: 'x' }])
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('a million attributes or elements take linear time', () => {
  const started = performance.now()
  const many = new EventXml(
    `<Event><System><P ${"a='b' ".repeat(300_000)}/></System><EventData>${'<Data/>'.repeat(300_000)}</EventData></Event>`,
  )
  expect(many.data()).toHaveLength(300_000)
  expect(many.systemAttribute('P.a')).toBe('b')
  expect(performance.now() - started).toBeLessThan(3_000)
})
