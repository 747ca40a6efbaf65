// What a JSON object in a log is: an HTTP Event Collector envelope, a row of a Splunk export, a Windows event that a
// collector wrote as JSON, or an event of any other kind. Finding objects in files is file.ts.

import type { EventContent, EventMetadata, EventTime, FieldText, RawEvent } from '../reader.ts'
import { metadataOf, rowEvent } from '../text/row-event.ts'
import { TextEvent, textContent } from '../text/text-event.ts'
import { readEpoch, readIsoTime } from '../text/timestamps.ts'
import { classicNames, classicTime } from '../text/wineventlog.ts'
import { windowsMetadata, windowsTime } from '../xml/event-xml.ts'
import { findEventXml } from '../xml/file.ts'
import { isJsonObject, type JsonObject, member, memberText, parseJsonObject, textOfValue } from './parse.ts'
import { powershellEvent } from './powershell-event.ts'
import { windowsRecord } from './windows-layouts.ts'

/**
 * The keys by which `jsonEvent` knows what is more than an object or a flat Windows event: without any of them, it need
 * not be asked. (A test holds them against every layout.)
 */
export const tellingKeys: ReadonlySet<string> = new Set([
  ...['event', 'result', 'lastrow', '_raw', '_time'],
  ...['CloudTrailEvent', 'AuditData', 'LogName'],
  ...['_source', 'Event', 'System', 'winlog', 'event_id', 'EventId'],
])

/**
 * Makes an event of a JSON object and its text; undefined for what a Splunk export writes besides its rows.
 * @param zone of times that state none; UTC where it is undefined
 */
export function jsonEvent(
  text: string,
  value: JsonObject,
  position: string,
  zone: string | undefined,
): RawEvent | undefined {
  if (isEnvelope(value)) return envelopeEvent(text, value, position, zone)
  if (isExportRow(value)) {
    const result = member(value, 'result')
    if (isJsonObject(result)) return rowEvent(text, fieldsOf(result), position, zone)
    return Object.hasOwn(value, 'lastrow') ? undefined : jsonOrWindows(text, value, position, zone)
  }
  if (isRow(value)) return rowEvent(text, fieldsOf(value), position, zone)
  return jsonOrWindows(text, value, position, zone)
}

function jsonOrWindows(
  text: string,
  value: JsonObject,
  position: string,
  zone: string | undefined,
): RawEvent {
  const held = heldEvent(value)
  const { content, metadata, time } = insideOf(held?.value ?? value, zone)
  const printed =
    held === undefined && content.kind === 'json' ? powershellEvent(value, position, zone) : undefined
  return printed ?? new TextEvent(held?.text ?? text, position, content, metadata, time)
}

/**
 * The event that an object holds as JSON text, which is what Splunk indexes: `aws cloudtrail lookup-events` and exports
 * of Microsoft 365's audit log wrap it in columns that repeat parts of it.
 */
export function heldEvent(
  value: JsonObject,
): { readonly text: string; readonly value: JsonObject } | undefined {
  for (const [key, within] of [
    ['CloudTrailEvent', 'eventSource'],
    ['AuditData', 'Workload'],
  ] as const) {
    const text = member(value, key)
    const held = typeof text === 'string' ? parseJsonObject(text) : undefined
    if (held !== undefined && Object.hasOwn(held, within)) return { text: text as string, value: held }
  }
  return undefined
}

/** What is known from an event's own body. */
interface Inside {
  readonly content: EventContent
  readonly metadata: EventMetadata
  readonly time: EventTime
}

function insideOf(value: JsonObject, zone: string | undefined): Inside {
  const record = windowsRecord(value, zone)
  if (record === undefined)
    return { content: { kind: 'json', value }, metadata: {}, time: { time: statedTime(value) } }
  return {
    content: { kind: 'windows', record },
    metadata: windowsMetadata(record),
    time: record.when,
  }
}

