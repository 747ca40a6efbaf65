// A Windows event as `karst events --decoded` prints it: what the file holds, before any knowledge is applied.
// Naming fields as Splunk does is left to knowledge.

import type { FieldText, RawEvent } from './reader.ts'

/** One decoded Windows event. Values are texts as Windows writes them in event XML. */
export interface DecodedRecord {
  readonly file: string
  readonly record_id: string
  readonly event_id: string
  readonly channel: string
  readonly provider: string
  readonly computer: string
  /** ISO 8601 with all digits that the file has. */
  readonly time: string
  /** Data items by name; an array where a name is repeated. Unnamed `<Data>` goes by the name `Data`. */
  readonly fields: Readonly<Record<string, FieldText>>
}

/** The decoded form of an event; undefined when it is not a Windows event. */
export function decodedRecord(file: string, event: RawEvent): DecodedRecord | undefined {
  if (event.content.kind !== 'windows') return undefined
  const { record } = event.content
  return {
    file,
    record_id: record.system('EventRecordID') ?? /^record (\d+)/.exec(event.position)?.[1] ?? '',
    event_id: record.system('EventID') ?? '',
    channel: record.system('Channel') ?? '',
    provider: record.systemAttribute('Provider.Name') ?? '',
    computer: record.system('Computer') ?? '',
    time: record.systemAttribute('TimeCreated.SystemTime') ?? isoTime(event.time),
    fields: fieldsOf(record.data()),
  }
}

function fieldsOf(items: readonly { name: string | undefined; value: string }[]): Record<string, FieldText> {
  // Without a prototype, `__proto__` is a name like any other.
  const fields: Record<string, FieldText> = Object.create(null)
  for (const { name = 'Data', value } of items) {
    const before = fields[name]
    if (before === undefined) fields[name] = value
    else if (typeof before === 'string') fields[name] = [before, value]
    else (before as string[]).push(value)
  }
  return fields
}

/** `2019-05-14T14:03:45.100850Z`. */
function isoTime(epochSeconds: number | undefined): string {
  if (epochSeconds === undefined) return ''
  const seconds = Math.floor(epochSeconds)
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return ''
  const microseconds = Math.round((epochSeconds - seconds) * 1e6)
  return date.toISOString().replace('.000Z', `.${String(Math.min(microseconds, 999_999)).padStart(6, '0')}Z`)
}
