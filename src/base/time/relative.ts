// Relative times (`-1d@d+2h`), bounds of a time range (earliest=, latest=) and spans of bins (`5m`, `1mon`).
// Real-time windows (`rt-5m`) are no relative times here; callers refuse them.

import { dateFromDays, daysFromDate, daysInMonth, modulo, weekdayOfDays } from './calendar.ts'
import { strptime } from './strptime.ts'
import { epochToLocal, localDayToEpoch, localToEpoch, zoneOffsetSeconds } from './zone.ts'

/** Units of time; those below a second are for spans only. */
export type TimeUnit =
  | 'microsecond'
  | 'millisecond'
  | 'centisecond'
  | 'decisecond'
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  | 'quarter'
  | 'year'

/** One step of a relative time. */
export type RelativeStep =
  | { readonly kind: 'offset'; readonly amount: number; readonly unit: TimeUnit }
  | {
      readonly kind: 'snap'
      readonly unit: TimeUnit
      /** With unit week: the day it starts on, 0 for Sunday. */
      readonly weekday?: number
    }

/** A relative time: steps that apply from left to right; none at all is `now`. */
export interface RelativeTime {
  readonly steps: readonly RelativeStep[]
}

/** The length of time bins. */
export interface TimeSpan {
  readonly amount: number
  readonly unit: TimeUnit
  /** With unit week: the day that weeks start on, from `1w@w1`; 0 for Sunday. */
  readonly weekday?: number
}

/**
 * Reads a relative time: `-70m@m`, `-1d@d+2h`, `@w1`, `+1mon@mon`, `-h`, `now`. Undefined for anything else, an offset
 * without its sign included. Units are lower case: `m` is a minute, `mon` a month.
 *
 * @see Search Reference: Time modifiers
 */
export function parseRelativeTime(text: string): RelativeTime | undefined {
  if (text === 'now' || text === 'now()') return { steps: [] }
  const steps: RelativeStep[] = []
  const step = /([+-])(\d{0,9})([a-z]+)|@(?:w([0-7])|([a-z]+))/y
  while (step.lastIndex < text.length) {
    const match = step.exec(text)
    if (match === null) return undefined
    const [, sign, digits, offsetUnit, weekday, snapUnit] = match
    if (weekday !== undefined) {
      // w7 is Sunday, as w0 is.
      steps.push({ kind: 'snap', unit: 'week', weekday: Number(weekday) % 7 })
      continue
    }
    const unit = unitNames.get(offsetUnit ?? snapUnit ?? '')
    if (unit === undefined) return undefined
    if (sign === undefined) steps.push({ kind: 'snap', unit })
    else steps.push({ kind: 'offset', amount: (sign === '-' ? -1 : 1) * (digits ? Number(digits) : 1), unit })
  }
  return steps.length === 0 ? undefined : { steps }
}

/**
 * Applies a relative time to an instant, in a time zone.
 *
 * Seconds, minutes and hours are exact lengths of time; days and longer keep the local clock time, also over a change
 * of clocks, and a month that is too short takes its last day. Snaps go down; a week starts on Sunday.
 */
export function applyRelativeTime(relative: RelativeTime, epochSeconds: number, zone: string): number {
  return relative.steps.reduce(
    (time, step) =>
      step.kind === 'offset'
        ? addUnits(time, step.amount, step.unit, zone)
        : snapDown(time, step.unit, step.weekday ?? 0, zone),
    epochSeconds,
  )
}

/**
 * Reads a bound of a time range as epoch seconds: a relative time, `now`, empty (now), epoch seconds,
 * `MM/DD/YYYY:HH:MM:SS`, or ISO 8601 (`2023-11-14`, `2023-11-14T22:13:20.5Z`), local where it names no zone.
 * Undefined for anything else.
 *
 * @see Search Reference: Time modifiers
 */
export function parseTimeBound(text: string, now: number, zone: string): number | undefined {
  if (text === '') return now
  const relative = parseRelativeTime(text)
  if (relative !== undefined) return applyRelativeTime(relative, now, zone)
  if (/^-?\d{1,15}(?:\.\d{1,9})?$/.test(text)) return Number(text)
  const form = boundForms.find(({ shape }) => shape.test(text))
  return form && strptime(text, form.format(text), zone, now)
}

/**
 * Reads the span of time bins: `5m`, `1h`, `mon`, `100ms`, `1w@w1`; without a number it is one. Undefined for a plain
 * number, zero, and anything that is no time. A snap is read only where it says where bins start: `1w@w1`, or the
 * unit itself (`1d@d`).
 *
 * @see Search Reference: bin, timechart (span-length, timescale options, snap-to-time)
 */
export function parseTimeSpan(text: string): TimeSpan | undefined {
  const match = /^(\d{0,9})([a-z]+)(?:@(?:w([0-7])|([a-z]+)))?$/.exec(text)
  if (match === null) return undefined
  const [, digits, name = '', weekday, snapName] = match
  const unit = unitNames.get(name) ?? subsecondNames.get(name)
  const amount = digits ? Number(digits) : 1
  if (unit === undefined || amount === 0) return undefined
  if (weekday !== undefined)
    return unit === 'week' ? { amount, unit, weekday: Number(weekday) % 7 } : undefined
  if (snapName === undefined) return { amount, unit }
  if (unitNames.get(snapName) !== unit) return undefined
  return unit === 'week' ? { amount, unit, weekday: 0 } : { amount, unit }
}

