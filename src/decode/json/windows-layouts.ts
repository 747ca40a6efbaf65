// The layouts in which collectors write Windows events as JSON, and what their keys mean in the event schema.
// A collector flattens the system part, the event's data and facts of its own into one object; telling them apart
// again is the point here. Layouts without a sure sign of Windows are not recognised.
// Seen in: OTRF Security-Datasets (nxlog, Azure, winlogbeat), evtx_dump, Velociraptor, EvtxECmd, Fluent Bit.

import type { DataItem } from '../reader.ts'
import { formatSystemTime, momentOf, readIsoTime, type Timestamp } from '../text/timestamps.ts'
import { EventXml } from '../xml/event-xml.ts'
import { isJsonObject, type JsonObject, member, parseJsonObject, textOfValue } from './parse.ts'
import type { WindowsParts } from './windows-record.ts'

/**
 * The parts of a Windows event in a JSON object; undefined when the object is none of the known layouts.
 * @param zone of local times whose zone the event does not tell; UTC without it
 */
export function windowsParts(value: JsonObject, zone?: string): WindowsParts | undefined {
  const source = member(value, '_source')
  if (isJsonObject(source) && Object.hasOwn(value, '_index')) return windowsParts(source, zone)

  const event = member(value, 'Event')
  if (isJsonObject(event) && isJsonObject(member(event, 'System'))) return schemaParts(event, value)
  if (isJsonObject(member(value, 'System')) && sectionNames.some((name) => Object.hasOwn(value, name))) {
    return schemaParts(value, value)
  }
  const winlog = member(value, 'winlog')
  if (isJsonObject(winlog) && isId(member(winlog, 'event_id'))) return winlogbeatParts(winlog, value)
  if (isId(member(value, 'event_id')) && typeof member(value, 'log_name') === 'string') {
    return winlogbeatParts(value, value)
  }
  if (typeof member(value, 'Channel') !== 'string') return undefined
  if (isId(member(value, 'EventID'))) return flatParts(value, zone)
  if (isId(member(value, 'EventId')) && Object.hasOwn(value, 'Payload')) return evtxEcmdParts(value)
  return undefined
}

const sectionNames = ['EventData', 'UserData', 'DebugData', 'ProcessingErrorData']

/** Collects the parts; an empty text counts as absent in the system part. */
class PartsBuilder implements WindowsParts {
  readonly system = new Map<string, string>()
  readonly attributes = new Map<string, string>()
  readonly renderings = new Map<string, string>()
  readonly items: DataItem[] = []
  section: string | undefined = 'EventData'
  userData?: JsonObject
  localTime?: number

  setSystem(name: string, value: unknown): void {
    const text = textOfValue(value)
    if (text !== '') this.system.set(name, text)
  }

  setAttribute(path: string, value: unknown): void {
    const text = textOfValue(value)
    if (text !== '') this.attributes.set(path, text)
  }

  setRendering(name: string, value: unknown): void {
    const text = Array.isArray(value) ? value.map(textOfValue).join(', ') : textOfValue(value)
    if (text !== '') this.renderings.set(name, text)
  }

  /** Level, Task, Opcode: collectors give the number of the schema or the text that Windows renders for it. */
  setNumberOrRendering(name: string, value: unknown): void {
    if (isId(value)) this.setSystem(name, value)
    else this.setRendering(name, value)
  }

  setKeywords(value: unknown): void {
    const hex =
      typeof value === 'string' || typeof value === 'number' ? keywordsHex(String(value)) : undefined
    if (hex !== undefined) this.setSystem('Keywords', hex)
    else this.setRendering('Keywords', value)
  }

  addItem(name: string | undefined, value: unknown): void {
    if (Array.isArray(value)) for (const part of value) this.items.push({ name, value: textOfValue(part) })
    else this.items.push({ name, value: textOfValue(value) })
  }
}

/** A number of the event schema: a whole number, or its digits. */
function isId(value: unknown): boolean {
  return (
    (typeof value === 'number' && Number.isInteger(value)) ||
    (typeof value === 'string' && /^\d+$/.test(value))
  )
}

/** The 64 bits of Keywords as Windows writes them. Collectors also write them as a signed or unsigned number. */
function keywordsHex(text: string): string | undefined {
  if (/^0x[0-9a-fA-F]{1,16}$/.test(text)) return text
  return /^-?\d{1,20}$/.test(text) ? `0x${BigInt.asUintN(64, BigInt(text)).toString(16)}` : undefined
}

// --- The schema itself as JSON: evtx_dump, Velociraptor, Chainsaw, and converters of event XML.

