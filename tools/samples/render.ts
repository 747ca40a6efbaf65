// The outer forms of an event, as Windows, Splunk and collectors write them.

import type { SampleEvent } from './event.ts'

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** With the seven digits that Windows writes. */
const systemTime = ({ time, recordId }: SampleEvent): string =>
  `${new Date(time).toISOString().slice(0, -1)}${String(recordId % 10_000).padStart(4, '0')}Z`

/** Event XML on one line, as Windows renders it for forwarders: attributes in single quotes. */
export function xmlLine(event: SampleEvent): string {
  const { provider, user, activityId } = event
  const guid = provider.guid === undefined ? '' : ` Guid='${provider.guid}'`
  const id =
    event.version === 0 ? `<EventID Qualifiers='0'>${event.id}</EventID>` : `<EventID>${event.id}</EventID>`
  const data = event.data
    .map(([name, value]) => {
      const tag = name === undefined ? 'Data' : `Data Name='${name}'`
      return value === '' ? `<${tag}></Data>` : `<${tag}>${escapeXml(value)}</Data>`
    })
    .join('')
  return (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>" +
    `<Provider Name='${provider.name}'${guid}/>${id}<Version>${event.version}</Version><Level>${event.level}</Level>` +
    `<Task>${event.task}</Task><Opcode>${event.opcode}</Opcode><Keywords>${event.keywords}</Keywords>` +
    `<TimeCreated SystemTime='${systemTime(event)}'/><EventRecordID>${event.recordId}</EventRecordID>` +
    `${activityId === undefined ? '<Correlation/>' : `<Correlation ActivityID='${activityId}'/>`}` +
    `<Execution ProcessID='${event.processId}' ThreadID='${event.threadId}'/><Channel>${event.channel}</Channel>` +
    `<Computer>${event.computer}</Computer>${user === undefined ? '<Security/>' : `<Security UserID='${user.sid}'/>`}` +
    `</System><EventData>${data}</EventData></Event>`
  )
}

/** Event XML over several lines, as the event viewer shows and saves it: attributes in double quotes. */
export function xmlPretty(event: SampleEvent): string {
  const { provider, user, activityId } = event
  const guid = provider.guid === undefined ? '' : ` Guid="${provider.guid}"`
  const qualifiers = event.version === 0 ? ' Qualifiers="0"' : ''
  return [
    '  <Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">',
    '    <System>',
    `      <Provider Name="${provider.name}"${guid} />`,
    `      <EventID${qualifiers}>${event.id}</EventID>`,
    `      <Version>${event.version}</Version>`,
    `      <Level>${event.level}</Level>`,
    `      <Task>${event.task}</Task>`,
    `      <Opcode>${event.opcode}</Opcode>`,
    `      <Keywords>${event.keywords}</Keywords>`,
    `      <TimeCreated SystemTime="${systemTime(event)}" />`,
    `      <EventRecordID>${event.recordId}</EventRecordID>`,
    activityId === undefined ? '      <Correlation />' : `      <Correlation ActivityID="${activityId}" />`,
    `      <Execution ProcessID="${event.processId}" ThreadID="${event.threadId}" />`,
    `      <Channel>${event.channel}</Channel>`,
    `      <Computer>${event.computer}</Computer>`,
    user === undefined ? '      <Security />' : `      <Security UserID="${user.sid}" />`,
    '    </System>',
    '    <EventData>',
    ...event.data.map(([name, value]) => {
      const tag = name === undefined ? 'Data' : `Data Name="${name}"`
      return value === '' ? `      <${tag} />` : `      <${tag}>${escapeXml(value)}</Data>`
    }),
    '    </EventData>',
    '  </Event>',
  ].join('\n')
}

const levelNames = ['Information', 'Critical', 'Error', 'Warning', 'Information', 'Verbose']

/** The date line of classic text: `11/15/2021 02:19:27 PM`, in UTC. */
function classicDate(time: number): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T')
  const [year, month, day] = date.split('-')
  const hour = Number(clock.slice(0, 2))
  const twelve = String(hour % 12 === 0 ? 12 : hour % 12).padStart(2, '0')
  return `${month}/${day}/${year} ${twelve}${clock.slice(2, 8)} ${hour < 12 ? 'AM' : 'PM'}`
}