/** Keys of fixed meaning that state a time. */
export const statedTimeKeys: readonly string[] = ['@timestamp', 'eventTime']

/** The time that a key of fixed meaning states with its zone; everything else is left to knowledge. */
function statedTime(value: JsonObject): number | undefined {
  for (const key of statedTimeKeys) {
    const text = member(value, key)
    const time = typeof text === 'string' ? readIsoTime(text) : undefined
    if (time?.isZoned) return time.seconds
  }
  return undefined
}

// --- HTTP Event Collector

const envelopeKeys: ReadonlySet<string> = new Set([
  ...['event', 'time', 'source', 'sourcetype', 'host', 'index', 'fields'],
])

/** Only the keys of an envelope, and a time in seconds if any: structured logs also like to have an `event`. */
function isEnvelope(value: JsonObject): boolean {
  if (!Object.hasOwn(value, 'event')) return false
  const time = member(value, 'time')
  if (time !== undefined && time !== null && !/^\d+(\.\d+)?$/.test(String(time))) return false
  return Object.keys(value).every((key) => envelopeKeys.has(key))
}

function envelopeEvent(
  text: string,
  envelope: JsonObject,
  position: string,
  zone: string | undefined,
): RawEvent {
  const event = member(envelope, 'event')
  const stated = metadataOf((key) => {
    const value = member(envelope, key)
    return typeof value === 'string' ? value : undefined
  })
  const fields = member(envelope, 'fields')
  const indexed = isJsonObject(fields) ? { fields: fieldsOf(fields) } : {}
  const raw = typeof event === 'string' ? event : (memberText(text, 'event') ?? textOfValue(event))
  const inside = isJsonObject(event) ? insideOf(event, zone) : insideOfText(raw, zone)
  const epoch = readEpoch(textOfValue(member(envelope, 'time')))
  const metadata = { ...inside.metadata, ...stated, ...indexed }
  const time = epoch === undefined ? inside.time : { time: epoch, isTimeGiven: true }
  return new TextEvent(raw, position, inside.content, metadata, time)
}

/** Looks into a text by its content: senders label event XML as WinEventLog and JSON as XmlWinEventLog. */
function insideOfText(text: string, zone: string | undefined): Inside {
  const record = findEventXml(text)
  if (record !== undefined) {
    return {
      content: { kind: 'windows', record },
      metadata: windowsMetadata(record),
      time: { time: windowsTime(record) },
    }
  }
  const value = parseJsonObject(text)
  if (value !== undefined) return insideOf(value, zone)
  const time = classicTime(text, zone)
  const head = text.slice(0, 1024)
  const isClassic = /(?:^|\n)LogName=/.test(head) && (time.time !== undefined || /\nEventCode=\d/.test(head))
  return { content: textContent, metadata: isClassic ? { form: classicNames(text) } : {}, time }
}

// --- Splunk's JSON exports

const exportKeys: ReadonlySet<string> = new Set(['preview', 'offset', 'lastrow', 'result', 'init_offset'])

/** A line of `output_mode=json`: `{"preview": false, "offset": 0, "result": {…}}`, and its last one without a result. */
function isExportRow(value: JsonObject): boolean {
  if (!Object.hasOwn(value, 'result') && !Object.hasOwn(value, 'lastrow')) return false
  return Object.keys(value).every((key) => exportKeys.has(key))
}

/** A row that stands by itself: it has its raw text or its time under Splunk's own names. */
function isRow(value: JsonObject): boolean {
  return (
    typeof member(value, '_raw') === 'string' ||
    (Object.hasOwn(value, '_time') && !Object.hasOwn(value, 'Event'))
  )
}

function fieldsOf(value: JsonObject): Map<string, FieldText> {
  const fields = new Map<string, FieldText>()
  for (const [name, field] of Object.entries(value)) {
    if (Array.isArray(field)) fields.set(name, field.map(textOfValue))
    else if (field !== null) fields.set(name, textOfValue(field))
  }
  return fields
}
