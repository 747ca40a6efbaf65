// The layouts in which collectors write Windows events as JSON, and what their keys mean in the event schema.
// A collector flattens the system part, the event's data and facts of its own into one object; telling them apart
// again is the point here. Layouts without a sure sign of Windows are not recognised.
// Seen in: OTRF Security-Datasets (nxlog, Azure, winlogbeat), evtx_dump, Velociraptor, EvtxECmd, Fluent Bit.

import { formatSystemTime, readIsoTime, systemTimeText } from '../text/timestamps.ts'
import { FlatRecord, flatLayout, ParsedMembers } from './flat-record.ts'
import { isJsonObject, type JsonObject, member, parseJsonObject } from './parse.ts'
import {
  addSectionItems,
  attributesSuffix,
  isAttributeKey,
  isId,
  PartsBuilder,
  sectionNames,
  textOfNode,
} from './windows-parts.ts'
import { type JsonWindowsRecord, WindowsJsonRecord, type WindowsParts } from './windows-record.ts'

/**
 * The Windows event in a JSON object; undefined when the object is none of the known layouts.
 * @param zone of local times whose zone the event does not tell; UTC without it
 */
export function windowsRecord(value: JsonObject, zone?: string): JsonWindowsRecord | undefined {
  const source = member(value, '_source')
  if (isJsonObject(source) && Object.hasOwn(value, '_index')) return windowsRecord(source, zone)
  const parts = partsOf(value)
  if (parts !== undefined) return new WindowsJsonRecord(parts)
  const isFlat = typeof member(value, 'Channel') === 'string' && isId(member(value, 'EventID'))
  return isFlat ? new FlatRecord(flatLayout(Object.keys(value)), new ParsedMembers(value), zone) : undefined
}

function partsOf(value: JsonObject): WindowsParts | undefined {
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
  const isEvtxEcmd = typeof member(value, 'Channel') === 'string' && !isId(member(value, 'EventID'))
  if (isEvtxEcmd && isId(member(value, 'EventId')) && Object.hasOwn(value, 'Payload'))
    return evtxEcmdParts(value)
  return undefined
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

function addSection(parts: PartsBuilder, name: string, event: JsonObject): void {
  const section = member(event, name)
  if (name === 'UserData' && isJsonObject(section)) parts.userData = section
  addSectionItems(parts.items, section)
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
  setTime(parts, member(outer, '@timestamp'))

  const userData = member(winlog, 'user_data')
  if (isJsonObject(userData)) {
    // `xml_name` is Winlogbeat's own: the name of the element that holds the others.
    const { xml_name: name, ...elements } = userData
    parts.section = 'UserData'
    parts.userData = typeof name === 'string' ? { [name]: elements } : elements
    addSectionItems(parts.items, parts.userData)
  } else addSectionItems(parts.items, member(winlog, 'event_data'))
  return parts
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
  setTime(parts, member(value, 'TimeCreated'))
  const payload = member(value, 'Payload')
  const body = typeof payload === 'string' ? parseJsonObject(payload) : undefined
  parts.section = body === undefined ? undefined : sectionNames.find((name) => Object.hasOwn(body, name))
  if (body !== undefined && parts.section !== undefined) addSection(parts, parts.section, body)
  return parts
}

function setTime(parts: PartsBuilder, value: unknown): void {
  const time = typeof value === 'string' ? readIsoTime(value) : undefined
  if (time !== undefined)
    parts.attributes.set('TimeCreated.SystemTime', systemTimeText(value as string, time.seconds))
}
