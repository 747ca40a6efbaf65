// Events of Get-WinEvent, as PowerShell writes its objects to JSON (ConvertTo-Json) and CSV (Export-Csv): the rendered
// message and facts of the system part, the event's data without names or not at all.

import type { FieldText, RawEvent } from '../reader.ts'
import { classicEvent } from '../text/classic-text.ts'
import { readIsoTime, type Timestamp } from '../text/timestamps.ts'
import { isJsonObject, type JsonObject, member, textOfValue } from './parse.ts'

/** The event in an object of Get-WinEvent, as classic text; undefined for any other object. */
export function powershellEvent(
  value: JsonObject,
  position: string,
  zone: string | undefined,
): RawEvent | undefined {
  const text = (name: string): string => {
    const found = member(value, name)
    if (Array.isArray(found)) return found.map(textOfValue).join(', ')
    // Objects of .NET: a time with its display, a security identifier.
    if (isJsonObject(found)) return textOfValue(member(found, 'value') ?? member(found, 'Value') ?? '')
    return textOfValue(found)
  }
  const [log, eventId, computer] = [text('LogName'), text('Id'), text('MachineName')]
  if (!log || !computer || !/^\d{1,5}$/.test(eventId) || member(value, 'ProviderName') === undefined)
    return undefined
  const created = text('TimeCreated')
  const event = {
    log,
    eventId,
    computer,
    source: text('ProviderName'),
    level: text('LevelDisplayName'),
    task: text('TaskDisplayName'),
    opcode: text('OpcodeDisplayName'),
    keywords: text('KeywordsDisplayNames'),
    recordId: text('RecordId'),
    userId: text('UserId'),
    message: text('Message'),
  }
  return classicEvent(event, readCreated(created) ?? created, position, zone)
}

/** The same for a row of a table. */
export function powershellRow(
  row: ReadonlyMap<string, FieldText>,
  position: string,
  zone: string | undefined,
): RawEvent | undefined {
  return row.has('ProviderName') && row.has('MachineName')
    ? powershellEvent(Object.assign(Object.create(null), Object.fromEntries(row)), position, zone)
    : undefined
}

/** `/Date(1602155026617)/` of Windows PowerShell, ISO 8601 of PowerShell 7. */
function readCreated(text: string): Timestamp | undefined {
  const milliseconds = /^\/Date\((-?\d{1,15})\)\/$/.exec(text)?.[1]
  if (milliseconds !== undefined) return { seconds: Number(milliseconds) / 1000, isZoned: true }
  // PowerShell 7 writes seven digits of the second, and a zone unless the time is local.
  return readIsoTime(text)
}
