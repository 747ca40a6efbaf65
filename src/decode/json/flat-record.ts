// One flat object per event: nxlog, Logstash, Fluent Bit, Azure Log Analytics, and what OTRF made of them.
// What a key means follows from the keys of the object, so it is worked out once for objects with the same keys; values are
// looked at when they are asked for, be they parsed or still bytes (scanned-event.ts).

import type { DataItem, EventTime } from '../reader.ts'
import {
  formatSystemTime,
  momentOf,
  readIsoTime,
  systemTimeText,
  type Timestamp,
} from '../text/timestamps.ts'
import { windowsTime } from '../xml/event-xml.ts'
import { type JsonObject, textOfValue } from './parse.ts'
import { addItem, addSectionItems, isId, keywordsHex, renderingText } from './windows-parts.ts'
import { itemsXml, type JsonWindowsRecord } from './windows-record.ts'

/** The members of an object, by their place in it. */
export interface Members {
  value(member: number): unknown
  /** The moment that a text states. */
  time(member: number): Timestamp | undefined
  /** Whether no value is a list or an object. */
  readonly areSimple: boolean
}

/** The members of a parsed object. */
export class ParsedMembers implements Members {
  private readonly values: readonly unknown[]

  constructor(object: JsonObject) {
    this.values = Object.values(object)
  }

  get areSimple(): boolean {
    return this.values.every((value) => typeof value !== 'object' || value === null)
  }

  value(member: number): unknown {
    return this.values[member]
  }

  time(member: number): Timestamp | undefined {
    const value = this.values[member]
    return typeof value === 'string' ? readIsoTime(value) : undefined
  }
}

/** What a key means. */
type Meaning =
  | { readonly to: 'system' | 'attribute' | 'rendering' | 'number-or-rendering'; readonly name: string }
  | { readonly to: 'data'; readonly name: string | undefined }
  /** Several things: which, its value tells. */
  | { readonly to: 'keywords' | 'version' | 'provider' | 'section' }
  /** Of the collector, not of the event. */
  | { readonly to: 'nothing' }

/** What the members of a flat object are, by their place in it. */
export interface FlatLayout {
  readonly meanings: readonly Meaning[]
  readonly keys: readonly string[]
  /** The members that may give an element, attribute or text, the one with the last word first. */
  readonly system: ReadonlyMap<string, readonly number[]>
  readonly attributes: ReadonlyMap<string, readonly number[]>
  readonly renderings: ReadonlyMap<string, readonly number[]>
  /** The only member with data, where the others repeat parts of it. */
  readonly onlyData: number | undefined
  /** The members that are data or may be, and their names; undefined where one holds data of other names. */
  readonly data:
    | { readonly members: readonly number[]; readonly names: readonly (string | undefined)[] }
    | undefined
  /** The members that state times, where they are: the event's own in some zone or other, its own in UTC, receipts. */
  readonly times: { readonly [key in keyof typeof timeKeys]: readonly number[] }
}

const timeKeys = {
  local: ['TimeCreated', 'EventTime', 'TimeGenerated'],
  utc: ['UtcTime'],
  stamped: ['@timestamp'],
  received: ['EventReceivedTime'],
} as const

const nothing: Meaning = { to: 'nothing' }
const system = (name: string): Meaning => ({ to: 'system', name })
const attribute = (name: string): Meaning => ({ to: 'attribute', name })
const rendering = (name: string): Meaning => ({ to: 'rendering', name })
const numberOrRendering = (name: string): Meaning => ({ to: 'number-or-rendering', name })

