// The same event as EVTX, event XML, JSON of a collector and classic text has the same fields.

import { describe, expect, test } from 'vitest'
import {
  buildChunk,
  buildFile,
  dataTemplate,
  element,
  emptyElement,
  type Markup,
  value,
} from '../../test/fixtures/evtx/build.ts'
import { detectFormat } from '../decode/index.ts'
import { bundledPacks, loadKnowledge } from '../knowledge/knowledge.ts'
import { resultRow } from '../value/result-row.ts'
import { blocksOf, type EventGroup } from './scan.ts'

const knowledge = await loadKnowledge({
  folders: await bundledPacks(),
  context: { now: 1_700_000_000, timeZone: 'UTC', warn: () => {} },
  report: ({ message }) => {
    throw new Error(message)
  },
})

type Fields = Readonly<Record<string, string | readonly string[]>>

async function fieldsOf(bytes: Uint8Array): Promise<Fields> {
  const decision = detectFormat(bytes)
  if (decision.kind !== 'known') throw new Error(decision.reason)
  async function* chunks() {
    yield bytes
  }
  const options = { recover: false, onDamage: () => {} }
  async function* groups(): AsyncGenerator<EventGroup> {
    if (decision.kind !== 'known') return
    for await (const events of decision.decoder.decode({ name: 'x', chunks }, options))
      yield { file: '/evidence/x', events }
  }
  for await (const batch of blocksOf(groups(), knowledge, {})) return resultRow(batch.row(0))
  throw new Error('no event')
}

interface Spec {
  readonly what: string
  readonly channel: string
  readonly provider: string
  readonly eventId: number
  readonly version: number
  readonly level: number
  readonly task: number
  readonly opcode: number
  readonly keywords: bigint
  readonly userSid?: readonly [authority: number, ...subAuthorities: number[]]
  readonly data: Readonly<Record<string, string>>
  /** Some of its fields, written by hand. */
  readonly fields: Fields
  /** The message as classic text shows it, where the add-on reads that; and fields that it also has then. */
  readonly classic?: { readonly message: string; readonly fields: Fields }
}

const computer = 'ws01.example.org'
const guid = '{54849625-5478-4994-A5BA-3E3B0328C30D}'
const guidBytes = Buffer.from('2596845478549449a5ba3e3b0328c30d', 'hex')
/** 2020-10-08T11:03:46.6179203Z */
const fileTime = 132_466_286_266_179_203n

const hex = (number: bigint): string => `0x${number.toString(16)}`
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function asEvtx(spec: Spec): Uint8Array {
  const template: Markup = element(
    'Event',
    [
      element('System', [
        emptyElement('Provider', { Name: [{ value: 0 }], Guid: [{ value: 1 }] }),
        element('EventID', [{ value: 2 }]),
        element('Version', [{ value: 3 }]),
        element('Level', [{ value: 4 }]),
        element('Task', [{ value: 5 }]),
        element('Opcode', [{ value: 6 }]),
        element('Keywords', [{ value: 7 }]),
        emptyElement('TimeCreated', { SystemTime: [{ value: 8 }] }),
        element('EventRecordID', [{ value: 9 }]),
        emptyElement('Correlation'),
        emptyElement('Execution', { ProcessID: [{ value: 10 }], ThreadID: [{ value: 11 }] }),
        element('Channel', [{ value: 12 }]),
        element('Computer', [{ value: 13 }]),
        emptyElement('Security', { UserID: [{ value: 14, optional: true }] }),
      ]),
      { value: 15, optional: true },
    ],
    { xmlns: ['http://schemas.microsoft.com/win/2004/08/events/event'] },
  )
  const values = [
    value.text(spec.provider),
    value.guid(guidBytes),
    value.uint16(spec.eventId),
    value.uint8(spec.version),
    value.uint8(spec.level),
    value.uint16(spec.task),
    value.uint8(spec.opcode),
    value.hex64(spec.keywords),
    value.fileTime(fileTime),
    value.uint64(77n),
    value.uint32(640),
    value.uint32(1234),
    value.text(spec.channel),
    value.text(computer),
    spec.userSid === undefined ? value.none : value.sid(...spec.userSid),
    value.nested(dataTemplate(...Object.keys(spec.data)), Object.values(spec.data).map(value.text)),
  ]
  return buildFile(buildChunk([{ id: 77, template, values }]))
}

