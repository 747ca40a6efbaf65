// Tells, for the events of each kind, which fields they have, which rule gives each, and what data models miss.
// How fields are read is left to field-reader.ts; printing this to the command line.

import type { RawEvent } from '../decode/reader.ts'
import type { ConfValue } from '../knowledge/conf-file.ts'
import type { DefaultMetadata, Identify, Identity } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import type { Settings } from '../knowledge/props.ts'
import type { DataModelDataset } from '../spl/host.ts'
import { compileSearch } from '../spl/match/compile-search.ts'
import { Batch } from '../value/batch.ts'
import { type Column, valueAt } from '../value/column.ts'
import { rowsOf } from '../value/mask.ts'
import { textsOf } from '../value/value.ts'
import { FieldReader } from './field-reader.ts'
import { type HeaderReader, headerReader } from './header-lines.ts'
import type { EventGroup } from './scan.ts'

/** A field of the events of one kind. */
export interface ExplainedField {
  readonly name: string
  /** How many of the events that were looked at have it. */
  readonly count: number
  /** The rules that give it, the one with the last word first: `EVAL-user of [XmlWinEventLog], windows/default/props.conf:7`. */
  readonly rules: readonly string[]
}

/** A dataset of a data model that some of the events are in. */
export interface ExplainedDataset {
  /** `Endpoint.Processes` */
  readonly name: string
  readonly count: number
  /** Its own fields that none of these events has, or has as "unknown" only. */
  readonly empty: readonly string[]
}

/** The events of one source and sourcetype, and of one EventID where they have any. */
export interface ExplainedKind {
  readonly sourcetype: string
  readonly source: string
  readonly eventId?: string
  readonly count: number
  /** How many of them were looked at: the first ones. */
  readonly examined: number
  readonly fields: readonly ExplainedField[]
  readonly datasets: readonly ExplainedDataset[]
}

/** So many events of a kind say which fields it has. */
const mostExamined = 1000

interface Gathered {
  readonly events: RawEvent[]
  readonly identities: Identity[]
  readonly eventId: string | undefined
  count: number
}

/** Explains the fields of events, by kind, in the order in which kinds are met. */
export async function explainFields(
  groups: AsyncIterable<EventGroup>,
  knowledge: Knowledge,
  defaults: DefaultMetadata,
): Promise<readonly ExplainedKind[]> {
  const kinds = new Map<string, Gathered>()
  let file: string | undefined
  let identify: Identify | undefined
  let readHeader: HeaderReader | undefined
  for await (const group of groups) {
    if (group.file !== file || identify === undefined || readHeader === undefined) {
      file = group.file
      identify = knowledge.identify(file, defaults)
      readHeader = headerReader(defaults.sourcetype)
    }
    for (const line of group.events) {
      const event = readHeader(line)
      if (event === undefined) continue
      const identity = identify(event)
      const eventId = eventIdOf(event, identity)
      const key = JSON.stringify([
        identity.sourcetype,
        identity.source,
        eventId,
        knowledge.profile(identity).key,
      ])
      let kind = kinds.get(key)
      if (kind === undefined) {
        kind = { events: [], identities: [], eventId, count: 0 }
        kinds.set(key, kind)
      }
      kind.count++
      if (kind.events.length >= mostExamined) continue
      kind.events.push(event)
      kind.identities.push(identity)
    }
  }
  return [...kinds.values()].map((kind) => explainKind(kind, knowledge))
}

/** The EventID of a Windows event, whatever form it came in. */
function eventIdOf(event: RawEvent, { sourcetype }: Identity): string | undefined {
  const { content } = event
  if (content.kind === 'windows') return content.record.system('EventID')
  return sourcetype === 'WinEventLog' ? /^EventCode=(\d+)/m.exec(event.raw())?.[1] : undefined
}

function explainKind({ events, identities, eventId, count }: Gathered, knowledge: Knowledge): ExplainedKind {
  const { source, sourcetype } = identities[0]!
  const profile = knowledge.profile(identities[0]!)
  const isWindows = events.every(({ content }) => content.kind === 'windows')
  const reader = new FieldReader({
    events,
    identities,
    profile,
    knowledge,
    eventId: isWindows ? eventId : undefined,
  })
  const fields = [...reader.names()].sort().flatMap((name): ExplainedField[] => {
    const column = reader.read(name)
    const withValue =
      column === undefined ? 0 : events.filter((_, row) => valueAt(column, row) !== undefined).length
    if (withValue === 0) return []
    return [
      { name, count: withValue, rules: reader.rulesOf(name).map((rule) => placed(rule, profile.settings)) },
    ]
  })
  const batch = new Batch(events.length, [], reader)
  return {
    sourcetype,
    source,
    ...(eventId === undefined ? {} : { eventId }),
    count,
    examined: events.length,
    fields,
    datasets: [...knowledge.dataModels.all()].flatMap((dataset) => explainDataset(dataset, batch, knowledge)),
  }
}

function explainDataset(dataset: DataModelDataset, batch: Batch, { context }: Knowledge): ExplainedDataset[] {
  const matching = rowsOf(compileSearch(dataset.constraint, context)(batch))
  if (matching.length === 0) return []
  const rows = dataset.map(batch.gather(matching))
  const prefix = `${dataset.path}.`
  const own = [...new Set(dataset.fields)].filter(
    (name) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.'),
  )
  return [
    {
      name: `${dataset.model}.${dataset.path}`,
      count: matching.length,
      empty: own
        .filter((name) => isEmpty(rows.column(name), rows.length))
        .map((name) => name.slice(prefix.length)),
    },
  ]
}

/** Data models call a value that is missing "unknown". */
function isEmpty(column: Column | undefined, length: number): boolean {
  if (column === undefined) return true
  for (let row = 0; row < length; row++)
    if (textsOf(valueAt(column, row)).some((text) => text !== 'unknown')) return false
  return true
}

/** A rule with the stanza, file and line that it is written in. */
function placed(rule: string, settings: Settings): string {
  const setting = settings.get(rule)
  return setting === undefined
    ? rule
    : `${rule} of [${setting.stanza}], ${setting.source.name}:${lineOf(setting)}`
}

const lineOf = ({ source, start }: ConfValue): number => source.text.slice(0, start).split('\n').length
