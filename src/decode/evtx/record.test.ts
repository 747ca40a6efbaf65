import { describe, expect, test } from 'vitest'
import {
  BUILT_TIME,
  type BuiltRecord,
  type BuiltValue,
  buildChunk,
  buildFile,
  dataTemplate,
  element,
  emptyElement,
  eventRecord,
  eventTemplate,
  eventValues,
  type Markup,
  value,
} from '../../../test/fixtures/evtx/build.ts'
import { decodeBytes } from '../../../test/fixtures/evtx/decode-bytes.ts'

const EVENT_NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event'

async function decodeOne(record: BuiltRecord) {
  const { events, records, damage } = await decodeBytes(buildFile(buildChunk([record])))
  expect(events).toHaveLength(1)
  return { event: events[0]!, record: records[0]!, damage }
}

const decodeSection = (section: BuiltValue) => decodeOne(eventRecord(7, section))

const decodeTemplate = (template: Markup, ...values: BuiltValue[]) =>
  decodeSection(value.nested(template, values))

describe('header fields', () => {
  test('come from their values and literals', async () => {
    const { event, record } = await decodeSection(value.none)
    expect(record.system('EventID')).toBe('4624')
    expect(record.system('Level')).toBe('0')
    expect(record.system('Keywords')).toBe('0x8020000000000000')
    expect(record.system('EventRecordID')).toBe('7')
    expect(record.system('Channel')).toBe('Security')
    expect(record.system('Computer')).toBe('host.example')
    expect(record.systemAttribute('Provider.Name')).toBe('Test-Provider')
    expect(record.systemAttribute('Provider.Guid')).toBe('{54849625-5478-4994-A5BA-3E3B0328C30D}')
    expect(record.systemAttribute('TimeCreated.SystemTime')).toBe('2020-10-08T11:03:46.617920300Z')
    expect(record.systemAttribute('Security.UserID')).toBe('S-1-5-18')
    expect(event.time).toBe(1_602_155_026.61792)
    expect(event.position).toBe('record 7')
  })

  test('are undefined when they are null, empty or not there', async () => {
    const { record } = await decodeSection(value.none)
    expect(record.systemAttribute('EventID.Qualifiers')).toBeUndefined()
    expect(record.systemAttribute('Correlation.ActivityID')).toBeUndefined()
    expect(record.system('Correlation')).toBeUndefined()
    expect(record.system('Opcode')).toBeUndefined()
    expect(record.system('__proto__')).toBeUndefined()
  })

  test('give the metadata that Splunk indexes event XML under', async () => {
    const { event } = await decodeSection(value.none)
    expect(event.metadata).toEqual({
      source: 'XmlWinEventLog:Security',
      sourcetype: 'XmlWinEventLog',
      host: 'host.example',
    })
  })

  test('without a channel there is a source all the same', async () => {
    const { event } = await decodeOne({ id: 7, fragment: element('Event', [element('System')]) })
    expect(event.metadata).toEqual({ source: 'XmlWinEventLog', sourcetype: 'XmlWinEventLog' })
    expect(event.position).toBe('record 7')
  })

  test('the time of writing serves where the event has none', async () => {
    const values = eventValues(7, value.none).with(6, value.none)
    const { event, record } = await decodeOne({
      id: 7,
      template: eventTemplate,
      values,
      written: BUILT_TIME + 10_000_000n,
    })
    expect(event.time).toBe(1_602_155_027.61792)
    expect(record.systemAttribute('TimeCreated.SystemTime')).toBeUndefined()
  })
})