/**
 * Returns the start of the bin that holds an instant.
 *
 * - Below a day, bins are multiples of the span from epoch 0, or from `aligntime` (the manual: "base UTC time").
 * - Days are local days, counted from 1970-01-01 when there are several in a bin. Weeks are seven of these, so they
 *   start on Thursday unless the span names a day (`1w@w1`). `aligntime` does not count from a day up.
 * - Months, quarters and years start on their first local day, counted from 1970.
 *
 * @see Search Reference: bin (span, aligntime). On weeks the manual is silent; a published
 *      timechart of span=1w starts them on Thursday, which is what counting from 1970-01-01 gives
 */
export function alignToSpan(epochSeconds: number, span: TimeSpan, zone: string, aligntime = 0): number {
  const { amount, unit } = span
  const length = exactMicroseconds.get(unit)
  if (length !== undefined) {
    // Whole microseconds keep bins of 100 ms free of binary fractions.
    const since = Math.round(epochSeconds * 1e6) - Math.round(aligntime * 1e6)
    return (Math.round(epochSeconds * 1e6) - modulo(since, length * amount)) / 1e6
  }
  const { days } = epochToLocal(epochSeconds, zone)
  if (unit === 'day') return localDayToEpoch(days - modulo(days, amount), 0, zone)
  if (unit === 'week') {
    const firstDay = span.weekday === undefined ? 0 : span.weekday - weekdayOfDays(0)
    return localDayToEpoch(days - modulo(days - firstDay, 7 * amount), 0, zone)
  }
  const { year, month } = dateFromDays(days)
  const months = (year - 1970) * 12 + month - 1
  const start = months - modulo(months, monthsOf(unit) * amount)
  return localToEpoch({ year: 1970, month: start + 1, day: 1 }, zone)
}

/** Returns the start of the bin after the one that starts at `start` (what `alignToSpan` returned). */
export function nextSpan(start: number, span: TimeSpan, zone: string): number {
  const length = exactMicroseconds.get(span.unit)
  if (length !== undefined) return (Math.round(start * 1e6) + length * span.amount) / 1e6
  // Where clocks skip midnight, a bin starts later in the day; the next one does not.
  return alignToSpan(addUnits(start, span.amount, span.unit, zone), span, zone)
}

/** Every spelling that the manual lists for time modifiers and spans. */
const unitNames: ReadonlyMap<string, TimeUnit> = new Map(
  (
    [
      ['second', 's sec secs second seconds'],
      ['minute', 'm min mins minute minutes'],
      ['hour', 'h hr hrs hour hours'],
      ['day', 'd day days'],
      ['week', 'w week weeks'],
      ['month', 'mon month months'],
      ['quarter', 'q qtr qtrs quarter quarters'],
      ['year', 'y yr yrs year years'],
    ] as const
  ).flatMap(([unit, names]) => names.split(' ').map((name) => [name, unit] as const)),
)

const subsecondNames: ReadonlyMap<string, TimeUnit> = new Map([
  ['us', 'microsecond'],
  ['ms', 'millisecond'],
  ['cs', 'centisecond'],
  ['ds', 'decisecond'],
])

/** Units that are the same length everywhere. */
const exactMicroseconds: ReadonlyMap<TimeUnit, number> = new Map([
  ['microsecond', 1],
  ['millisecond', 1e3],
  ['centisecond', 1e4],
  ['decisecond', 1e5],
  ['second', 1e6],
  ['minute', 60e6],
  ['hour', 3600e6],
])

const boundForms: readonly { readonly shape: RegExp; readonly format: (text: string) => string }[] = [
  {
    shape: /^\d{1,2}\/\d{1,2}\/\d{4}:\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,9})?$/,
    format: (text) => `%m/%d/%Y:%H:%M:%S${text.includes('.') ? '.%N' : ''}`,
  },
  {
    shape: /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/,
    format: (text) => {
      const separator = text[10] ?? ''
      if (separator === '') return '%Y-%m-%d'
      const seconds = text[16] === ':' ? `:%S${text[19] === '.' ? '.%N' : ''}` : ''
      const zone = /Z$|[+-][\d:]+$/.test(text.slice(11)) ? '%z' : ''
      return `%Y-%m-%d${separator}%H:%M${seconds}${zone}`
    },
  },
]

function addUnits(epochSeconds: number, amount: number, unit: TimeUnit, zone: string): number {
  const length = exactMicroseconds.get(unit)
  if (length !== undefined) return epochSeconds + amount * (length / 1e6)
  const whole = Math.floor(epochSeconds)
  const { days, seconds } = epochToLocal(whole, zone)
  const fraction = epochSeconds - whole
  if (unit === 'day' || unit === 'week') {
    return localDayToEpoch(days + amount * (unit === 'week' ? 7 : 1), seconds, zone) + fraction
  }
  const { year, month, day } = dateFromDays(days)
  const target = month + amount * monthsOf(unit)
  const lastDay = daysInMonth(year, target)
  return localToEpoch({ year, month: target, day: Math.min(day, lastDay), second: seconds }, zone) + fraction
}

function snapDown(epochSeconds: number, unit: TimeUnit, weekday: number, zone: string): number {
  const length = exactMicroseconds.get(unit)
  if (length !== undefined) {
    // Hours start when the local clock says so: in India that is at half past UTC.
    const offset = zoneOffsetSeconds(epochSeconds, zone)
    const seconds = length / 1e6
    return Math.floor((epochSeconds + offset) / seconds) * seconds - offset
  }
  const { days } = epochToLocal(epochSeconds, zone)
  if (unit === 'day') return localDayToEpoch(days, 0, zone)
  if (unit === 'week') return localDayToEpoch(days - modulo(weekdayOfDays(days) - weekday, 7), 0, zone)
  const { year, month } = dateFromDays(days)
  const firstMonth = month - modulo(month - 1, monthsOf(unit))
  return localDayToEpoch(daysFromDate(year, firstMonth, 1), 0, zone)
}

function monthsOf(unit: TimeUnit): number {
  return unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1
}