const userText = ({ userSid }: Spec): string | undefined =>
  userSid === undefined ? undefined : `S-1-${userSid.join('-')}`

function asXml(spec: Spec): string {
  const user = userText(spec)
  const items = Object.entries(spec.data).map(
    ([name, text]) => `<Data Name='${name}'>${escaped(text)}</Data>`,
  )
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${spec.provider}' Guid='${guid}'/><EventID>${spec.eventId}</EventID><Version>${spec.version}</Version><Level>${spec.level}</Level><Task>${spec.task}</Task><Opcode>${spec.opcode}</Opcode><Keywords>${hex(spec.keywords)}</Keywords><TimeCreated SystemTime='2020-10-08T11:03:46.617920300Z'/><EventRecordID>77</EventRecordID><Correlation/><Execution ProcessID='640' ThreadID='1234'/><Channel>${spec.channel}</Channel><Computer>${computer}</Computer><Security${user === undefined ? '' : ` UserID='${user}'`}/></System><EventData>${items.join('')}</EventData></Event>`
}

/** As nxlog writes it. Where the data has an EventType, collections keep nxlog's own under this spelling. */
function asFlatJson(spec: Spec): string {
  const user = userText(spec)
  return JSON.stringify({
    EventTime: '2020-10-08T11:03:46.617920300Z',
    Hostname: computer,
    Keywords: hex(spec.keywords),
    Level: spec.level,
    EventID: spec.eventId,
    SourceName: spec.provider,
    ProviderGuid: guid,
    Version: spec.version,
    Task: spec.task,
    OpcodeValue: spec.opcode,
    RecordNumber: 77,
    ExecutionProcessID: 640,
    ThreadID: 1234,
    Channel: spec.channel,
    ...(user === undefined ? {} : { UserID: user }),
    [Object.hasOwn(spec.data, 'EventType') ? 'EventTypeOrignal' : 'EventType']: 'INFO',
    ...spec.data,
    EventReceivedTime: '2020-10-08 11:03:48',
    SourceModuleName: 'eventlog',
    SourceModuleType: 'im_msvistalog',
  })
}

const asClassic = (spec: Spec, message: string): string =>
  [
    '10/08/2020 11:03:46.617 AM',
    `LogName=${spec.channel}`,
    `EventCode=${spec.eventId}`,
    'EventType=0',
    `ComputerName=${computer}`,
    `SourceName=${spec.provider}`,
    'Type=Information',
    'RecordNumber=77',
    `Keywords=${spec.keywords === auditSuccess ? 'Audit Success' : 'Classic'}`,
    'TaskCategory=None',
    'OpCode=Info',
    `Message=${message}`,
    '',
  ].join('\n')

const auditSuccess = 0x8020000000000000n
const sysmonKeywords = 0x8000000000000000n
const audit = {
  channel: 'Security',
  provider: 'Microsoft-Windows-Security-Auditing',
  version: 2,
  level: 0,
  opcode: 0,
  keywords: auditSuccess,
} as const
const sysmon = {
  channel: 'Microsoft-Windows-Sysmon/Operational',
  provider: 'Microsoft-Windows-Sysmon',
  version: 5,
  level: 4,
  opcode: 0,
  keywords: sysmonKeywords,
  userSid: [5, 18],
} as const
const process = {
  RuleName: '-',
  UtcTime: '2020-10-08 11:03:46.610',
  ProcessGuid: '{A1B2C3D4-0001-0002-0300-000000000400}',
}

