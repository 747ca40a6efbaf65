import { expect, test } from 'vitest'
import { randomNumbers } from '../../../test/support/random-numbers.ts'
import { EventPiece } from '../text/cut-events.ts'
import { textOf } from '../text/encoding.ts'
import { EventXml, windowsTime } from './event-xml.ts'
import { readDataItems, SystemPart, sectionAt } from './windows-form.ts'
import { WindowsXmlEvent } from './windows-xml-event.ts'

const security = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/><EventID>4688</EventID><Version>2</Version><Level>0</Level><Task>13312</Task><Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2020-10-08T11:03:46.617920300Z'/><EventRecordID>2171289</EventRecordID><Correlation/><Execution ProcessID='4' ThreadID='5'/><Channel>Security</Channel><Computer>dc1.corp</Computer><Security/></System><EventData><Data Name='SubjectUserName'>anna</Data><Data Name='Empty'></Data><Data Name='CommandLine'>a &amp; b &lt;c&gt;</Data><Data Name='Gone'/><Binary>C1</Binary></EventData></Event>`
const classic = `<Event><System><Provider Name="Service Control Manager" EventSourceName='S'/><EventID Qualifiers="16384">7036</EventID><TimeCreated SystemTime="2020-10-08T11:03:46Z" /><Channel>System</Channel><Computer>Ünïcode</Computer></System><EventData><Data>é</Data><Data>running</Data></EventData><RenderingInfo Culture='en-US'><Message>m</Message></RenderingInfo></Event>`
const cleared = `<Event><System><EventID>1102</EventID><Channel>Security</Channel><Computer>dc1</Computer></System><UserData><LogFileCleared xmlns='x'><SubjectUserName>anna</SubjectUserName></LogFileCleared></UserData></Event>`
const bare = '<Event><System/></Event>'
const events = [security, security.replaceAll('><', '>\r\n  <').replaceAll("'", '"'), classic, cleared, bare]

/** Everything that can be read of an event, by the event itself and by the reference. */
function bothReadings(bytes: Buffer) {
  const event = new WindowsXmlEvent(new EventPiece(bytes, 0, bytes.length, 1, 0))
  const record = new EventXml(textOf(bytes, 0, bytes.length))
  const of = (read: typeof record | typeof event) => ({
    system: ['EventID', 'Channel', 'Computer', 'Level', 'EventRecordID', 'Keywords'].map((name) =>
      read.system(name),
    ),
    attributes: ['EventID.Qualifiers', 'Provider.Name', 'TimeCreated.SystemTime', 'Execution.ProcessID'].map(
      (name) => read.systemAttribute(name),
    ),
    section: read.section,
    data: read.data(),
    sectionXml: read.sectionXml(),
    message: read.rendering('Message'),
  })
  const names = event.dataNames()
  if (names !== undefined)
    expect(names.map((name, item) => ({ name, value: event.dataValue(item) }))).toEqual(record.data())
  return {
    event: { ...of(event), time: event.time },
    reference: { ...of(record), time: windowsTime(record) },
  }
}

test.each(events)('reads an event as the reference does: %.60s…', (text) => {
  const { event, reference } = bothReadings(Buffer.from(text))
  expect(event).toEqual(reference)
})

/** What damage and forgery like to consist of. */
const tokens = [
  ...['<', '>', '/', "'", '"', '=', ' ', '&', '&amp;', '&#x41;', '<!--', '-->', '<![CDATA[', ']]>', '<?x ?>'],
  ...[
    '</System>',
    '<System>',
    '<EventID>1</EventID>',
    '<Channel>x</Channel>',
    '<Channel/>',
    '<Computer> y </Computer>',
  ],
  ...[
    '<EventData>',
    '</EventData>',
    '<UserData>',
    '</UserData>',
    '<Data>',
    '</Data>',
    "<Data Name='z'>",
    '<Data x="1">',
  ],
  ...[
    "<TimeCreated SystemTime='2021-02-30T00:00:00Z'/>",
    ' Qualifiers="2"',
    '\n',
    '\0',
    '\u00a0',
    'é',
    '\ufffd',
    '.',
  ],
]

test('damaged and forged events are read as the reference reads them', () => {
  const random = randomNumbers(4688)
  for (let round = 0; round < 1000; round++) {
    let bytes = Buffer.from(events[random(events.length)]!)
    for (let change = random(3); change >= 0; change--) {
      const at = random(bytes.length)
      const token = Buffer.from(tokens[random(tokens.length)]!)
      const middle = random(10) === 0 ? Buffer.from([random(256)]) : token
      bytes = Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at + random(4) * random(9))])
    }
    const { event, reference } = bothReadings(bytes)
    expect(event, bytes.toString()).toEqual(reference)
  }
})

test('events whose data have the same names share the list of names', () => {
  const namesIn = (text: string) => {
    const bytes = Buffer.from(text)
    return new WindowsXmlEvent(new EventPiece(bytes, 0, bytes.length, 1, 0)).dataNames()
  }
  const names = namesIn(security)
  expect(names).toEqual(['SubjectUserName', 'Empty', 'CommandLine', 'Gone', 'Binary'])
  expect(namesIn(security.replace('>anna<', '/><').replace('</Data>', ''))).toBe(names)
  expect(namesIn(security.replace('Empty', 'Other'))).toEqual([
    'SubjectUserName',
    'Other',
    'CommandLine',
    'Gone',
    'Binary',
  ])
  expect(namesIn(security)).toBe(names)
  expect(namesIn(cleared)).toBeUndefined()
})

test('what follows an event in its bytes is not its own', () => {
  const cutOff = security.slice(0, security.indexOf('<EventData>'))
  const bytes = Buffer.from(cutOff + security)
  const event = new WindowsXmlEvent(new EventPiece(bytes, 0, cutOff.length, 1, 0))
  expect(event.system('EventID')).toBe('4688')
  expect(event.section).toBeUndefined()
  expect(event.data()).toEqual([])
  expect(event.raw()).toBe(cutOff)
  const earlier = security.slice(0, security.indexOf('<Channel>'))
  const noChannel = new WindowsXmlEvent(
    new EventPiece(Buffer.from(earlier + security), 0, earlier.length, 1, 0),
  )
  expect(noChannel.system('Channel')).toBeUndefined()
})

test('events as Windows writes them are read from their bytes', () => {
  for (const text of [security, classic, cleared]) {
    const bytes = Buffer.from(text)
    const part = new SystemPart()
    expect(part.read(bytes, 0, bytes.length)).toBe(true)
    const section = sectionAt(bytes, part.end)
    expect(section?.name).toBe(text === cleared ? 'UserData' : 'EventData')
    if (section?.name === 'EventData') expect(readDataItems(bytes, section.from, bytes.length)).toBeDefined()
  }
})
