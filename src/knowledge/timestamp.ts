// Finds the time of an event in its text or its JSON object, for evidence whose form has no time of its own.
// What finds none stays without a time: a file's date is no event's date.

import { strptime } from '../base/time/strptime.ts'
import { isZone } from '../base/time/zone.ts'
import { aboutSetting, type ConfValue, type Report } from './conf-file.ts'
import { compilePattern, type TextPattern } from './extract/pattern.ts'
import type { Settings } from './props.ts'

/** What props.conf says about the times of a kind of event. */
export interface TimestampRule {
  readonly prefix: TextPattern | undefined
  readonly format: string | undefined
  /** How many characters after the prefix are looked at. */
  readonly lookahead: number
  readonly zone: string | undefined
}

/** props.conf.spec: MAX_TIMESTAMP_LOOKAHEAD */
const usualLookahead = 128

/** Reads TIME_PREFIX, TIME_FORMAT, MAX_TIMESTAMP_LOOKAHEAD and TZ. */
export function readTimestampRule(settings: Settings, report: Report): TimestampRule {
  const prefix = settings.get('TIME_PREFIX')
  const lookahead = Number(settings.get('MAX_TIMESTAMP_LOOKAHEAD')?.value || usualLookahead)
  return {
    prefix:
      prefix === undefined || prefix.value === '' ? undefined : compilePattern(prefix, 'TIME_PREFIX', report),
    format: settings.get('TIME_FORMAT')?.value || undefined,
    lookahead: Number.isInteger(lookahead) && lookahead > 0 ? lookahead : usualLookahead,
    zone: readZone(settings.get('TZ'), report),
  }
}

function readZone(setting: ConfValue | undefined, report: Report): string | undefined {
  if (setting === undefined || setting.value === '') return undefined
  if (isZone(setting.value)) return setting.value
  report(
    aboutSetting(
      'bad-content',
      `TZ = ${setting.value} is no time zone; it was ignored.`,
      setting,
      'Use a name such as Europe/Berlin.',
    ),
  )
  return undefined
}

/** What times without a zone or a year are read by. */
export interface TimeAssumptions {
  readonly timeZone: string
  /** Epoch seconds. A time without a year is of this year, or of the last one if it would lie more than a day ahead. */
  readonly now: number
}

const daySeconds = 86_400

/** Finds the time of a text; undefined when there is none that is surely one. Epoch seconds. */
export function findTime(
  text: string,
  rule: TimestampRule,
  assumptions: TimeAssumptions,
): number | undefined {
  const zone = rule.zone ?? assumptions.timeZone
  let start = 0
  if (rule.prefix !== undefined) {
    const match = rule.prefix.regex.exec(text)
    if (match !== undefined) start = match.end
    else if (rule.format !== undefined) return recognise(text.slice(0, rule.lookahead), zone, assumptions.now)
  }
  const window = text.slice(start, start + rule.lookahead)
  if (rule.format !== undefined) {
    const time = read(window.trimStart(), rule.format, zone, assumptions.now)
    if (time !== undefined) return time
  }
  return recognise(window, zone, assumptions.now)
}

/** Reads by a format; a format without a year gets its year from the clock. */
function read(text: string, format: string, zone: string, now: number): number | undefined {
  const time = strptime(text, format, zone, now)
  if (time === undefined || /%[YyGgsFcDx+C]/.test(format)) return time
  return withoutYear(time, text, format, zone, now)
}

function withoutYear(
  time: number,
  text: string,
  format: string,
  zone: string,
  now: number,
): number | undefined {
  return time > now + daySeconds ? strptime(text, format, zone, now - 366 * daySeconds) : time
}

interface Form {
  readonly pattern: RegExp
  readonly read: (match: RegExpExecArray, zone: string, now: number) => number | undefined
}

const by =
  (format: string): Form['read'] =>
  (match, zone, now) =>
    read(match[0], format, zone, now)

const monthName = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'