function schemaParts(event: JsonObject, outer: JsonObject): WindowsParts {
  const parts = new PartsBuilder()
  const system = member(event, 'System') as JsonObject
  for (const [name, node] of Object.entries(system)) {
    if (name.endsWith(attributesSuffix)) {
      addAttributes(parts, name.slice(0, -attributesSuffix.length), node)
      continue
    }
    if (isAttributeKey(name)) continue
    if (!isJsonObject(node)) {
      if (name === 'Keywords') parts.setKeywords(node)
      else parts.setSystem(name, node)
      continue
    }
    parts.setSystem(name, textOfNode(node))
    addAttributes(parts, name, node)
  }
  const created = parts.attributes.get('TimeCreated.SystemTime')
  if (created !== undefined && /^\d+(\.\d+)?$/.test(created)) {
    // Velociraptor gives epoch seconds.
    parts.attributes.set('TimeCreated.SystemTime', formatSystemTime(Number(created)))
  }
  parts.section = sectionNames.find((name) => Object.hasOwn(event, name))
  if (parts.section !== undefined) addSection(parts, parts.section, event)
  const rendering = member(event, 'RenderingInfo')
  if (isJsonObject(rendering)) {
    for (const [name, node] of Object.entries(rendering)) {
      const text = isJsonObject(node) ? (member(node, 'Keyword') ?? textOfNode(node)) : node
      if (!isAttributeKey(name)) parts.setRendering(name, text)
    }
  }
  const message = member(outer, 'Message')
  if (typeof message === 'string') parts.setRendering('Message', message)
  return parts
}

const attributesSuffix = '_attributes'

function isAttributeKey(name: string): boolean {
  return (
    name === '#attributes' ||
    name.startsWith('@') ||
    name.startsWith('xmlns') ||
    name.endsWith(attributesSuffix)
  )
}

/** Attributes stand in `#attributes`, under `@Name`, or beside the text: whatever is no text of the element. */
function addAttributes(parts: PartsBuilder, element: string, node: unknown): void {
  if (!isJsonObject(node)) return
  for (const [key, value] of Object.entries(node)) {
    if (key === '#attributes') addAttributes(parts, element, value)
    else if (!isTextKey(key) && !isJsonObject(value)) {
      parts.setAttribute(`${element}.${key.startsWith('@') ? key.slice(1) : key}`, value)
    }
  }
}

function isTextKey(key: string): boolean {
  return key === '#text' || key === 'Value' || key === '_'
}

function textOfNode(node: JsonObject): unknown {
  return member(node, '#text') ?? member(node, 'Value') ?? member(node, '_')
}

/** The name that a `<Data>` node carries as an attribute. */
function nameOfNode(node: JsonObject): string | undefined {
  const attributes = member(node, '#attributes')
  const name = member(isJsonObject(attributes) ? attributes : node, 'Name') ?? member(node, '@Name')
  return typeof name === 'string' ? name : undefined
}

function addSection(parts: PartsBuilder, name: string, event: JsonObject): void {
  const section = member(event, name)
  if (name === 'UserData' && isJsonObject(section)) parts.userData = section
  addSectionItems(parts, section)
}

/** The leaves below a section: `{name: value}`, `{Data: […]}` and elements in elements. Depth is bounded by the parser. */
function addSectionItems(parts: PartsBuilder, section: unknown): void {
  if (typeof section === 'string') addXmlItems(parts, section)
  else if (Array.isArray(section)) addDataItems(parts, section)
  if (!isJsonObject(section)) return
  for (const [name, node] of Object.entries(section)) {
    if (isAttributeKey(name)) continue
    if (name === 'Data') addDataItems(parts, node)
    else if (name === '#text') parts.addItem(undefined, node)
    else if (!isJsonObject(node)) parts.addItem(name, node)
    else if (Object.hasOwn(node, '#text')) parts.addItem(name, member(node, '#text'))
    else if (Object.keys(node).every(isAttributeKey)) parts.addItem(name, '')
    else addSectionItems(parts, node)
  }
}

function addDataItems(parts: PartsBuilder, data: unknown): void {
  for (const node of Array.isArray(data) ? data : [data]) {
    if (isJsonObject(node)) parts.addItem(nameOfNode(node), textOfNode(node) ?? '')
    else parts.addItem(undefined, node)
  }
}

/** `EventData` given as the XML that Windows wrote. */
function addXmlItems(parts: PartsBuilder, xml: string): void {
  const section = xml.includes('<EventData') ? xml : `<EventData>${xml}</EventData>`
  for (const item of new EventXml(section).data()) parts.items.push(item)
}

