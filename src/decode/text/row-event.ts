// Events that are rows of Splunk's exports: it extracted their fields before. Shared by its JSON and CSV exports.

import type { EventMetadata, EventTime, FieldText, RawEvent } from '../reader.ts'
import { TextEvent } from './text-event.ts'
import { momentOf, readEpoch, readIsoTime } from './timestamps.ts'

/** An event of a row's fields; `text` is what stands for it where the row has no `_raw`. */
export function rowEvent(
  text: string,
  fields: ReadonlyMap<string, FieldText>,
  position: string,
  zone: string | undefined,
): RawEvent {
  const metadata = { ...metadataOf((key) => first(fields.get(key))), fields }
  const raw = first(fields.get('_raw')) ?? text
  return new TextEvent(
    raw,
    position,
    { kind: 'row', fields },
    metadata,
    rowTime(first(fields.get('_time')), zone),
  )
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

/** `_time` as Splunk exports it: epoch seconds, or ISO 8601, with a zone as a rule. */
function rowTime(text: string | undefined, zone: string | undefined): EventTime {
  const time = text === undefined ? undefined : readEpoch(text)
  return time === undefined && text !== undefined ? momentOf(readIsoTime(text), zone) : { time }
}