/** Classic multi-line text, as Splunk's forwarder writes events with renderXml = false. */
export function classicText(event: SampleEvent): string {
  const { user } = event
  const isAudit = event.channel === 'Security'
  return [
    classicDate(event.time),
    `LogName=${event.channel}`,
    `EventCode=${event.id}`,
    `EventType=${event.level}`,
    `ComputerName=${event.computer}`,
    ...(user === undefined ? [] : [`User=${user.name}`, `Sid=${user.sid}`, 'SidType=1']),
    `SourceName=${isAudit ? 'Microsoft Windows security auditing.' : event.provider.name}`,
    `Type=${levelNames[event.level] ?? 'Information'}`,
    `RecordNumber=${event.recordId}`,
    `Keywords=${isAudit ? 'Audit Success' : event.version === 0 ? 'Classic' : 'None'}`,
    `TaskCategory=${event.taskCategory}`,
    `OpCode=${event.opcodeName}`,
    `Message=${event.message}`,
  ].join('\n')
}

/**
 * A flat JSON line as collectors write it. Events that name a user have the keys of NXLog (`UserID`, `AccountName`, …),
 * the others those of Winlogbeat's flattened form (`TimeCreated`, `Level`).
 */
export function collectorJson(event: SampleEvent, domain: string): string {
  const { user, provider } = event
  const iso = new Date(event.time).toISOString()
  const own = Object.fromEntries(
    event.data.map(([name, value], index) => [name ?? `param${index + 1}`, value]),
  )
  const shared = {
    '@timestamp': iso,
    EventID: event.id,
    Channel: event.channel,
    Hostname: event.computer,
    SourceName: provider.name,
    ...(provider.guid === undefined ? {} : { ProviderGuid: provider.guid.toUpperCase() }),
    Message: event.message.replaceAll('\n', '\r\n'),
  }
  if (user === undefined) {
    const rest = {
      TimeCreated: iso,
      Level: String(event.level),
      Keywords: event.keywords,
      Task: String(event.task),
    }
    return JSON.stringify({ ...shared, ...rest, ...own })
  }
  const isWarning = event.level === 3
  const line = JSON.stringify({
    ...shared,
    EventTime: iso.slice(0, 19).replace('T', ' '),
    EventReceivedTime: new Date(event.time + 2000).toISOString().slice(0, 19).replace('T', ' '),
    EventType: isWarning ? 'WARNING' : event.level === 5 ? 'VERBOSE' : 'INFO',
    Severity: isWarning ? 'WARNING' : event.level === 5 ? 'DEBUG' : 'INFO',
    SeverityValue: isWarning ? 3 : event.level === 5 ? 1 : 2,
    Version: event.version,
    Task: event.task,
    OpcodeValue: event.opcode,
    Keywords: 'signed64',
    RecordNumber: event.recordId,
    ActivityID: event.activityId?.toUpperCase(),
    ExecutionProcessID: event.processId,
    ThreadID: event.threadId,
    Domain: user.sid === 'S-1-5-18' ? 'NT AUTHORITY' : domain,
    AccountName: user.name,
    UserID: user.sid,
    AccountType: 'User',
    SourceModuleName: 'eventlog',
    SourceModuleType: 'im_msvistalog',
    ...own,
  })
  // NXLog writes the keywords as a signed number of 64 bits, which JavaScript's numbers cannot hold.
  return line.replace('"signed64"', BigInt.asIntN(64, BigInt(event.keywords)).toString())
}

/** A line of Splunk's JSON export: an event with the fields that a search extracted. */
export function splunkExport(event: SampleEvent, form: 'xml' | 'classic', offset: number): string {
  const time = new Date(event.time).toISOString().replace('Z', '+00:00')
  const envelope = (source: string, sourcetype: string, raw: string, fields: Record<string, string>) =>
    JSON.stringify({
      preview: false,
      offset,
      result: {
        _raw: raw,
        _time: time,
        host: event.computer.split('.')[0],
        index: 'main',
        source,
        sourcetype,
        ...fields,
      },
    })
  if (form === 'classic') {
    const raw = classicText(event)
    const header = raw.slice(raw.indexOf('\n') + 1, raw.indexOf('\nMessage='))
    const fields = Object.fromEntries(header.split('\n').map((line) => splitAt(line, line.indexOf('='))))
    return envelope(`WinEventLog:${event.channel}`, 'WinEventLog', raw, { ...fields, Message: event.message })
  }
  const user: Record<string, string> =
    event.user === undefined ? {} : { UserID: event.user.sid, user_id: event.user.sid }
  const named = event.data.filter(([name, value]) => name !== undefined && value !== '')
  return envelope(`XmlWinEventLog:${event.channel}`, 'XmlWinEventLog', xmlLine(event), {
    Channel: event.channel,
    Computer: event.computer,
    EventCode: String(event.id),
    EventID: String(event.id),
    EventRecordID: String(event.recordId),
    Level: String(event.level),
    Name: event.provider.name,
    ...user,
    ...Object.fromEntries(named.map(([name, value]) => [name!, escapeXml(value)])),
  })
}

const splitAt = (text: string, at: number): [string, string] => [text.slice(0, at), text.slice(at + 1)]