/** What is recognised without being told, the most certain first. */
const forms: readonly Form[] = [
  {
    // 2021-11-15T14:19:27.123456Z, 2021-11-15 14:19:27,123 +02:00
    pattern:
      /(?<!\d)(\d{4})[-/](\d\d)[-/](\d\d)[T _](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b)?/,
    read: ([, year, month, day, hour, minute, second, fraction, written], zone, now) =>
      strptime(
        `${year}-${month}-${day} ${hour}:${minute}:${second}.${(fraction ?? '0').slice(0, 6)} ${written?.replace(/UTC|GMT/, 'Z') ?? ''}`,
        written === undefined ? '%Y-%m-%d %H:%M:%S.%6N' : '%Y-%m-%d %H:%M:%S.%6N %z',
        zone,
        now,
      ),
  },
  // 10/Nov/2021:14:19:27 +0000
  {
    pattern: new RegExp(`\\d\\d/${monthName}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}`),
    read: by('%d/%b/%Y:%H:%M:%S %z'),
  },
  // 11/15/2021 02:19:27 PM
  {
    pattern: /(?<!\d)\d\d?\/\d\d?\/\d{4},? \d\d?:\d\d:\d\d [AP]M/,
    read: (match, zone, now) => read(match[0].replace(',', ''), '%m/%d/%Y %I:%M:%S %p', zone, now),
  },
  { pattern: /(?<!\d)\d\d?\/\d\d?\/\d{4} \d\d?:\d\d:\d\d/, read: by('%m/%d/%Y %H:%M:%S') },
  // Mon, 15 Nov 2021 14:19:27 +0000
  {
    pattern: new RegExp(`\\d\\d? ${monthName} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}`),
    read: by('%d %b %Y %H:%M:%S %z'),
  },
  // Nov 15 2021 14:19:27, Nov 15 14:19:27 2021, Nov 15 14:19:27
  {
    pattern: new RegExp(`${monthName} {1,2}\\d\\d?,? \\d{4} \\d\\d:\\d\\d:\\d\\d`),
    read: (match, zone, now) => read(match[0].replace(',', ''), '%b %d %Y %H:%M:%S', zone, now),
  },
  {
    pattern: new RegExp(`${monthName} {1,2}\\d\\d? \\d\\d:\\d\\d:\\d\\d \\d{4}`),
    read: by('%b %d %H:%M:%S %Y'),
  },
  { pattern: new RegExp(`${monthName} {1,2}\\d\\d? \\d\\d:\\d\\d:\\d\\d`), read: by('%b %d %H:%M:%S') },
  // audit(1636985967.123:42), ts=1636985967, "time": 1636985967123
  {
    pattern: /(?:^|[(\s"=:,[])(1\d{9}(?:\.\d{1,9}|\d{3}|\d{6}|\d{9})?)(?=$|[)\s",:}\]])/,
    read: (match) => epochOf(match[1]!),
  },
]

function recognise(text: string, zone: string, now: number): number | undefined {
  for (const { pattern, read: readForm } of forms) {
    const match = pattern.exec(text)
    const time = match === null ? undefined : readForm(match, zone, now)
    if (time !== undefined) return time
  }
  return undefined
}

/** Epoch seconds, or milli-, micro- or nanoseconds by the number of digits. Kept to microseconds. */
function epochOf(text: string): number | undefined {
  if (!/^1\d{9}(?:\.\d+|\d{3}|\d{6}|\d{9})?$/.test(text)) return undefined
  const digits = text.includes('.') ? text : `${text.slice(0, 10)}.${text.slice(10)}`
  return Number(Number(digits).toFixed(6))
}

/** Keys that hold an event's time, in the order of trust. */
const timeKeys = [
  '_time',
  '@timestamp',
  'timestamp',
  'eventTime',
  'event_time',
  'CreationTime',
  'TimeGenerated',
  'Timestamp',
  'time',
  'TimeCreated',
  'EventTime',
  'ts',
  'published',
  'requestReceivedTimestamp',
  'activityDateTime',
  'createdDateTime',
  'created_at',
  'created',
  'unixTime',
  'datetime',
  'date',
]

/** Finds the time of a JSON object under its well-known keys, one level down as well. */
export function findJsonTime(
  object: Readonly<Record<string, unknown>>,
  rule: TimestampRule,
  assumptions: TimeAssumptions,
): number | undefined {
  const zone = rule.zone ?? assumptions.timeZone
  const direct = timeUnderKeys(object, zone, assumptions.now)
  if (direct !== undefined) return direct
  for (const inner of Object.values(object)) {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue
    const time = timeUnderKeys(inner as Record<string, unknown>, zone, assumptions.now)
    if (time !== undefined) return time
  }
  return undefined
}

function timeUnderKeys(
  object: Readonly<Record<string, unknown>>,
  zone: string,
  now: number,
): number | undefined {
  for (const key of timeKeys) {
    if (!Object.hasOwn(object, key)) continue
    const value = object[key]
    const time =
      typeof value === 'number'
        ? epochOf(String(value))
        : typeof value === 'string'
          ? (epochOf(value) ?? recognise(value, zone, now))
          : undefined
    if (time !== undefined) return time
  }
  return undefined
}
