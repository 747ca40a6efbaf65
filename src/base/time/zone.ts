// Time zones: offset from UTC at an instant, abbreviation, and local time back to epoch seconds.
// Rules come from the runtime's tz database through Intl; asking Intl is slow, so offsets are cached by stretches
// of time between which nothing changes.

import { DAY_SECONDS, daysFromDate } from './calendar.ts'

/** A local time; month 1-12. Parts beyond their range carry over (hour 24 is the next day). */
export interface LocalTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour?: number
  readonly minute?: number
  /** May have a fraction. */
  readonly second?: number
}

/** Says whether a name is a zone: a tz database name (`Europe/Berlin`), `UTC`, `Z`, or an offset such as `+02:00`. */
export function isZone(name: string): boolean {
  return fixedOffset(name) !== undefined || findZone(name) !== undefined
}

/**
 * Returns the seconds that a zone is ahead of UTC at an instant.
 *
 * @throws RangeError for a name that is no zone
 */
export function zoneOffsetSeconds(epochSeconds: number, zone: string): number {
  if (zone === 'UTC') return 0
  const fixed = fixedOffset(zone)
  if (fixed !== undefined) return fixed
  return offsetInZone(requireZone(zone), epochSeconds)
}

/**
 * Returns the abbreviation of a zone at an instant, such as `CET`, `EDT` or `UTC`; where the zone has none in use,
 * its offset (`-03`, `+0545`), as the tz database writes it.
 */
export function zoneAbbreviation(epochSeconds: number, zone: string): string {
  if (zone === 'UTC') return 'UTC'
  const fixed = fixedOffset(zone)
  if (fixed === 0) return /gmt/i.test(zone) ? 'GMT' : 'UTC'
  if (fixed !== undefined) return numericAbbreviation(fixed)
  const data = requireZone(zone)
  const offset = offsetInZone(data, epochSeconds)
  // Names differ by offset (CET, CEST) and, rarely, over the decades; a year and an offset name them well enough.
  const key = `${Math.floor(epochSeconds / (366 * DAY_SECONDS))}/${offset}`
  let name = data.abbreviations.get(key)
  if (name === undefined) {
    if (data.abbreviations.size >= MAX_CACHED) data.abbreviations.clear()
    name = findAbbreviation(zone, epochSeconds, offset)
    data.abbreviations.set(key, name)
  }
  return name
}

/**
 * Returns the instant of a local time, in epoch seconds.
 *
 * Where clocks go back, the first of the two instants; where they go forward, a time that does not exist moves on by
 * the gap (02:30 becomes 03:30). Both follow from using the offset in force before the change.
 *
 * @throws RangeError for a name that is no zone
 */
export function localToEpoch(local: LocalTime, zone: string): number {
  const { year, month, day, hour = 0, minute = 0, second = 0 } = local
  const asUtc = daysFromDate(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second
  const fixed = zone === 'UTC' ? 0 : fixedOffset(zone)
  if (fixed !== undefined) return asUtc - fixed
  const data = requireZone(zone)
  const before = offsetInZone(data, asUtc - DAY_SECONDS)
  const after = offsetInZone(data, asUtc + DAY_SECONDS)
  if (before === after || offsetInZone(data, asUtc - before) === before) return asUtc - before
  return offsetInZone(data, asUtc - after) === after ? asUtc - after : asUtc - before
}

/** Splits an instant into local days since 1970-01-01 and local seconds of that day (with their fraction). */
export function epochToLocal(epochSeconds: number, zone: string): { days: number; seconds: number } {
  const local = epochSeconds + zoneOffsetSeconds(epochSeconds, zone)
  const days = Math.floor(local / DAY_SECONDS)
  return { days, seconds: local - days * DAY_SECONDS }
}

/** The instant of a local day number and seconds of that day; see `localToEpoch` for gaps and overlaps. */
export function localDayToEpoch(days: number, seconds: number, zone: string): number {
  return localToEpoch({ year: 1970, month: 1, day: days + 1, second: seconds }, zone)
}

interface ZoneData {
  readonly name: string
  readonly offsetFormat: Intl.DateTimeFormat
  readonly stretches: Map<number, Stretch>
  readonly abbreviations: Map<string, string>
}

/** Twelve days of a zone: one offset, and a second one from `change` on if clocks change in them. */
interface Stretch {
  readonly offset: number
  readonly change: number
  readonly offsetAfter: number
}

// Clocks do not change twice in so short a time, so comparing the offsets at both ends finds every change.
const STRETCH_SECONDS = 2 ** 20
/** Times come from hostile logs; a cache that they could grow without end is emptied at this size. */
const MAX_CACHED = 4096
/** The last second that Intl can format. */
const MAX_EPOCH = 8.64e12

const zones = new Map<string, ZoneData | undefined>()

function findZone(name: string): ZoneData | undefined {
  if (zones.has(name)) return zones.get(name)
  if (zones.size >= MAX_CACHED) zones.clear()
  let data: ZoneData | undefined
  try {
    const offsetFormat = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    data = { name, offsetFormat, stretches: new Map(), abbreviations: new Map() }
  } catch {
    data = undefined
  }
  zones.set(name, data)
  return data
}

function requireZone(name: string): ZoneData {
  const data = findZone(name)
  if (data === undefined) {
    throw new RangeError(
      `Unknown time zone "${name}". Use a name such as Europe/Berlin, UTC, or an offset such as +02:00.`,
    )
  }
  return data
}

function offsetInZone(data: ZoneData, epochSeconds: number): number {
  const key = Math.floor(epochSeconds / STRETCH_SECONDS)
  let stretch = data.stretches.get(key)
  if (stretch === undefined) {
    if (data.stretches.size >= MAX_CACHED) data.stretches.clear()
    stretch = readStretch(data, key * STRETCH_SECONDS)
    data.stretches.set(key, stretch)
  }
  return epochSeconds < stretch.change ? stretch.offset : stretch.offsetAfter
}

function readStretch(data: ZoneData, start: number): Stretch {
  const offset = askIntl(data, start)
  const offsetAfter = askIntl(data, start + STRETCH_SECONDS)
  if (offset === offsetAfter) return { offset, change: Number.POSITIVE_INFINITY, offsetAfter }
  let before = start
  let change = start + STRETCH_SECONDS
  while (change - before > 1) {
    const middle = Math.floor((before + change) / 2)
    if (askIntl(data, middle) === offset) before = middle
    else change = middle
  }
  return { offset, change, offsetAfter }
}

function askIntl(data: ZoneData, epochSeconds: number): number {
  const bounded = Math.min(MAX_EPOCH, Math.max(-MAX_EPOCH, epochSeconds || 0))
  const text = data.offsetFormat.format(bounded * 1000)
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)
  if (match === null)
    throw new Error(`The runtime gave "${text}" for the offset of time zone "${data.name}".`)
  const seconds = Number(match[2] ?? 0) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0)
  return match[1] === '-' ? -seconds : seconds
}