const specs: readonly Spec[] = [
  {
    what: 'PowerShell 4104',
    channel: 'Microsoft-Windows-PowerShell/Operational',
    provider: 'Microsoft-Windows-PowerShell',
    eventId: 4104,
    version: 1,
    level: 3,
    task: 2,
    opcode: 15,
    keywords: 0n,
    userSid: [5, 21, 1, 2, 3, 1001],
    data: {
      MessageNumber: '1',
      MessageTotal: '1',
      ScriptBlockText: 'if ($a -lt 3 -and "<x>" -ne "&") {\n  whoami 2>&1\n}',
      ScriptBlockId: 'f3c52a5e-0c1e-4d2e-9a5e-1f6b0b5c2d11',
    },
    fields: {
      EventCode: '4104',
      ScriptBlockText: 'if ($a -lt 3 -and "<x>" -ne "&") {\n  whoami 2>&1\n}',
      UserID: 'S-1-5-21-1-2-3-1001',
      user_id: 'S-1-5-21-1-2-3-1001',
      Opcode: '15',
      Computer: computer,
    },
  },
  {
    what: 'Security 4624',
    ...audit,
    eventId: 4624,
    task: 12544,
    data: {
      SubjectUserSid: 'S-1-5-18',
      SubjectUserName: 'WS01$',
      SubjectDomainName: 'EXAMPLE',
      SubjectLogonId: '0x3e7',
      TargetUserSid: 'S-1-5-21-1-2-3-1001',
      TargetUserName: 'alice',
      TargetDomainName: 'EXAMPLE',
      TargetLogonId: '0x4f2a1',
      LogonType: '10',
      LogonProcessName: 'User32 ',
      AuthenticationPackageName: 'Negotiate',
      WorkstationName: 'WS01',
      LogonGuid: '{00000000-0000-0000-0000-000000000000}',
      TransmittedServices: '-',
      LmPackageName: '-',
      KeyLength: '0',
      ProcessId: '0x4e0',
      ProcessName: 'C:\\Windows\\System32\\svchost.exe',
      IpAddress: '198.51.100.7',
      IpPort: '50123',
    },
    fields: {
      user: 'alice',
      src_user: 'WS01$',
      dest: computer,
      src: 'WS01',
      src_ip: '198.51.100.7',
      src_port: '50123',
      app: 'win:remote',
      action: 'success',
      signature: 'An account was successfully logged on',
      tag: ['authentication', 'os', 'windows'],
    },
    classic: {
      message: `An account was successfully logged on.

Subject:
	Security ID:		S-1-5-18
	Account Name:		WS01$
	Account Domain:		EXAMPLE
	Logon ID:		0x3E7

Logon Type:			10

New Logon:
	Security ID:		S-1-5-21-1-2-3-1001
	Account Name:		alice
	Account Domain:		EXAMPLE
	Logon ID:		0x4F2A1
	Logon GUID:		{00000000-0000-0000-0000-000000000000}

Process Information:
	Process ID:		0x4e0
	Process Name:		C:\\Windows\\System32\\svchost.exe

Network Information:
	Workstation Name:	WS01
	Source Network Address:	198.51.100.7
	Source Port:		50123`,
      fields: { Account_Name: ['WS01$', 'alice'], Logon_Type: '10', Logon_ID: ['0x3E7', '0x4F2A1'] },
    },
  },
  {
    what: 'Security 4688',
    ...audit,
    eventId: 4688,
    task: 13312,
    data: {
      SubjectUserSid: 'S-1-5-21-1-2-3-1001',
      SubjectUserName: 'alice',
      SubjectDomainName: 'EXAMPLE',
      SubjectLogonId: '0x4f2a1',
      NewProcessId: '0x1a2c',
      NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
      TokenElevationType: '%%1938',
      ProcessId: '0x9d8',
      CommandLine: 'cmd /c whoami > "C:\\Users\\Public\\a & b.txt" 2>&1',
      TargetUserSid: 'S-1-0-0',
      TargetUserName: '-',
      TargetDomainName: '-',
      TargetLogonId: '0x0',
      ParentProcessName: 'C:\\Windows\\explorer.exe',
      MandatoryLabel: 'S-1-16-8192',
    },
    fields: {
      user: 'alice',
      dest: computer,
      action: 'allowed',
      process: 'C:\\Windows\\System32\\cmd.exe /c whoami > "C:\\Users\\Public\\a & b.txt" 2>&1',
      process_name: 'cmd.exe',
      process_id: '0x1a2c',
      parent_process: 'C:\\Windows\\explorer.exe',
      parent_process_name: 'explorer.exe',
      parent_process_id: '0x9d8',
      tag: ['os', 'process', 'report', 'windows'],
    },
    classic: {
      message: `A new process has been created.

Creator Subject:
	Security ID:		S-1-5-21-1-2-3-1001
	Account Name:		alice
	Account Domain:		EXAMPLE
	Logon ID:		0x4F2A1

Target Subject:
	Security ID:		S-1-0-0
	Account Name:		-
	Account Domain:		-
	Logon ID:		0x0

Process Information:
	New Process ID:		0x1a2c
	New Process Name:	C:\\Windows\\System32\\cmd.exe
	Token Elevation Type:	%%1938
	Mandatory Label:		S-1-16-8192
	Creator Process ID:	0x9d8
	Creator Process Name:	C:\\Windows\\explorer.exe
	Process Command Line:	cmd /c whoami > "C:\\Users\\Public\\a & b.txt" 2>&1`,
      fields: { New_Process_Name: 'C:\\Windows\\System32\\cmd.exe', Creator_Process_ID: '0x9d8' },
    },
  },
  {
    what: 'System 7045',
    channel: 'System',
    provider: 'Service Control Manager',
    eventId: 7045,
    version: 0,
    level: 4,
    task: 0,
    opcode: 0,
    keywords: 0x8080000000000000n,
    userSid: [5, 18],
    data: {
      ServiceName: 'updater',
      ImagePath: '%SystemRoot%\\updater.exe -k',
      ServiceType: 'user mode service',
      StartType: 'auto start',
      AccountName: 'LocalSystem',
    },
    fields: {
      dest: computer,
      ImagePath: '%SystemRoot%\\updater.exe -k',
      start_mode: 'auto',
      service_name: 'updater',
      tag: ['os', 'report', 'service', 'windows'],
    },
    classic: {
      message: `A service was installed in the system.

Service Name:  updater
Service File Name:  %SystemRoot%\\updater.exe -k
Service Type:  user mode service
Service Start Type:  auto start
Service Account:  LocalSystem`,
      fields: { Service_Name: 'updater', Service_File_Name: '%SystemRoot%\\updater.exe -k' },
    },
  },
  {
    what: 'Sysmon 1',
    ...sysmon,
    eventId: 1,
    task: 1,
    data: {
      ...process,
      ProcessId: '4242',
      Image: 'C:\\Windows\\System32\\rundll32.exe',
      OriginalFileName: 'RUNDLL32.EXE',
      CommandLine: 'rundll32.exe "C:\\a & b\\x.dll",Run <1>',
      CurrentDirectory: 'C:\\Users\\alice\\',
      User: 'EXAMPLE\\alice',
      IntegrityLevel: 'Medium',
      Hashes: 'MD5=00112233445566778899AABBCCDDEEFF,IMPHASH=FFEEDDCCBBAA99887766554433221100',
      ParentProcessGuid: '{A1B2C3D4-0001-0002-0200-000000000400}',
      ParentProcessId: '4000',
      ParentImage: 'C:\\Windows\\explorer.exe',
      ParentCommandLine: 'C:\\Windows\\Explorer.EXE',
    },
    fields: {
      user: 'alice',
      dest: computer,
      process: 'rundll32.exe "C:\\a & b\\x.dll",Run <1>',
      process_name: 'rundll32.exe',
      process_id: '4242',
      parent_process: 'C:\\Windows\\Explorer.EXE',
      parent_process_name: 'explorer.exe',
      original_file_name: 'RUNDLL32.EXE',
      MD5: '00112233445566778899AABBCCDDEEFF',
      tag: ['process', 'report'],
    },
  },
  {
    what: 'Sysmon 3',
    ...sysmon,
    eventId: 3,
    task: 3,
    data: {
      ...process,
      ProcessId: '4242',
      Image: 'C:\\Windows\\System32\\rundll32.exe',
      User: 'EXAMPLE\\alice',
      Protocol: 'tcp',
      Initiated: 'true',
      SourceIsIpv6: 'false',
      SourceIp: '198.51.100.7',
      SourceHostname: '-',
      SourcePort: '50123',
      SourcePortName: '-',
      DestinationIsIpv6: 'false',
      DestinationIp: '203.0.113.9',
      DestinationHostname: '-',
      DestinationPort: '443',
      DestinationPortName: 'https',
    },
    fields: {
      dest: '203.0.113.9',
      dest_port: '443',
      src: '198.51.100.7',
      transport: 'tcp',
      direction: 'outbound',
      app: 'C:\\Windows\\System32\\rundll32.exe',
      dvc: computer,
      tag: ['communicate', 'network'],
    },
  },
  {
    what: 'Sysmon 11',
    ...sysmon,
    eventId: 11,
    task: 11,
    data: {
      ...process,
      ProcessId: '4242',
      Image: 'C:\\Windows\\System32\\rundll32.exe',
      TargetFilename: 'C:\\Users\\Public\\a & b.dll',
      CreationUtcTime: '2020-10-08 11:03:46.610',
      User: 'EXAMPLE\\alice',
    },
    fields: {
      file_name: 'a & b.dll',
      file_path: 'C:\\Users\\Public\\a & b.dll',
      action: 'created',
      process_name: 'rundll32.exe',
      user: 'alice',
      tag: ['endpoint', 'filesystem'],
    },
  },
  {
    what: 'Sysmon 13',
    ...sysmon,
    eventId: 13,
    task: 13,
    data: {
      ...process,
      EventType: 'SetValue',
      ProcessId: '4242',
      Image: 'C:\\Windows\\regedit.exe',
      TargetObject: 'HKLM\\SOFTWARE\\Policies\\Example\\Disabled',
      Details: 'DWORD (0x00000001)',
      User: 'EXAMPLE\\alice',
    },
    fields: {
      registry_path: 'HKLM\\SOFTWARE\\Policies\\Example\\Disabled',
      registry_key_name: 'Example',
      registry_value_name: 'Disabled',
      registry_value_data: '0x00000001',
      registry_value_type: 'REG_DWORD',
      action: 'modified',
      tag: ['endpoint', 'registry'],
    },
  },
]