// --- Winlogbeat: 7 and later below `winlog`, 6 and before at the top.

/** Keys of Winlogbeat that are texts of the system part, old name and new. */
const winlogbeatSystem: readonly (readonly [key: string, name: string])[] = [
  ['event_id', 'EventID'],
  ['channel', 'Channel'],
  ['log_name', 'Channel'],
  ['computer_name', 'Computer'],
  ['record_id', 'EventRecordID'],
  ['record_number', 'EventRecordID'],
  ['version', 'Version'],
]

const winlogbeatAttributes: readonly (readonly [key: string, path: string])[] = [
  ['provider_name', 'Provider.Name'],
  ['source_name', 'Provider.Name'],
  ['provider_guid', 'Provider.Guid'],
  ['activity_id', 'Correlation.ActivityID'],
  ['related_activity_id', 'Correlation.RelatedActivityID'],
  ['process_id', 'Execution.ProcessID'],
  ['thread_id', 'Execution.ThreadID'],
]

function winlogbeatParts(winlog: JsonObject, outer: JsonObject): WindowsParts {
  const parts = new PartsBuilder()
  for (const [key, name] of winlogbeatSystem) parts.setSystem(name, member(winlog, key))
  for (const [key, path] of winlogbeatAttributes) parts.setAttribute(path, member(winlog, key))
  const process = member(winlog, 'process')
  if (isJsonObject(process)) {
    parts.setAttribute('Execution.ProcessID', member(process, 'pid'))
    const thread = member(process, 'thread')
    if (isJsonObject(thread)) parts.setAttribute('Execution.ThreadID', member(thread, 'id'))
  }
  const user = member(winlog, 'user')
  if (isJsonObject(user)) parts.setAttribute('Security.UserID', member(user, 'identifier'))
  for (const [key, name] of [
    ['level', 'Level'],
    ['task', 'Task'],
    ['opcode', 'Opcode'],
  ] as const) {
    parts.setNumberOrRendering(name, member(winlog, key))
  }
  const log = member(outer, 'log')
  if (isJsonObject(log)) parts.setNumberOrRendering('Level', member(log, 'level'))
  parts.setKeywords(member(winlog, 'keywords'))
  parts.setRendering('Message', member(outer, 'message'))
  setTime(parts, readTime(outer, '@timestamp'))

  const userData = member(winlog, 'user_data')
  if (isJsonObject(userData)) {
    // `xml_name` is Winlogbeat's own: the name of the element that holds the others.
    const { xml_name: name, ...elements } = userData
    parts.section = 'UserData'
    parts.userData = typeof name === 'string' ? { [name]: elements } : elements
    addSectionItems(parts, parts.userData)
  } else addSectionItems(parts, member(winlog, 'event_data'))
  return parts
}

// --- One flat object: nxlog, Logstash, Fluent Bit, Azure Log Analytics, and what OTRF made of them.

type FlatMeaning =
  | { readonly to: 'system' | 'attribute' | 'rendering' | 'number-or-rendering'; readonly name: string }
  /** Of the collector, not of the event. */
  | { readonly to: 'nothing' }

const nothing: FlatMeaning = { to: 'nothing' }
const system = (name: string): FlatMeaning => ({ to: 'system', name })
const attribute = (name: string): FlatMeaning => ({ to: 'attribute', name })
const rendering = (name: string): FlatMeaning => ({ to: 'rendering', name })
const numberOrRendering = (name: string): FlatMeaning => ({ to: 'number-or-rendering', name })

/** What keys mean in every flat layout; other keys are the event's data. */
const flatKeys: ReadonlyMap<string, FlatMeaning> = new Map([
  ['EventID', system('EventID')],
  ['Channel', system('Channel')],
  ['Computer', system('Computer')],
  ['Hostname', system('Computer')],
  ['RecordNumber', system('EventRecordID')],
  ['EventRecordID', system('EventRecordID')],
  ['OpcodeValue', system('Opcode')],
  ['Level', numberOrRendering('Level')],
  ['Task', numberOrRendering('Task')],
  ['Opcode', numberOrRendering('Opcode')],
  ['Qualifiers', attribute('EventID.Qualifiers')],
  ['SourceName', attribute('Provider.Name')],
  ['ProviderName', attribute('Provider.Name')],
  ['EventSourceName', attribute('Provider.Name')],
  ['ProviderGuid', attribute('Provider.Guid')],
  ['ActivityID', attribute('Correlation.ActivityID')],
  ['RelatedActivityID', attribute('Correlation.RelatedActivityID')],
  ['ExecutionProcessID', attribute('Execution.ProcessID')],
  ['ThreadID', attribute('Execution.ThreadID')],
  ['UserID', attribute('Security.UserID')],
  ['Message', rendering('Message')],
  ['TimeCreated', nothing],
  ['EventTime', nothing],
  ['@timestamp', nothing],
])