describe('data items', () => {
  test('come in file order, null and empty ones as empty text', async () => {
    const { record } = await decodeTemplate(
      dataTemplate('SubjectUserSid', 'Empty', 'Null', 'LogonId'),
      value.sid(5, 18),
      value.text(''),
      value.none,
      value.hex64(0x3e7n),
    )
    expect(record.section).toBe('EventData')
    expect(record.data()).toEqual([
      { name: 'SubjectUserSid', value: 'S-1-5-18' },
      { name: 'Empty', value: '' },
      { name: 'Null', value: '' },
      { name: 'LogonId', value: '0x3e7' },
    ])
  })

  test('are text, not XML', async () => {
    const { record } = await decodeTemplate(dataTemplate('Script'), value.text('a && b > "c"\r\n<x/>'))
    expect(record.data()).toEqual([{ name: 'Script', value: 'a && b > "c"\r\n<x/>' }])
  })

  test('values out of order and beyond the table are found or null', async () => {
    const template = element('EventData', [
      element('Data', [{ value: 2 }], { Name: ['c'] }),
      element('Data', [{ value: 0 }], { Name: ['a'] }),
      element('Data', [{ value: 9 }], { Name: ['none'] }),
    ])
    const { record } = await decodeTemplate(
      template,
      value.text('first'),
      value.uint8(1),
      value.text('third'),
    )
    expect(record.data()).toEqual([
      { name: 'c', value: 'third' },
      { name: 'a', value: 'first' },
      { name: 'none', value: '' },
    ])
  })

  test('a text array repeats its element, empty items included', async () => {
    const template = element('EventData', [
      element('Data', [{ value: 0 }]),
      element('Binary', [{ value: 1 }]),
    ])
    const { record } = await decodeTemplate(
      template,
      value.texts('NTDS', '', '0', ''),
      value.binary([0xb1, 0x3b]),
    )
    expect(record.data()).toEqual([
      { name: undefined, value: 'NTDS' },
      { name: undefined, value: '' },
      { name: undefined, value: '0' },
      { name: undefined, value: '' },
      { name: 'Binary', value: 'B13B' },
    ])
    expect(record.sectionXml()).toBe(
      '<Data>NTDS</Data><Data></Data><Data>0</Data><Data></Data><Binary>B13B</Binary>',
    )
  })

  test('an empty array is one empty element', async () => {
    const { record } = await decodeTemplate(dataTemplate('List'), value.texts())
    expect(record.data()).toEqual([{ name: 'List', value: '' }])
    expect(record.sectionXml()).toBe("<Data Name='List'></Data>")
  })

  test('names that JavaScript objects know of are names like others', async () => {
    const { record } = await decodeTemplate(
      dataTemplate('__proto__', 'constructor'),
      value.text('a'),
      value.text('b'),
    )
    expect(record.data()).toEqual([
      { name: '__proto__', value: 'a' },
      { name: 'constructor', value: 'b' },
    ])
  })

  test('a name may be a value itself', async () => {
    const template = element('EventData', [
      element('Data', [{ value: 1 }], { Name: [{ value: 0 }] }),
      element('Data', ['literal'], { Name: ['pre', { value: 0 }] }),
    ])
    const { record } = await decodeTemplate(template, value.text('Key'), value.text('v'))
    expect(record.data()).toEqual([
      { name: 'Key', value: 'v' },
      { name: 'preKey', value: 'literal' },
    ])
  })

  test('attributes of the section and of elements with names of their own are items', async () => {
    const template = element('EventData', [element('Data', [{ value: 0 }], { Name: ['x'], Type: ['t'] })], {
      Name: ['EVENT_PROCESSTERMINATION'],
    })
    const { record } = await decodeTemplate(template, value.uint32(5))
    expect(record.data()).toEqual([
      { name: 'EventData.Name', value: 'EVENT_PROCESSTERMINATION' },
      { name: 'Data.Type', value: 't' },
      { name: 'x', value: '5' },
    ])
  })

  test('UserData gives leaf elements and attributes, without namespaces', async () => {
    const outer: Markup = element('UserData', [{ value: 0 }])
    const inner = element(
      'CertVerify',
      [
        element('Certificate', [], { fileRef: [{ value: 0 }] }),
        element('Flags', ['WTD', { value: 1 }], { value: ['80001000'] }),
        element('Info', [element('Result', [{ value: 2 }])]),
      ],
      { xmlns: ['http://example/ns'], 'xmlns:auto-ns2': ['http://example/ns2'] },
    )
    const values = [value.text('AB.cer'), value.uint16(1), value.text('ok')]
    const { record } = await decodeTemplate(outer, value.nested(inner, values))
    expect(record.section).toBe('UserData')
    expect(record.data()).toEqual([
      { name: 'Certificate.fileRef', value: 'AB.cer' },
      { name: 'Certificate', value: '' },
      { name: 'Flags.value', value: '80001000' },
      { name: 'Flags', value: 'WTD1' },
      { name: 'Result', value: 'ok' },
    ])
    expect(record.sectionXml()).toBe(
      "<CertVerify xmlns='http://example/ns' xmlns:auto-ns2='http://example/ns2'><Certificate fileRef='AB.cer'>" +
        "</Certificate><Flags value='80001000'>WTD1</Flags><Info><Result>ok</Result></Info></CertVerify>",
    )
  })

  test('an element that depends on a null value is not there', async () => {
    const template = element('EventData', [
      { ...element('Data', [{ value: 0 }], { Name: ['Gone'] }), dependency: 0 },
      { ...element('Data', [{ value: 1 }], { Name: ['Here'] }), dependency: 1 },
    ])
    const { record } = await decodeTemplate(template, value.none, value.text('x'))
    expect(record.data()).toEqual([{ name: 'Here', value: 'x' }])
    expect(record.sectionXml()).toBe("<Data Name='Here'>x</Data>")
  })

  test('text that stands beside elements is not lost', async () => {
    const template = element('UserData', ['before', element('Inner', [{ value: 0 }]), '  '])
    const { record } = await decodeTemplate(template, value.text('x'))
    expect(record.data()).toEqual([
      { name: 'UserData', value: 'before' },
      { name: 'Inner', value: 'x' },
    ])
  })

  test('an event without a section has no items', async () => {
    const { record } = await decodeSection(value.none)
    expect(record.section).toBeUndefined()
    expect(record.data()).toEqual([])
    expect(record.sectionXml()).toBeUndefined()
  })

  test('are the same list each time', async () => {
    const { record } = await decodeTemplate(dataTemplate('a'), value.text('x'))
    expect(record.data()).toBe(record.data())
  })
})