/** The text of the event, and what is made of it: each form has its own. */
const formDependent = ['_raw', 'linecount', 'System_Props_Xml', 'EventData_Xml']

const comparable = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !formDependent.includes(name)))

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe.each(specs)('$what', (spec) => {
  test('has these fields as event XML', async () => {
    expect(await fieldsOf(bytes(asXml(spec)))).toMatchObject(spec.fields)
  })

  test('is the same as EVTX', async () => {
    const evtx = await fieldsOf(asEvtx(spec))
    expect(comparable(evtx)).toEqual(comparable(await fieldsOf(bytes(asXml(spec)))))
    expect(evtx['_raw']).toBe(asXml(spec))
  })

  test('is the same as flat JSON', async () => {
    const json = await fieldsOf(bytes(asFlatJson(spec)))
    expect(comparable(json)).toEqual(comparable(await fieldsOf(bytes(asXml(spec)))))
  })
})

test.each(specs.flatMap((spec) => (spec.classic === undefined ? [] : [{ ...spec, classic: spec.classic }])))(
  '$what is the same as classic text',
  async ({ classic, ...spec }) => {
    const found = await fieldsOf(bytes(asClassic(spec, classic.message)))
    expect(found).toMatchObject({ ...spec.fields, ...classic.fields, sourcetype: 'WinEventLog' })
  },
)
