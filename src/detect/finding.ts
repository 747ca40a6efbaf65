// A finding: a row of a detection with what it means, in the shape that `scan -o ndjson` prints.
// What the row means as risk is worked out in risk; printing is left to output.

import { createHash } from 'node:crypto'
import { strptime } from '../base/time/strptime.ts'
import type { Detection, DetectionType, RiskObjectType } from '../content/detection.ts'
import type { EventReference } from '../value/batch.ts'
import { type ResultRow, resultRow } from '../value/result-row.ts'
import { numberOf, textsOf, type Value } from '../value/value.ts'

export const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const
/** In rising order as in `severities`. */
export type Severity = (typeof severities)[number]

/** Somebody or something that takes risk. */
export interface RiskObject {
  readonly field: string
  readonly object: string
  readonly type: RiskObjectType
  /** What counts: the detection's score, changed by what is known of the object. */
  readonly score: number
  /** The detection's own score, where an allow-list lowered it. */
  readonly base_score?: number
  /** What is known of the object, where it is in a list of assets or identities. */
  readonly known?: KnownEntity
}

/** What a list of assets or identities says of an object. */
export interface KnownEntity {
  /** The first of its names in the list: objects with the same are the same. */
  readonly name: string
  readonly priority?: string
  readonly category?: readonly string[]
  readonly owner?: string
  readonly bunit?: string
  /** The detection's own score, and what makes `score` of it: `base * multiply + add`. */
  readonly base_score: number
  readonly multiply: number
  readonly add: number
}

/** Something that threatened. */
export interface ThreatObject {
  readonly field: string
  readonly object: string
  readonly type: string
}

/** What a row means as risk. */
export interface RowRisk {
  readonly message: string
  readonly objects: readonly RiskObject[]
  readonly threat_objects: readonly ThreatObject[]
}

/** The frameworks and stories that a detection belongs to. */
export interface Annotations {
  readonly mitre_attack: readonly string[]
  readonly tactics: readonly string[]
  readonly kill_chain_phases: readonly string[]
  readonly nist: readonly string[]
  readonly cis20: readonly string[]
  readonly cve: readonly string[]
  readonly analytic_story: readonly string[]
}

/** A search that shows more, ready to run. */
export interface FilledDrilldown {
  readonly name: string
  readonly search: string
  readonly earliest: string
  readonly latest: string
}

/** One line of `scan -o ndjson`. Names and shapes are a public contract. */
export interface Finding {
  /** The same for the same detection, version, risk objects and row, in every scan. */
  readonly finding: string
  readonly detection: {
    readonly id: string
    readonly name: string
    readonly version: number
    readonly type: DetectionType
    readonly path: string
  }
  /** ISO 8601 in UTC with milliseconds. Absent where neither the row nor its events have a time. */
  readonly time?: string
  readonly first?: string
  readonly last?: string
  /** How many events the row stands for. */
  readonly count: number
  readonly severity: Severity
  readonly risk: RowRisk
  readonly annotations: Annotations
  readonly row: ResultRow
  readonly events: readonly EventReference[]
  readonly drilldowns: readonly FilledDrilldown[]
  /** The entry of an allow-list that lowered its scores, and what they were multiplied with. */
  readonly allowed?: {
    readonly entry: string
    readonly reason: string
    readonly multiply: number
    readonly until?: string
  }
}

/** When the events of a row happened, in epoch seconds. */
export interface FindingTimes {
  readonly time?: number
  readonly first?: number
  readonly last?: number
  readonly count: number
}

export interface FindingInput {
  readonly detection: Detection
  readonly row: ReadonlyMap<string, Value>
  readonly events: readonly EventReference[]
  readonly times: FindingTimes
  readonly severity: Severity
  readonly risk: RowRisk
  readonly annotations: Annotations
  readonly drilldowns: readonly FilledDrilldown[]
}

/** Puts a finding together. */
export function makeFinding(input: FindingInput): Finding {
  const { detection, times, risk } = input
  const { id, name, version, type, path } = detection
  const row = resultRow(input.row)
  return {
    finding: findingHash(detection, risk.objects, row),
    detection: { id, name, version, type, path },
    ...isoTime('time', times.time),
    ...isoTime('first', times.first),
    ...isoTime('last', times.last),
    count: times.count,
    severity: input.severity,
    risk,
    annotations: input.annotations,
    row,
    events: input.events,
    drilldowns: input.drilldowns,
  }
}

/**
 * When the events of a row happened, and how many there were.
 *
 * `first` and `last` are the row's `firstTime` and `lastTime`, else its `_time`, else the times of the events that it came
 * from; all may be epoch seconds or what `security_content_ctime` makes of them. `time` is the row's `_time`, else `last`,
 * else `first`: the moment from which everything that the row says was true. `count` is the row's `count`, else the number
 * of events that are known, else 1.
 *
 * @param zone      the time zone in which formatted times are written
 * @param observed  the times of the events, where the caller knows them
 */
export function findingTimes(
  row: ReadonlyMap<string, Value>,
  zone: string,
  events: readonly EventReference[],
  observed: { readonly first?: number; readonly last?: number } = {},
): FindingTimes {
  const own = instantOf(row.get('_time'), zone)
  const first = instantOf(row.get('firstTime'), zone) ?? own ?? observed.first
  const last = instantOf(row.get('lastTime'), zone) ?? own ?? observed.last
  const time = own ?? last ?? first
  const count = numberOf(row.get('count'))
  return {
    ...(time === undefined ? {} : { time }),
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    count: count !== undefined && Number.isInteger(count) && count >= 0 ? count : Math.max(1, events.length),
  }
}

/** The instant that a value states; of several, the first. */
function instantOf(value: Value, zone: string): number | undefined {
  const [text] = textsOf(value)
  if (text === undefined) return undefined
  return numberOf(text) ?? strptime(text, '%Y-%m-%dT%H:%M:%S', zone, 0)
}

/** Beyond this many seconds from 1970 there is no Date. (ECMA-262, Time Values) */
const farthestSecond = 8.64e12

function isoTime<Key extends string>(key: Key, seconds: number | undefined): { [Name in Key]?: string } {
  if (seconds === undefined || Math.abs(seconds) > farthestSecond) return {}
  return { [key]: new Date(Math.round(seconds * 1000)).toISOString() } as { [Name in Key]?: string }
}

/**
 * A name for a finding that stays the same from scan to scan: 128 bits of a SHA-256 over the detection's id and version,
 * the risk objects in any order and the row's fields in any order.
 */
function findingHash(detection: Detection, objects: readonly RiskObject[], row: ResultRow): string {
  const parts = [
    detection.id,
    detection.version,
    objects.map(({ type, object }) => [type, object]).sort(byText),
    Object.entries(row).sort(byText),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

function byText(a: unknown, b: unknown): number {
  const left = JSON.stringify(a)
  const right = JSON.stringify(b)
  return left < right ? -1 : left > right ? 1 : 0
}