const fixedOffsets = new Map<string, number>(
  ['UTC', 'Z', 'GMT', 'Etc/UTC', 'Etc/GMT', 'utc', 'z', 'gmt'].map((name) => [name, 0]),
)

function fixedOffset(zone: string): number | undefined {
  const known = fixedOffsets.get(zone)
  if (known !== undefined) return known
  const isSigned = zone.startsWith('+') || zone.startsWith('-')
  const match = isSigned ? /^([+-])(\d\d)(?::?(\d\d))?$/.exec(zone) : null
  if (match === null) return undefined
  const hours = Number(match[2])
  const minutes = Number(match[3] ?? 0)
  if (hours > 23 || minutes > 59) return undefined
  const seconds = hours * 3600 + minutes * 60
  return match[1] === '-' ? -seconds : seconds
}

/** Intl knows an abbreviation only in the English (or own language) of places that use it. */
const abbreviationLocales = ['en-US', 'en-GB', 'en-IN', 'en-AU', 'en-ZA', 'ja-JP']

/** Where the tz database's abbreviation, by offset, is in none of these locales, or another one is. */
const abbreviationsMissingInIntl = new Map<string, readonly [number, string][]>([
  ['Asia/Shanghai', [[28_800, 'CST']]],
  ['Asia/Taipei', [[28_800, 'CST']]],
  ['Asia/Hong_Kong', [[28_800, 'HKT']]],
  ['Asia/Seoul', [[32_400, 'KST']]],
  ['Asia/Manila', [[28_800, 'PST']]],
  ['Asia/Jakarta', [[25_200, 'WIB']]],
  ['Asia/Karachi', [[18_000, 'PKT']]],
  [
    'Asia/Jerusalem',
    [
      [7200, 'IST'],
      [10_800, 'IDT'],
    ],
  ],
  ['Europe/Moscow', [[10_800, 'MSK']]],
  ['Asia/Dubai', [[14_400, '+04']]],
  ['Africa/Lagos', [[3600, 'WAT']]],
  ['Africa/Nairobi', [[10_800, 'EAT']]],
])

function findAbbreviation(zone: string, epochSeconds: number, offset: number): string {
  const known = abbreviationsMissingInIntl.get(zone)?.find(([seconds]) => seconds === offset)
  if (known !== undefined) return known[1]
  const milliseconds = Math.min(MAX_EPOCH, Math.max(-MAX_EPOCH, epochSeconds)) * 1000
  for (const locale of abbreviationLocales) {
    const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' })
    const name = format.formatToParts(milliseconds).find((part) => part.type === 'timeZoneName')?.value
    if (name !== undefined && /^[A-Z]{3,5}$/.test(name)) return name
  }
  return numericAbbreviation(offset)
}

function numericAbbreviation(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60))
  const rest = minutes % 60
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : String(rest).padStart(2, '0')}`
}
