import { expect, test } from 'vitest'
import type { WindowsRecord } from '../reader.ts'
import { parseJsonObject } from './parse.ts'
import { windowsRecord } from './windows-layouts.ts'

function recordOf(json: object | string): WindowsRecord | undefined {
  const value = parseJsonObject(typeof json === 'string' ? json : JSON.stringify(json))
  return value && windowsRecord(value)
}

function systemOf(record: WindowsRecord | undefined) {
  const elements = [
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
  const attributes = [
    ...[
      'Provider.Name',
      'Provider.Guid',
      'EventID.Qualifiers',
      'TimeCreated.SystemTime',
      'Correlation.ActivityID',
    ],
    ...['Execution.ProcessID', 'Execution.ThreadID', 'Security.UserID'],
  ]
  const found: Record<string, string> = {}
  for (const name of elements) if (record?.system(name) !== undefined) found[name] = record.system(name)!
  for (const name of attributes) {
    if (record?.systemAttribute(name) !== undefined) found[name] = record.systemAttribute(name)!
  }
  return found
}

function dataOf(record: WindowsRecord | undefined) {
  return record?.data().map(({ name, value }) => [name, value])
}

const nxlog = {
  ...{ EventTime: '2020-09-04 03:29:45', Hostname: 'WS5.theshire.local', Keywords: '-9214364837600034816' },
  ...{
    EventType: 'AUDIT_SUCCESS',
    SeverityValue: 2,
    Severity: 'INFO',
    EventID: 4688,
    SourceName: 'Microsoft-Windows-Security-Auditing',
  },
  ...{
    ProviderGuid: '{54849625-5478-4994-A5BA-3E3B0328C30D}',
    Version: 2,
    Task: 13312,
    OpcodeValue: 0,
    RecordNumber: 309429,
  },
  ...{
    ExecutionProcessID: 4,
    ThreadID: 344,
    Channel: 'Security',
    Message: 'A new process',
    Category: 'Process Creation',
    Opcode: 'Info',
  },
  ...{
    SubjectUserName: 'WS5$',
    ProcessId: '0x1f4',
    ProcessID: '99',
    EventReceivedTime: '2020-09-04 03:31:47',
  },
  ...{
    SourceModuleName: 'eventlog',
    SourceModuleType: 'im_msvistalog',
    '@timestamp': '2020-09-04T07:31:47.604Z',
  },
  ...{
    '@version': '1',
    host: 'wec.internal.cloudapp.net',
    port: 53971,
    tags: ['mordorDataset'],
    ERROR_EVT_UNRESOLVED: true,
  },
}

test('nxlog: system part, data and facts of the collectors are told apart', () => {
  const record = recordOf(nxlog)
  expect(systemOf(record)).toEqual({
    ...{ EventID: '4688', Version: '2', Task: '13312', Opcode: '0', Keywords: '0x8020000000000000' },
    ...{ EventRecordID: '309429', Channel: 'Security', Computer: 'WS5.theshire.local' },
    ...{ 'Provider.Name': 'Microsoft-Windows-Security-Auditing' },
    ...{ 'Provider.Guid': '{54849625-5478-4994-A5BA-3E3B0328C30D}' },
    ...{ 'TimeCreated.SystemTime': '2020-09-04T07:29:45.000000Z' },
    ...{ 'Execution.ProcessID': '4', 'Execution.ThreadID': '344' },
  })
  expect(dataOf(record)).toEqual([
    ['SubjectUserName', 'WS5$'],
    ['ProcessId', '0x1f4'],
    ['ProcessID', '99'],
  ])
  expect(record?.rendering('Message')).toBe('A new process')
  expect(record?.rendering('Task')).toBe('Process Creation')
  expect(record?.rendering('Opcode')).toBe('Info')
  expect(record?.section).toBe('EventData')
})

test('nxlog: its own EventType is left out, that of Sysmon is data', () => {
  const sysmon = {
    ...nxlog,
    EventID: 13,
    EventType: 'SetValue',
    EventTypeOrignal: 'INFO',
    UtcTime: '2020-09-04 07:29:45.114',
  }
  const record = recordOf(sysmon)
  expect(dataOf(record)).toContainEqual(['EventType', 'SetValue'])
  expect(systemOf(record)['TimeCreated.SystemTime']).toBe('2020-09-04T07:29:45.114000Z')
  expect(dataOf(recordOf(nxlog))).not.toContainEqual(['EventType', 'AUDIT_SUCCESS'])
})

test('nxlog: the resolved user is no data, an AccountName without one is', () => {
  const user = { AccountName: 'SYSTEM', AccountType: 'User', Domain: 'NT AUTHORITY', UserID: 'S-1-5-18' }
  const resolved = recordOf({ ...nxlog, ...user })
  expect(systemOf(resolved)['Security.UserID']).toBe('S-1-5-18')
  expect(dataOf(resolved)).toHaveLength(3)
  expect(dataOf(recordOf({ ...nxlog, AccountName: 'anna' }))).toContainEqual(['AccountName', 'anna'])
})

test('flat with TimeCreated: ProcessID is data, as Security 5156 calls it so', () => {
  const record = recordOf({
    ...{
      SourceName: 'Microsoft-Windows-Security-Auditing',
      Level: '0',
      Keywords: '0x8020000000000000',
      Task: '12810',
    },
    ...{
      Channel: 'Security',
      Hostname: 'WS5',
      TimeCreated: '2020-12-19T06:59:28.410Z',
      '@timestamp': '2021-01-01T00:00:00Z',
    },
    ...{ EventID: 5156, Message: 'm', ProcessID: '3428', EventType: 'x' },
  })
  expect(dataOf(record)).toEqual([
    ['ProcessID', '3428'],
    ['EventType', 'x'],
  ])
  expect(systemOf(record)['TimeCreated.SystemTime']).toBe('2020-12-19T06:59:28.410Z')
})

test('Fluent Bit: ProcessID beside ThreadID is the logging process, strings are unnamed data', () => {
  const record = recordOf({
    ...{
      ProviderName: 'Microsoft-Windows-Security-Auditing',
      ProviderGuid: '{5}',
      Qualifiers: '',
      EventID: 4798,
      Version: 0,
    },
    ...{
      Level: 0,
      Task: 13824,
      Opcode: 0,
      Keywords: '0x8020000000000000',
      TimeCreated: '2022-08-22 09:55:19 +0900',
    },
    ...{
      EventRecordID: 7,
      ActivityID: '',
      ProcessID: 820,
      ThreadID: 17,
      Channel: 'Security',
      Computer: 'c',
      UserID: '',
    },
    StringInserts: ['anna', 'WS'],
  })
  expect(systemOf(record)).toEqual({
    ...{
      EventID: '4798',
      Version: '0',
      Level: '0',
      Task: '13824',
      Opcode: '0',
      Keywords: '0x8020000000000000',
    },
    ...{
      EventRecordID: '7',
      Channel: 'Security',
      Computer: 'c',
      'Provider.Name': 'Microsoft-Windows-Security-Auditing',
    },
    ...{ 'Provider.Guid': '{5}', 'TimeCreated.SystemTime': '2022-08-22T00:55:19.000000Z' },
    ...{ 'Execution.ProcessID': '820', 'Execution.ThreadID': '17' },
  })
  expect(dataOf(record)).toEqual([
    [undefined, 'anna'],
    [undefined, 'WS'],
  ])
})

test('Azure Log Analytics: data from the XML it carries, else from the columns', () => {
  const common = {
    ...{
      TenantId: 't',
      TimeGenerated: '2022-05-13T08:54:05.21Z',
      SourceSystem: 'OpsManager',
      Computer: 'WS5',
      Level: '0',
    },
    ...{
      EventSourceName: 'Microsoft-Windows-Security-Auditing',
      Channel: 'Security',
      Task: 1,
      EventID: 5156,
      Type: 'SecurityEvent',
    },
    Activity: '5156 - The Windows Filtering Platform has allowed a connection.',
  }
  const xml = `<EventData xmlns="u">\r\n  <Data Name="ProcessID">3936</Data>\r\n  <Data Name="Direction">%%14592</Data>\r\n</EventData>`
  const withXml = recordOf({ ...common, EventData: xml, Account: 'x', ProcessId: '1' })
  expect(dataOf(withXml)).toEqual([
    ['ProcessID', '3936'],
    ['Direction', '%%14592'],
  ])
  expect(systemOf(withXml)['TimeCreated.SystemTime']).toBe('2022-05-13T08:54:05.21Z')
  const withColumns = recordOf({ ...common, Account: 'x', SubjectUserName: 'anna', CommandLine: 'c' })
  expect(dataOf(withColumns)).toEqual([
    ['SubjectUserName', 'anna'],
    ['CommandLine', 'c'],
  ])
})

const winlogbeatData = { event_data: { SubjectUserName: 'anna', param1: 'x' } }

test('Winlogbeat 7 and later', () => {
  const record = recordOf({
    '@timestamp': '2022-01-02T03:04:05.678Z',
    agent: { hostname: 'collector' },
    host: { name: 'collector' },
    log: { level: 'information' },
    message: 'text',
    winlog: {
      ...{
        event_id: '4624',
        channel: 'Security',
        computer_name: 'dc1',
        provider_name: 'P',
        provider_guid: '{g}',
        record_id: 12,
      },
      ...{ version: 2, task: 'Logon', opcode: 'Info', keywords: ['Audit Success'], activity_id: '{a}' },
      ...{ process: { pid: 4, thread: { id: 5 } }, user: { identifier: 'S-1-5-18' }, api: 'wineventlog' },
      ...winlogbeatData,
    },
  })
  expect(systemOf(record)).toEqual({
    ...{
      EventID: '4624',
      Version: '2',
      EventRecordID: '12',
      Channel: 'Security',
      Computer: 'dc1',
      'Provider.Name': 'P',
    },
    ...{
      'Provider.Guid': '{g}',
      'TimeCreated.SystemTime': '2022-01-02T03:04:05.678Z',
      'Correlation.ActivityID': '{a}',
    },
    ...{ 'Execution.ProcessID': '4', 'Execution.ThreadID': '5', 'Security.UserID': 'S-1-5-18' },
  })
  expect(dataOf(record)).toEqual([
    ['SubjectUserName', 'anna'],
    ['param1', 'x'],
  ])
  expect(['Message', 'Level', 'Task', 'Keywords'].map((name) => record?.rendering(name))).toEqual([
    ...['text', 'information', 'Logon', 'Audit Success'],
  ])
})

test('Winlogbeat 6 and before, also inside an Elasticsearch export', () => {
  const event = {
    ...{
      '@timestamp': '2019-01-02T03:04:05.678Z',
      type: 'wineventlog',
      event_id: 1,
      log_name: 'Security',
      computer_name: 'dc1',
    },
    ...{
      source_name: 'P',
      provider_guid: '{g}',
      record_number: '12',
      process_id: 4,
      thread_id: 5,
      level: 'Information',
    },
    ...{
      keywords: ['Audit Success'],
      beat: { hostname: 'collector' },
      user: { identifier: 'S-1-5-18', name: 'SYSTEM' },
    },
    ...winlogbeatData,
  }
  for (const record of [recordOf(event), recordOf({ _index: 'i', _source: event })]) {
    expect(systemOf(record)).toMatchObject({
      EventID: '1',
      Channel: 'Security',
      Computer: 'dc1',
      EventRecordID: '12',
    })
    expect(systemOf(record)).toMatchObject({
      'Execution.ProcessID': '4',
      'Security.UserID': 'S-1-5-18',
      'Provider.Name': 'P',
    })
    expect(dataOf(record)).toEqual([
      ['SubjectUserName', 'anna'],
      ['param1', 'x'],
    ])
  }
})

test('Winlogbeat user data keeps its element', () => {
  const record = recordOf({
    winlog: {
      event_id: 1102,
      channel: 'Security',
      user_data: { xml_name: 'LogFileCleared', SubjectUserName: 'a&b' },
    },
  })
  expect(record?.section).toBe('UserData')
  expect(dataOf(record)).toEqual([['SubjectUserName', 'a&b']])
  expect(record?.sectionXml()).toBe(
    '<LogFileCleared><SubjectUserName>a&amp;b</SubjectUserName></LogFileCleared>',
  )
})

const evtxDumpSystem = {
  Provider: { '#attributes': { Name: 'P', Guid: '{g}' } },
  EventID: { '#attributes': { Qualifiers: 16384 }, '#text': 7045 },
  ...{ Version: 0, Level: 4, Task: 0, Opcode: 0, Keywords: '0x8080000000000000', EventRecordID: 12 },
  TimeCreated: { '#attributes': { SystemTime: '2021-04-26T10:11:12.123456Z' } },
  Correlation: null,
  Execution: { '#attributes': { ProcessID: 624, ThreadID: 5036 } },
  ...{ Channel: 'System', Computer: 'dc1', Security: { '#attributes': { UserID: 'S-1-5-18' } } },
}
const evtxDumpExpected = {
  ...{ EventID: '7045', Version: '0', Level: '4', Task: '0', Opcode: '0', Keywords: '0x8080000000000000' },
  ...{
    EventRecordID: '12',
    Channel: 'System',
    Computer: 'dc1',
    'Provider.Name': 'P',
    'Provider.Guid': '{g}',
  },
  ...{ 'EventID.Qualifiers': '16384', 'TimeCreated.SystemTime': '2021-04-26T10:11:12.123456Z' },
  ...{ 'Execution.ProcessID': '624', 'Execution.ThreadID': '5036', 'Security.UserID': 'S-1-5-18' },
}

test('evtx_dump: attributes beside texts', () => {
  const record = recordOf({
    Event: {
      '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
      System: evtxDumpSystem,
      EventData: { ServiceName: 'a', ImagePath: null, Count: 3, Flag: true, Many: ['1', '2'], Binary: 'C1' },
    },
  })
  expect(systemOf(record)).toEqual(evtxDumpExpected)
  expect(dataOf(record)).toEqual([
    ...[
      ['ServiceName', 'a'],
      ['ImagePath', ''],
      ['Count', '3'],
      ['Flag', 'true'],
      ['Many', '1'],
      ['Many', '2'],
      ['Binary', 'C1'],
    ],
  ])
  expect(record?.sectionXml()).toMatch(/^<Data Name='ServiceName'>a<\/Data>.*<Binary>C1<\/Binary>$/)
})

test('evtx_dump: attributes in keys of their own', () => {
  const system: Record<string, unknown> = { ...evtxDumpSystem }
  for (const name of ['Provider', 'EventID', 'TimeCreated', 'Execution', 'Security']) {
    const node = evtxDumpSystem[name as 'EventID']
    delete system[name]
    system[`${name}_attributes`] = node['#attributes']
  }
  const record = recordOf({ Event: { System: { ...system, EventID: 7045 }, EventData: null } })
  expect(systemOf(record)).toEqual(evtxDumpExpected)
  expect(record?.section).toBe('EventData')
  expect(dataOf(record)).toEqual([])
})

test.each([
  [
    { Data: { '#text': ['one', 'two'] }, Binary: null },
    [
      [undefined, 'one'],
      [undefined, 'two'],
      ['Binary', ''],
    ],
  ],
  [
    { Data: ['one', 2] },
    [
      [undefined, 'one'],
      [undefined, '2'],
    ],
  ],
  [{ Data: 'one' }, [[undefined, 'one']]],
  [
    { Data: [{ '@Name': 'a', '#text': '1' }, { '@Name': 'b' }] },
    [
      ['a', '1'],
      ['b', ''],
    ],
  ],
  [{ Data: [{ '#attributes': { Name: 'a' }, '#text': '1' }] }, [['a', '1']]],
  [{ '#attributes': { Name: 'template' }, a: { '#text': '1', '#attributes': { x: 'y' } } }, [['a', '1']]],
  [{ a: { '#attributes': { x: 'y' } } }, [['a', '']]],
])('reads the data %j of converted XML', (data, items) => {
  expect(dataOf(recordOf({ Event: { System: evtxDumpSystem, EventData: data } }))).toEqual(items)
})

test('converted UserData keeps its nesting', () => {
  const record = recordOf({
    Event: {
      System: evtxDumpSystem,
      UserData: {
        LogFileCleared: { '#attributes': { xmlns: 'x' }, SubjectUserName: 'anna', Many: ['1', '2'] },
      },
    },
  })
  expect(record?.section).toBe('UserData')
  expect(dataOf(record)).toEqual([
    ['SubjectUserName', 'anna'],
    ['Many', '1'],
    ['Many', '2'],
  ])
  expect(record?.sectionXml()).toBe(
    '<LogFileCleared><SubjectUserName>anna</SubjectUserName><Many>1</Many><Many>2</Many></LogFileCleared>',
  )
})

test('Velociraptor: System at the top, values in objects, epoch times', () => {
  const record = recordOf(
    `{"System":{"Provider":{"Name":"P","Guid":"{g}"},"EventID":{"Value":4624},"Keywords":9232379236109516800,"TimeCreated":{"SystemTime":1600000000.25},"EventRecordID":9,"Execution":{"ProcessID":4},"Channel":"Security","Computer":"dc1","Security":{}},"EventData":{"SubjectUserName":"anna"},"Message":"text"}`,
  )
  expect(systemOf(record)).toEqual({
    ...{
      EventID: '4624',
      Keywords: '0x8020000000000000',
      EventRecordID: '9',
      Channel: 'Security',
      Computer: 'dc1',
    },
    ...{
      'Provider.Name': 'P',
      'Provider.Guid': '{g}',
      'TimeCreated.SystemTime': '2020-09-13T12:26:40.250000Z',
    },
    ...{ 'Execution.ProcessID': '4' },
  })
  expect(record?.rendering('Message')).toBe('text')
})

test('EvtxECmd: data in a JSON text', () => {
  const record = recordOf({
    ...{
      Computer: 'dc1',
      Channel: 'Security',
      Provider: 'P',
      EventId: 4624,
      EventRecordId: '9',
      ProcessId: 4,
      ThreadId: 5,
    },
    ...{
      Level: 'LogAlways',
      Keywords: 'Audit success',
      TimeCreated: '2021-04-26T10:11:12.1234567+00:00',
      UserId: 'S-1-5-18',
    },
    Payload: JSON.stringify({
      EventData: { Data: [{ '@Name': 'SubjectUserName', '#text': 'anna' }, { '@Name': 'Empty' }] },
    }),
  })
  expect(systemOf(record)).toEqual({
    ...{ EventID: '4624', EventRecordID: '9', Channel: 'Security', Computer: 'dc1', 'Provider.Name': 'P' },
    ...{
      'TimeCreated.SystemTime': '2021-04-26T10:11:12.123456Z',
      'Execution.ProcessID': '4',
      'Execution.ThreadID': '5',
    },
    ...{ 'Security.UserID': 'S-1-5-18' },
  })
  expect(dataOf(record)).toEqual([
    ['SubjectUserName', 'anna'],
    ['Empty', ''],
  ])
})

test.each([
  ['an event of its own kind', { EventID: 1, message: 'x' }],
  ['a channel of something else', { Channel: 'chat', text: 'hi' }],
  ['an EventID that is no number', { EventID: 'abc', Channel: 'x' }],
  ['CloudTrail', { eventVersion: '1.08', eventName: 'x', eventID: 'fd4f1042' }],
  ['zeek', { ts: 1588205199.82437, uid: 'C' }],
  ['an Event that is text', { Event: 'x', System: 'y' }],
])('%s is no Windows event', (_name, json) => {
  expect(recordOf(json)).toBeUndefined()
})

test('hostile names stay data', () => {
  const record = recordOf(
    '{"EventID":1,"Channel":"c","Hostname":"h","__proto__":"p","constructor":"c","a\'<b":"\'<"}',
  )
  expect(dataOf(record)).toEqual([
    ['__proto__', 'p'],
    ['constructor', 'c'],
    ["a'<b", "'<"],
  ])
  expect(record?.system('__proto__')).toBeUndefined()
  expect(record?.sectionXml()).toContain("<Data Name='a&apos;&lt;b'>'&lt;</Data>")
})
