// The fields of a decoded Windows event, named as Splunk's add-on for Windows names them when it reads event XML.
// Everything derived (dest, user, process_name, …) is left to the packs.

import { cleanKey } from '../../base/text/clean-key.ts'
import type { WindowsRecord } from '../../decode/reader.ts'
import type { FieldVisitor } from './json.ts'

/** Elements of `<System>` that are fields under their own names. */
const elements = new Set([
  'EventRecordID',
  'Channel',
  'Computer',
  'Version',
  'Level',
  'Task',
  'Opcode',
  'Keywords',
])

/** Attributes of elements of `<System>`, and the fields they are. */
const attributes = new Map([
  ['Name', 'Provider.Name'],
  ['Guid', 'Provider.Guid'],
  ['EventSourceName', 'Provider.EventSourceName'],
  ['Qualifiers', 'EventID.Qualifiers'],
  ['SystemTime', 'TimeCreated.SystemTime'],
  ['ActivityID', 'Correlation.ActivityID'],
  ['RelatedActivityID', 'Correlation.RelatedActivityID'],
  ['ProcessID', 'Execution.ProcessID'],
  ['ThreadID', 'Execution.ThreadID'],
  ['UserID', 'Security.UserID'],
  // Sysmon for Linux spells it so.
  ['UserId', 'Security.UserId'],
])

/** Fields that are one part of the event alone: data of the same name does not join them. */
const alone = new Set(['EventCode', 'EventID', 'Channel', 'Computer', 'EventRecordID', 'SystemTime'])

/** The inner XML of parts of the event. */
const blocks = [
  'System_Props_Xml',
  'EventData_Xml',
  'UserData_Xml',
  'DebugData_Xml',
  'RenderingInfo_Xml',
  'LogFileCleared_Xml',
]

/** The names that `headerField` knows. */
export const headerFields: readonly string[] = [
  'EventID',
  'EventCode',
  ...elements,
  ...attributes.keys(),
  'Message',
  ...blocks,
]

const headerNames = new Set(headerFields)

export const isHeaderField = (name: string): boolean => headerNames.has(name)

/** Whether a header field stands alone, so that the event's data need not be read for it. */
export const standsAlone = (name: string): boolean => alone.has(name) || name.endsWith('_Xml')

/**
 * Reads a field that is not among the event's data.
 *
 * `EventID` is absent where the element has Qualifiers, as Splunk takes elements without attributes only; `EventCode`
 * is always there. (Published field lists of events 7036 and 7045)
 */
export function headerField(record: WindowsRecord, name: string, raw: () => string): string | undefined {
  const value = read(record, name, raw)
  return value === '' ? undefined : value
}

function read(record: WindowsRecord, name: string, raw: () => string): string | undefined {
  switch (name) {
    case 'EventCode':
      return record.system('EventID')
    case 'EventID':
      return record.systemAttribute('EventID.Qualifiers') ? undefined : record.system('EventID')
    case 'Message':
      return record.rendering('Message')
    case 'EventData_Xml':
    case 'UserData_Xml':
    case 'DebugData_Xml':
      return record.section === name.slice(0, -'_Xml'.length) ? record.sectionXml() : undefined
    case 'LogFileCleared_Xml':
      return isLogCleared(record) ? innerXml(record.sectionXml() ?? '', 'LogFileCleared') : undefined
    case 'System_Props_Xml':
      return innerXml(raw(), 'System')
    case 'RenderingInfo_Xml':
      return record.rendering('Message') === undefined ? undefined : innerXml(raw(), 'RenderingInfo')
    default: {
      const attribute = attributes.get(name)
      return attribute === undefined ? record.system(name) : record.systemAttribute(attribute)
    }
  }
}

/**
 * Visits the event's data: `Name='Process Name'` gives `Process_Name`, an empty value and unnamed data give nothing, a
 * name that comes again is visited again. Of UserData only LogFileCleared (1102, 104) becomes fields, as in Splunk;
 * searches read the rest from `UserData_Xml`.
 */
export function eachDataField(record: WindowsRecord, visit: FieldVisitor): void {
  if (record.section === 'UserData' && !isLogCleared(record)) return
  for (const { name, value } of record.data()) {
    if (name === undefined || value === '') continue
    const field = cleanKey(name)
    if (field !== '') visit(field, value)
  }
}

function isLogCleared(record: WindowsRecord): boolean {
  const eventId = record.system('EventID')
  return record.section === 'UserData' && (eventId === '1102' || eventId === '104')
}

function innerXml(xml: string, element: string): string | undefined {
  const open = new RegExp(`<${element}(?:\\s[^>]*)?>`).exec(xml)
  if (open === null) return undefined
  const start = open.index + open[0].length
  const end = xml.indexOf(`</${element}>`, start)
  return end < 0 ? undefined : xml.slice(start, end)
}