/** What keys mean in every flat layout; other keys are the event's data. */
const flatKeys: ReadonlyMap<string, Meaning> = new Map([
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

const nxlogKeys: ReadonlyMap<string, Meaning> = new Map([
  ['Category', rendering('Task')],
  ['EventTypeOrignal', nothing],
  ...['EventReceivedTime', 'Severity', 'SeverityValue', 'SourceModuleName', 'SourceModuleType'].map(ignored),
  ['ERROR_EVT_UNRESOLVED', nothing],
])

const logstashKeys: ReadonlyMap<string, Meaning> = new Map(
  ['@version', 'host', 'port', 'tags', 'type'].map(ignored),
)

/** Log Analytics adds columns of its own, some made of the event's data. */
const azureKeys: ReadonlyMap<string, Meaning> = new Map(
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

function ignored(key: string): [string, Meaning] {
  return [key, nothing]
}

/** nxlog resolves the user who logged the event; without a user, these names are the event's data. */
const nxlogUserKeys: ReadonlySet<string> = new Set(['AccountName', 'AccountType', 'Domain'])

/** All known keys by the collectors that took part, so that a key is looked up once. */
const keysByCollectors = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => {
  const byCollector = [nxlogKeys, logstashKeys, azureKeys].filter((_keys, index) => bits & (1 << index))
  return new Map([...byCollector, flatKeys].flatMap((keys) => [...keys]))
})

function keysOf(isNxlog: boolean, isLogstash: boolean, isAzure: boolean): ReadonlyMap<string, Meaning> {
  return keysByCollectors[Number(isNxlog) + Number(isLogstash) * 2 + Number(isAzure) * 4]!
}

/** Works out what the keys of an object mean. */
export function flatLayout(keys: readonly string[]): FlatLayout {
  const place = new Map(keys.map((key, member) => [key, member]))
  const has = (key: string): boolean => place.has(key)
  const isNxlog = has('SourceModuleType') || has('SourceModuleName')
  const isLogstash = has('@version')
  const isAzure = has('TenantId') && has('TimeGenerated')
  const namesUser = isNxlog && has('AccountType') && has('UserID')
  // Security 5156 calls a data item ProcessID; a collector that gives the system's gives the thread as well.
  const isSystemProcess = has('ThreadID') && !has('ExecutionProcessID')
  // nxlog writes its own EventType (INFO, AUDIT_SUCCESS) unless the event has one, as in Sysmon's registry events.
  const isOwnEventType = isNxlog && !has('EventTypeOrignal')

  const known = keysOf(isNxlog, isLogstash, isAzure)
  const meaningOf = (key: string): Meaning => {
    // Hostname is the event's computer to nxlog, the collector's host where Computer stands beside it.
    if (key === 'Hostname' && has('Computer')) return nothing
    const meaning = known.get(key)
    if (meaning !== undefined) return meaning
    if (key === 'Keywords') return { to: 'keywords' }
    // Sysmon 4 has a data item Version, which is not a whole number.
    if (key === 'Version') return { to: 'version' }
    if (key === 'ProcessID' && isSystemProcess) return attribute('Execution.ProcessID')
    if (key === 'Provider') return { to: 'provider' }
    if (key === 'EventType' && isOwnEventType) return nothing
    if (namesUser && nxlogUserKeys.has(key)) return nothing
    if (key === 'StringInserts') return { to: 'data', name: undefined }
    if (key === 'EventData') return { to: 'section' }
    return { to: 'data', name: key }
  }
  const meanings = keys.map(meaningOf)
  const placesOf = (names: readonly string[]): readonly number[] =>
    names.flatMap((name) => place.get(name) ?? [])
  return {
    meanings,
    keys,
    system: givers(meanings, (meaning) => {
      switch (meaning.to) {
        case 'system':
        case 'number-or-rendering':
          return meaning.name
        case 'keywords':
          return 'Keywords'
        case 'version':
          return 'Version'
        default:
          return undefined
      }
    }),
    attributes: givers(meanings, (meaning) =>
      meaning.to === 'attribute' ? meaning.name : meaning.to === 'provider' ? 'Provider.Name' : undefined,
    ),
    renderings: givers(meanings, (meaning) => {
      switch (meaning.to) {
        case 'rendering':
        case 'number-or-rendering':
          return meaning.name
        case 'keywords':
          return 'Keywords'
        default:
          return undefined
      }
    }),
    // The columns beside the XML repeat parts of it.
    onlyData: isAzure ? place.get('EventData') : undefined,
    data: dataOf(meanings),
    times: {
      local: placesOf(timeKeys.local),
      utc: placesOf(timeKeys.utc),
      stamped: placesOf(timeKeys.stamped),
      received: placesOf(timeKeys.received),
    },
  }
}

function dataOf(meanings: readonly Meaning[]): FlatLayout['data'] {
  if (meanings.some(({ to }) => to === 'section')) return undefined
  const members = meanings.flatMap((meaning, member) => (mayBeData(meaning) ? member : []))
  return { members, names: members.map((member) => dataName(meanings[member]!)) }
}

const mayBeData = ({ to }: Meaning): boolean => to === 'data' || to === 'version' || to === 'provider'

/** The name of the data that a member may be. */
function dataName(meaning: Meaning): string | undefined {
  switch (meaning.to) {
    case 'data':
      return meaning.name
    case 'version':
      return 'Version'
    case 'provider':
      return 'Provider'
    default:
      return undefined
  }
}

function givers(
  meanings: readonly Meaning[],
  nameOf: (meaning: Meaning) => string | undefined,
): Map<string, readonly number[]> {
  const members = new Map<string, readonly number[]>()
  meanings.forEach((meaning, member) => {
    const name = nameOf(meaning)
    if (name !== undefined) members.set(name, [member, ...(members.get(name) ?? [])])
  })
  return members
}

/** The Windows event in a flat object. */
export class FlatRecord implements JsonWindowsRecord {
  readonly section = 'EventData'
  private readonly layout: FlatLayout
  private readonly members: Members
  /** Of local times whose zone the event does not tell. */
  private readonly zone: string | undefined

  constructor(layout: FlatLayout, members: Members, zone: string | undefined) {
    this.layout = layout
    this.members = members
    this.zone = zone
  }

  system(name: string): string | undefined {
    return this.firstOf(this.layout.system.get(name), (meaning, value) => {
      switch (meaning.to) {
        case 'number-or-rendering':
        case 'version':
          return isId(value) ? textOfValue(value) : ''
        case 'keywords':
          return keywordsHex(value) ?? ''
        default:
          return textOfValue(value)
      }
    })
  }

  systemAttribute(name: string): string | undefined {
    if (name === 'TimeCreated.SystemTime') return this.systemTime
    return this.firstOf(this.layout.attributes.get(name), (meaning, value) =>
      meaning.to === 'provider' && typeof value !== 'string' ? '' : textOfValue(value),
    )
  }

  rendering(name: string): string | undefined {
    return this.firstOf(this.layout.renderings.get(name), (meaning, value) => {
      const isOther =
        meaning.to === 'keywords'
          ? keywordsHex(value) !== undefined
          : meaning.to === 'number-or-rendering' && isId(value)
      return isOther ? '' : renderingText(value)
    })
  }

  data(): readonly DataItem[] {
    const { meanings, onlyData } = this.layout
    const items: DataItem[] = []
    if (onlyData !== undefined) addSectionItems(items, this.members.value(onlyData))
    for (let member = 0; onlyData === undefined && member < meanings.length; member++) {
      const meaning = meanings[member]!
      if (meaning.to === 'section') addSectionItems(items, this.members.value(member))
      if (!mayBeData(meaning)) continue
      const value = this.members.value(member)
      if (isData(meaning, value)) addItem(items, dataName(meaning), value)
    }
    return items
  }

  dataNames(): readonly (string | undefined)[] | undefined {
    return this.members.areSimple ? this.layout.data?.names : undefined
  }

  dataValue(item: number): string {
    const member = this.layout.data!.members[item]!
    const value = this.members.value(member)
    return isData(this.layout.meanings[member]!, value) ? textOfValue(value) : ''
  }

  sectionXml(): string {
    return itemsXml(this.data())
  }

  get when(): EventTime {
    const moment = this.moment
    if (moment === undefined) return { time: undefined }
    const { seconds, localTime } = moment
    // Years of other than four digits are lost where the time becomes text.
    const isWritten = seconds >= FIRST_YEAR && seconds < LAST_YEAR
    const time = isWritten ? Math.round(seconds * 1e6) / 1e6 : windowsTime(this)
    return localTime === undefined ? { time } : { time, localTime }
  }

  /** The first of some members that has a text to give. */
  private firstOf(
    members: readonly number[] | undefined,
    textOf: (meaning: Meaning, value: unknown) => string,
  ): string | undefined {
    if (members === undefined) return undefined
    for (const member of members) {
      const text = textOf(this.layout.meanings[member]!, this.members.value(member))
      if (text !== '') return text
    }
    return undefined
  }

  private get systemTime(): string | undefined {
    const moment = this.moment
    if (moment === undefined) return undefined
    const { seconds, statedBy } = moment
    return statedBy === undefined
      ? formatSystemTime(seconds)
      : systemTimeText(this.members.value(statedBy) as string, seconds)
  }

  /**
   * The moment of the event. A time that states its zone is believed. nxlog writes local time without a zone; the zone
   * then follows from a moment that the event gives both ways: Sysmon's UtcTime is the event's own time in UTC, and
   * EventReceivedTime (local) is next to Logstash's @timestamp (UTC). Without either, it is the time of a clock in `zone`.
   */
  private get moment(): Moment | undefined {
    const { local: localKeys, utc, stamped: stampedKey, received: receivedKey } = this.layout.times
    const local = this.momentOf(localKeys)
    if (local?.isZoned) return local
    const own = this.momentOf(utc)
    if (own !== undefined) return own
    const stamped = this.momentOf(stampedKey)
    const received = local && stamped && this.momentOf(receivedKey)
    const zoned = received && zonedByReceipt(local, stamped, received)
    if (zoned !== undefined || stamped !== undefined || local === undefined) return zoned ?? stamped
    const { time, localTime } = momentOf(local, this.zone)
    return { seconds: time!, localTime: localTime! }
  }

  /** The moment that the first of some members states. */
  private momentOf(members: readonly number[]): (Timestamp & Moment) | undefined {
    for (const member of members) {
      const time = this.members.time(member)
      if (time !== undefined) return { seconds: time.seconds, isZoned: time.isZoned, statedBy: member }
    }
    return undefined
  }
}

function zonedByReceipt(local: Timestamp, stamped: Timestamp, received: Timestamp): Moment | undefined {
  const ahead = stamped.seconds - received.seconds
  const zone = Math.round(ahead / QUARTER_HOUR) * QUARTER_HOUR
  return Math.abs(ahead - zone) <= longestDelay ? { seconds: local.seconds + zone } : undefined
}

/** Whether a member is data. Where that depends on its value, it is when it cannot be part of the system part. */
function isData(meaning: Meaning, value: unknown): boolean {
  switch (meaning.to) {
    case 'data':
      return true
    case 'version':
      return !isId(value)
    case 'provider':
      return typeof value !== 'string'
    default:
      return false
  }
}

interface Moment {
  readonly seconds: number
  /** The member that states it, where one does. */
  readonly statedBy?: number
  /** As a clock shows it, where nothing tells the clock's zone. */
  readonly localTime?: number
}

/** All zones differ from UTC by quarter hours. */
const QUARTER_HOUR = 900
/** From nxlog to Logstash, in seconds; with more, the difference tells no zone. */
const longestDelay = 300
/** The years from 0 to 9999, in epoch seconds. */
const FIRST_YEAR = -62_167_219_200
const LAST_YEAR = 253_402_300_800