describe('untemplated BinXml', () => {
  const data = element('EventData', [
    element('Data', ['http', { charRef: 58 }, '//x?a', { entity: 'amp' }, 'b=1'], { Name: ['Url'] }),
    element('Data', [{ cdata: 'x < y' }], { Name: ['Cdata'] }),
    emptyElement('Data', { Name: ['Nothing'] }),
  ])

  test('is read as a section, its entities and character references resolved', async () => {
    const { record } = await decodeSection(value.fragment(data))
    expect(record.data()).toEqual([
      { name: 'Url', value: 'http://x?a&b=1' },
      { name: 'Cdata', value: 'x < y' },
      { name: 'Nothing', value: '' },
    ])
    expect(record.sectionXml()).toBe(
      "<Data Name='Url'>http://x?a&amp;b=1</Data><Data Name='Cdata'>x &lt; y</Data><Data Name='Nothing'/>",
    )
  })

  test('may hold the whole event, with what a forwarder rendered', async () => {
    const { event, record } = await decodeOne({
      id: 1,
      fragment: element(
        'Event',
        [
          element('System', [
            emptyElement('Provider', { Name: ['P'] }),
            element('EventID', ['4104']),
            emptyElement('TimeCreated', { SystemTime: ['2020-10-08T11:03:46.6179203Z'] }),
            element('EventRecordID', ['99']),
            element('Computer', ['pc']),
          ]),
          data,
          element('RenderingInfo', [
            element('Message', ['Line 1\r\nLine 2']),
            element('Level', ['Information']),
          ]),
        ],
        { xmlns: [EVENT_NAMESPACE] },
      ),
    })
    expect(event.time).toBe(1_602_155_026.61792)
    expect(event.position).toBe('record 99')
    expect(record.system('EventID')).toBe('4104')
    expect(record.section).toBe('EventData')
    expect(record.data()).toHaveLength(3)
    expect(record.rendering('Message')).toBe('Line 1\r\nLine 2')
    expect(record.rendering('Level')).toBe('Information')
    expect(record.rendering('Task')).toBeUndefined()
    expect(event.raw()).toContain("<TimeCreated SystemTime='2020-10-08T11:03:46.6179203Z'/>")
  })

  test('an unknown entity stays as it was written, a processing instruction is kept in the XML', async () => {
    const section = element('EventData', [
      element('Data', ['a', { entity: 'euro' }], { Name: ['x'] }),
      { instruction: ['pi', 'do'] },
    ])
    const { record } = await decodeSection(value.fragment(section))
    expect(record.data()).toEqual([{ name: 'x', value: 'a&euro;' }])
    expect(record.sectionXml()).toBe("<Data Name='x'>a&amp;euro;</Data><?pi do?>")
  })
})