const nxlogKeys: ReadonlyMap<string, FlatMeaning> = new Map([
  ['Category', rendering('Task')],
  ['EventTypeOrignal', nothing],
  ...['EventReceivedTime', 'Severity', 'SeverityValue', 'SourceModuleName', 'SourceModuleType'].map(ignored),
  ['ERROR_EVT_UNRESOLVED', nothing],
])

const logstashKeys: ReadonlyMap<string, FlatMeaning> = new Map(
  ['@version', 'host', 'port', 'tags', 'type'].map(ignored),
)

/** Log Analytics adds columns of its own, some made of the event's data. */
const azureKeys: ReadonlyMap<string, FlatMeaning> = new Map(
  [
    ...[
      'TenantId',
      'TimeGenerated',
      'TimeCollected',
      'SourceSystem',
      'Type',
      'MG',
      'ManagementGroupName',
      '_ResourceId',
    ],
    ...[
      'EventOriginId',
      'SourceComputerId',
      'Activity',
      'EventLevel',
      'EventLevelName',
      'Account',
      'AccountType',
    ],
    ...['SubjectAccount', 'TargetAccount', 'Process', 'PartitionKey', 'RowKey', '_ItemId'],
  ].map(ignored),
)

function ignored(key: string): [string, FlatMeaning] {
  return [key, nothing]
}

/** nxlog resolves the user who logged the event; without a user, these names are the event's data. */
const nxlogUserKeys: ReadonlySet<string> = new Set(['AccountName', 'AccountType', 'Domain'])

/** All known keys by the collectors that took part, so that a key is looked up once. */
const keysByCollectors = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => {
  const byCollector = [nxlogKeys, logstashKeys, azureKeys].filter((_keys, index) => bits & (1 << index))
  return new Map([...byCollector, flatKeys].flatMap((keys) => [...keys]))
})

function keysOf(isNxlog: boolean, isLogstash: boolean, isAzure: boolean): ReadonlyMap<string, FlatMeaning> {
  return keysByCollectors[Number(isNxlog) + Number(isLogstash) * 2 + Number(isAzure) * 4]!
}

function flatParts(value: JsonObject, zone: string | undefined): WindowsParts {
  const has = (key: string) => Object.hasOwn(value, key)
  const isNxlog = has('SourceModuleType') || has('SourceModuleName')
  const isLogstash = has('@version')
  const isAzure = has('TenantId') && has('TimeGenerated')
  const namesUser = isNxlog && has('AccountType') && has('UserID')
  // Security 5156 calls a data item ProcessID; a collector that gives the system's gives the thread as well.
  const isSystemProcess = has('ThreadID') && !has('ExecutionProcessID')
  // nxlog writes its own EventType (INFO, AUDIT_SUCCESS) unless the event has one, as in Sysmon's registry events.
  const isOwnEventType = isNxlog && !has('EventTypeOrignal')

  const keys = keysOf(isNxlog, isLogstash, isAzure)
  const parts = new PartsBuilder()
  for (const [key, node] of Object.entries(value)) {
    const meaning = keys.get(key)
    // Hostname is the event's computer to nxlog, the collector's host where Computer stands beside it.
    if (key === 'Hostname' && has('Computer')) continue
    if (meaning !== undefined) setFlat(parts, meaning, node)
    else if (key === 'Keywords') parts.setKeywords(node)
    // Sysmon 4 has a data item Version, which is not a whole number.
    else if (key === 'Version' && isId(node)) parts.setSystem('Version', node)
    else if (key === 'ProcessID' && isSystemProcess) parts.setAttribute('Execution.ProcessID', node)
    else if (key === 'Provider' && typeof node === 'string') parts.setAttribute('Provider.Name', node)
    else if (key === 'EventType' && isOwnEventType) continue
    else if (namesUser && nxlogUserKeys.has(key)) continue
    else if (key === 'StringInserts') parts.addItem(undefined, node)
    else if (key === 'EventData') addSectionItems(parts, node)
    else parts.addItem(key, node)
  }
  if (has('EventData') && isAzure) {
    // The columns beside the XML repeat parts of it.
    parts.items.length = 0
    addSectionItems(parts, member(value, 'EventData'))
  }
  setFlatTime(parts, value, zone)
  return parts
}

