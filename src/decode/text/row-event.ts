// Events that are rows: somebody extracted their fields before. Shared by Splunk's JSON and CSV exports.

import type { EventMetadata, FieldText, RawEvent } from '../reader.ts'
import { TextEvent } from './text-event.ts'
import { readEpoch, readIsoTime } from './timestamps.ts'

/** An event of a row's fields; `text` is what stands for it where the row has no `_raw`. */
export function rowEvent(text: string, fields: ReadonlyMap<string, FieldText>, position: string): RawEvent {
  const metadata = { ...metadataOf((key) => first(fields.get(key))), fields }
  const raw = first(fields.get('_raw')) ?? text
  return new TextEvent(raw, position, { kind: 'row', fields }, metadata, rowTime(first(fields.get('_time'))))
}

/** The metadata that somebody states under Splunk's names; empty texts state nothing. */
export function metadataOf(read: (name: string) => string | undefined): EventMetadata {
  const metadata: { -readonly [Key in keyof EventMetadata]: EventMetadata[Key] } = {}
  for (const name of ['index', 'source', 'sourcetype', 'host'] as const) {
    const text = read(name)
    if (text) metadata[name] = text
  }
  return metadata
}

function first(value: FieldText | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}

/** `_time` as Splunk exports it: epoch seconds, or ISO 8601 with zone. Without a zone it is read as UTC. */
function rowTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : (readEpoch(text) ?? readIsoTime(text)?.seconds)
}