describe('event XML', () => {
  test('is one line with single quotes, as Windows writes it', async () => {
    const { event } = await decodeTemplate(dataTemplate('User'), value.text('SYSTEM'))
    expect(event.raw()).toBe(
      `<Event xmlns='${EVENT_NAMESPACE}'><System>` +
        "<Provider Name='Test-Provider' Guid='{54849625-5478-4994-A5BA-3E3B0328C30D}'/><EventID>4624</EventID>" +
        '<Level>0</Level><Keywords>0x8020000000000000</Keywords>' +
        "<TimeCreated SystemTime='2020-10-08T11:03:46.617920300Z'/><EventRecordID>7</EventRecordID><Correlation/>" +
        '<Channel>Security</Channel><Computer>host.example</Computer>' +
        "<Security UserID='S-1-5-18'/></System><EventData><Data Name='User'>SYSTEM</Data></EventData></Event>",
    )
  })

  test('escapes markup and control characters, and keeps line breaks and quotes in text', async () => {
    const template = element('EventData', [element('Data', [{ value: 0 }], { Name: [{ value: 1 }] })])
    const { record } = await decodeTemplate(
      template,
      value.text('</Data>&"\'\r\n\t\u0002'),
      value.text("a'b<c&d\n"),
    )
    expect(record.sectionXml()).toBe(
      "<Data Name='a&apos;b&lt;c&amp;d&#xA;'>&lt;/Data&gt;&amp;\"'\r\n\t&#x2;</Data>",
    )
  })

  test('repeats an element with a value in its attribute for each item of an array', async () => {
    const template = element('EventData', [element('Data', [{ value: 0 }], { Name: [{ value: 1 }] })])
    const { record } = await decodeTemplate(template, value.uint16s(1, 2), value.text('n'))
    expect(record.sectionXml()).toBe("<Data Name='n'>1</Data><Data Name='n'>2</Data>")
  })
})

describe('hostile records', () => {
  test('a template that holds itself through its values ends at the depth limit, and what stood before is kept', async () => {
    const template = element('EventData', [
      element('Data', ['x'], { Name: ['seen'] }),
      element('Inner', [{ value: 0 }]),
    ])
    let nested = value.nested(template, [value.text('end')])
    for (let depth = 0; depth < 20; depth++) nested = value.nested(template, [nested])
    const { record, damage, event } = await decodeSection(nested)
    expect(record.data().length).toBeGreaterThan(10)
    expect(event.raw()).toContain('<EventData>')
    expect(damage).toEqual([
      {
        position: 'chunk 0, record 7',
        reason: 'its data is cut short: templates are nested too deeply',
        lostEvents: 0,
      },
    ])
  })

  test('a template that repeats a value ten thousand times runs out of its allowance', async () => {
    const many = Array.from({ length: 900 }, () => element('D', [{ value: 0 }, { value: 0 }, { value: 0 }]))
    const big = value.text('x'.repeat(5000))
    const { record, damage, event } = await decodeTemplate(element('EventData', many), big)
    const characters = record.data().reduce((sum, item) => sum + item.value.length, 0)
    expect(characters).toBeLessThan(1_000_000)
    expect(event.raw().length).toBeLessThan(2_000_000)
    expect(damage).toHaveLength(1)
    expect(damage[0]?.reason).toContain('expands to far more than Windows could have written')
  })

  test('nested values that each repeat the next one do not grow without end', async () => {
    const repeat = element(
      'EventData',
      Array.from({ length: 30 }, () => element('X', [{ value: 0 }])),
    )
    let nested = value.nested(repeat, [value.text('x'.repeat(100))])
    for (let depth = 0; depth < 8; depth++) nested = value.nested(repeat, [nested])
    const start = performance.now()
    const { record, damage, event } = await decodeSection(nested)
    record.data()
    event.raw()
    expect(performance.now() - start).toBeLessThan(1000)
    expect(damage).toHaveLength(1)
  })

  test('elements nested too deeply cost the event its section alone', async () => {
    let deep: Markup = element('Leaf', ['x'])
    for (let depth = 0; depth < 60; depth++) deep = element('E', [deep])
    const { record, damage } = await decodeSection(value.fragment(element('EventData', [deep])))
    expect(record.system('EventID')).toBe('4624')
    expect(record.section).toBeUndefined()
    expect(damage[0]?.reason).toBe('its data is cut short: elements are nested too deeply')
  })

  test('a name that would change the XML is damage', async () => {
    const { record, damage } = await decodeSection(
      value.fragment(element('EventData', [element('a><b', ['x'])])),
    )
    expect(record.data()).toEqual([])
    expect(damage[0]?.reason).toBe('its data is cut short: a name has characters that no XML name has')
  })

  test('damage in data is reported once, however often it is read', async () => {
    const { record, event, damage } = await decodeSection(value.raw(0x21, [0x0f, 1, 1, 0, 0x99]))
    expect(damage).toEqual([])
    record.data()
    record.sectionXml()
    event.raw()
    expect(damage).toHaveLength(1)
    expect(damage[0]?.reason).toBe('its data is cut short: 0x99 is not a BinXml token')
  })
})