function setFlat(parts: PartsBuilder, meaning: FlatMeaning, value: unknown): void {
  switch (meaning.to) {
    case 'system':
      parts.setSystem(meaning.name, value)
      break
    case 'attribute':
      parts.setAttribute(meaning.name, value)
      break
    case 'rendering':
      parts.setRendering(meaning.name, value)
      break
    case 'number-or-rendering':
      parts.setNumberOrRendering(meaning.name, value)
      break
    case 'nothing':
      break
  }
}

/**
 * The moment of a flat event. A time that states its zone is believed. nxlog writes local time without a zone; the
 * zone then follows from a moment that the event gives both ways: Sysmon's UtcTime is the event's own time in UTC, and
 * EventReceivedTime (local) is next to Logstash's @timestamp (UTC). Without either, it is the time of a
 * clock in `zone`.
 */
function setFlatTime(parts: PartsBuilder, value: JsonObject, zone: string | undefined): void {
  const local =
    readTime(value, 'TimeCreated') ?? readTime(value, 'EventTime') ?? readTime(value, 'TimeGenerated')
  const own = local?.isZoned ? local : readTime(value, 'UtcTime')
  if (own !== undefined) {
    setTime(parts, own)
    return
  }
  const stamped = readTime(value, '@timestamp')
  const zoned = zonedByReceipt(value, local, stamped) ?? stamped
  if (zoned === undefined && local !== undefined) {
    const { time, localTime } = momentOf(local, zone)
    setTime(parts, { seconds: time! })
    parts.localTime = localTime!
  } else setTime(parts, zoned)
}

function zonedByReceipt(
  value: JsonObject,
  local: Moment | undefined,
  stamped: Moment | undefined,
): Moment | undefined {
  const received = readTime(value, 'EventReceivedTime')
  if (local === undefined || stamped === undefined || received === undefined) return undefined
  const ahead = stamped.seconds - received.seconds
  const zone = Math.round(ahead / QUARTER_HOUR) * QUARTER_HOUR
  return Math.abs(ahead - zone) <= longestDelay ? { seconds: local.seconds + zone } : undefined
}

interface Moment {
  readonly seconds: number
  /** As the event states it, where it does. */
  readonly text?: string
}

/** All zones differ from UTC by quarter hours. */
const QUARTER_HOUR = 900
/** From nxlog to Logstash, in seconds; with more, the difference tells no zone. */
const longestDelay = 300

function readTime(value: JsonObject, key: string): (Timestamp & Moment) | undefined {
  const text = member(value, key)
  const time = typeof text === 'string' ? readIsoTime(text) : undefined
  return time === undefined ? undefined : { ...time, text: text as string }
}

function setTime(
  parts: PartsBuilder,
  time: { readonly seconds: number; readonly text?: string } | undefined,
): void {
  if (time === undefined) return
  // A text in the form of event XML stays as it is, with all its digits.
  const text = time.text?.endsWith('Z') && time.text[10] === 'T' ? time.text : formatSystemTime(time.seconds)
  parts.attributes.set('TimeCreated.SystemTime', text)
}

// --- EvtxECmd: system part flat, data in a JSON text.

function evtxEcmdParts(value: JsonObject): WindowsParts {
  const parts = new PartsBuilder()
  const systemKeys = [
    ['EventId', 'EventID'],
    ['Channel', 'Channel'],
    ['Computer', 'Computer'],
    ['EventRecordId', 'EventRecordID'],
  ]
  for (const [key, name] of systemKeys) parts.setSystem(name!, member(value, key!))
  parts.setAttribute('Provider.Name', member(value, 'Provider'))
  parts.setAttribute('Execution.ProcessID', member(value, 'ProcessId'))
  parts.setAttribute('Execution.ThreadID', member(value, 'ThreadId'))
  parts.setAttribute('Security.UserID', member(value, 'UserId'))
  parts.setNumberOrRendering('Level', member(value, 'Level'))
  parts.setKeywords(member(value, 'Keywords'))
  setTime(parts, readTime(value, 'TimeCreated'))
  const payload = member(value, 'Payload')
  const body = typeof payload === 'string' ? parseJsonObject(payload) : undefined
  parts.section = body === undefined ? undefined : sectionNames.find((name) => Object.hasOwn(body, name))
  if (body !== undefined && parts.section !== undefined) addSection(parts, parts.section, body)
  return parts
}
