// Finds the time of an event in its text or its JSON object, for evidence whose form has no time of its own.
// What finds none stays without a time: a file's date is no event's date.

import { dateFromDays } from '../base/time/calendar.ts'
import { parseTimeFormat } from '../base/time/format.ts'
import { readTime, type TimeRead } from '../base/time/strptime.ts'
import { epochToLocal, isZone, localToEpoch } from '../base/time/zone.ts'
import type { FieldText } from '../decode/reader.ts'
import { aboutSetting, type ConfValue, confBoolean, type Report } from './conf-file.ts'
import { compilePattern, type TextPattern } from './extract/pattern.ts'
import type { Settings } from './props.ts'
import { settingList } from './setting-list.ts'

/** What props.conf says about the times of a kind of event. */
export interface TimestampRule {
  readonly prefix: TextPattern | undefined
  readonly format: string | undefined
  /** How many characters after the prefix are looked at. */
  readonly lookahead: number
  readonly zone: string | undefined
  /** The fields that together hold the time of structured data, in order; empty where nobody says. */
  readonly fields: readonly string[]
  /** False where texts are not looked at (DATETIME_CONFIG = NONE or CURRENT). */
  readonly isSought: boolean
  /** Whether searches see what the time was read from (`date_hour`, `timestartpos`, …): ADD_EXTRA_TIME_FIELDS. */
  readonly hasParts: boolean
}

/** props.conf.spec: MAX_TIMESTAMP_LOOKAHEAD */
const usualLookahead = 128

/** Reads TIME_PREFIX, TIME_FORMAT, MAX_TIMESTAMP_LOOKAHEAD, TZ, TIMESTAMP_FIELDS, DATETIME_CONFIG. */
export function readTimestampRule(settings: Settings, report: Report): TimestampRule {
  const prefix = settings.get('TIME_PREFIX')
  const lookahead = Number(settings.get('MAX_TIMESTAMP_LOOKAHEAD')?.value || usualLookahead)
  const parts = settings.get('ADD_EXTRA_TIME_FIELDS')?.value.toLowerCase()
  return {
    prefix:
      prefix === undefined || prefix.value === '' ? undefined : compilePattern(prefix, 'TIME_PREFIX', report),
    format: readFormat(settings.get('TIME_FORMAT'), report),
    // 0 and -1 lift the limit.
    lookahead: !Number.isInteger(lookahead) ? usualLookahead : lookahead > 0 ? lookahead : Infinity,
    zone: readZone(settings.get('TZ'), report),
    fields: settingList((settings.get('TIMESTAMP_FIELDS')?.value ?? '').replace(/^\[|\]$/g, '')),
    isSought: !/^(?:none|current)$/i.test(settings.get('DATETIME_CONFIG')?.value ?? ''),
    hasParts: parts !== 'none' && parts !== 'subseconds' && confBoolean(parts) !== false,
  }
}

/** A format without a day cannot date an event. */
function readFormat(setting: ConfValue | undefined, report: Report): string | undefined {
  if (setting === undefined || setting.value === '') return undefined
  if (datesDays(setting.value)) return setting.value
  report(
    aboutSetting(
      'bad-content',
      `TIME_FORMAT = ${setting.value} reads no day, so it cannot date an event; it was ignored.`,
      setting,
    ),
  )
  return undefined
}

/** Whether a format has one of these variables. */
function reads(format: string, variables: readonly string[]): boolean {
  return parseTimeFormat(format).some((item) => item.kind === 'variable' && variables.includes(item.name))
}

const datesDays = (format: string): boolean => reads(format, ['d', 'e', 'j', 's'])

const yearVariables = ['Y', 'y', 'C', 's']

const hasYear = (format: string): boolean => reads(format, yearVariables)

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
  /** Epoch seconds. */
  readonly now: number
}

/** A time that was found. */
export interface FoundTime {
  /** Epoch seconds. */
  readonly seconds: number
  /** Seconds ahead of UTC, where the text states a zone. */
  readonly offset: number | undefined
  /** The text states no year, so that the latest one before now was taken. */
  readonly lacksYear: boolean
}

/** A time and its place in a text. */
export interface PlacedTime extends FoundTime {
  readonly start: number
  readonly end: number
}

/** Events may be dated a little ahead by clocks that run fast. */
const daySeconds = 86_400

/** Finds the time of a text; undefined when there is none that is surely one. */
export function findTime(
  text: string,
  rule: TimestampRule,
  { timeZone, now }: TimeAssumptions,
): PlacedTime | undefined {
  if (!rule.isSought) return undefined
  const zone = rule.zone ?? timeZone
  let start = 0
  if (rule.prefix !== undefined) {
    const match = rule.prefix.regex.exec(text)
    // "If the TIME_PREFIX cannot be found in the event text, timestamp extraction does not occur." (props.conf.spec)
    if (match === undefined) return undefined
    start = match.end
  }
  const window = text.slice(start, start + rule.lookahead)
  if (rule.format !== undefined) {
    const blanks = window.length - window.trimStart().length
    const { format } = rule
    const found = readFormatted(window.slice(blanks), format, zone, now)
    if (found !== undefined)
      return placed(found, !hasYear(format), start + blanks, start + blanks + found.end)
  }
  return recognise(window, start, zone, now)
}

/** Written once per event, so not by spreading. */
const placed = (
  { seconds, offset }: ReadTime,
  lacksYear: boolean,
  start: number,
  end: number,
): PlacedTime => ({ seconds, offset, lacksYear, start, end })

type ReadTime = Omit<FoundTime, 'lacksYear'>

/**
 * Reads by a format. A format without a year means the latest year in which the time is not after now: the event
 * nearest before it. Also the year of a 29 February is found so.
 */
function readFormatted(text: string, format: string, zone: string, now: number): TimeRead | undefined {
  if (hasYear(format)) return readTime(text, format, zone, now)
  for (const middle of middlesOfYears(zone, now)) {
    const found = readTime(text, format, zone, middle)
    if (found !== undefined && found.seconds <= now + daySeconds) return found
  }
  return undefined
}

let knownMiddles:
  | { readonly zone: string; readonly now: number; readonly middles: readonly number[] }
  | undefined

/** A moment in each year, from that of now back to one that surely had a 29 February. A run has one clock and few zones. */
function middlesOfYears(zone: string, now: number): readonly number[] {
  if (knownMiddles === undefined || knownMiddles.zone !== zone || knownMiddles.now !== now) {
    const latest = dateFromDays(epochToLocal(now + daySeconds, zone).days).year
    const middles = Array.from({ length: 9 }, (_, back) =>
      localToEpoch({ year: latest - back, month: 7, day: 1 }, zone),
    )
    knownMiddles = { zone, now, middles }
  }
  return knownMiddles.middles
}

interface Form {
  readonly pattern: RegExp
  readonly lacksYear?: boolean
  readonly read: (match: RegExpExecArray, zone: string, now: number) => ReadTime | undefined
}

const by = (format: string): Pick<Form, 'read' | 'lacksYear'> => ({
  read: (match, zone, now) => readFormatted(match[1]!.replace(',', ''), format, zone, now),
  lacksYear: !hasYear(format),
})

const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const clock = '\\d\\d:\\d\\d:\\d\\d'

/** What is recognised without being told, the most certain first. The first group is the time. */
const forms: readonly Form[] = [
  {
    // 2021-11-15T14:19:27.123456Z, 2021-11-15 14:19:27,123 +02:00, 2021/11/15 14:19:27
    pattern:
      /(?<!\d)((\d{4})[-/](\d\d)[-/](\d\d)[T _\t](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b))?)/,
    read: ([, , year, monthNumber, day, hour, minute, second, fraction, written], zone, now) =>
      readTime(
        `${year}-${monthNumber}-${day} ${hour}:${minute}:${second}.${(fraction ?? '0').slice(0, 6)} ${written ?? ''}`,
        written === undefined ? '%Y-%m-%d %H:%M:%S.%6N' : '%Y-%m-%d %H:%M:%S.%6N %z',
        zone,
        now,
      ),
  },
  { pattern: /(?<!\d)(\d{8}T\d{6}Z)/, ...by('%Y%m%dT%H%M%S%z') },
  // 10/Nov/2021:14:19:27 +0000
  { pattern: new RegExp(`(\\d\\d/${month}/\\d{4}:${clock} [+-]\\d{4})`), ...by('%d/%b/%Y:%H:%M:%S %z') },
  // 11/15/2021 02:19:27 PM
  {
    pattern: /(?<!\d)(\d\d?\/\d\d?\/\d{4},? \d\d?:\d\d:\d\d(?:\.\d+)? [AP]M)/,
    ...by('%m/%d/%Y %I:%M:%S.%N %p'),
  },
  { pattern: /(?<!\d)(\d\d?\/\d\d?\/\d{4},? \d\d?:\d\d:\d\d)/, ...by('%m/%d/%Y %H:%M:%S') },
  // 15.11.2021 14:19:27
  { pattern: /(?<![\d.])(\d\d?\.\d\d?\.\d{4},? \d\d:\d\d:\d\d)/, ...by('%d.%m.%Y %H:%M:%S') },
  // Mon, 15 Nov 2021 14:19:27 +0000
  {
    pattern: new RegExp(`(\\d\\d? ${month} \\d{4} ${clock} (?:[+-]\\d{4}|UTC|GMT|Z)\\b)`),
    ...by('%d %b %Y %H:%M:%S %z'),
  },
  // Nov 15 2021 14:19:27, Nov 15 14:19:27.123 2021, Nov 15 14:19:27 EST 2021, Nov 15 14:19:27
  { pattern: new RegExp(`(${month} {1,2}\\d\\d?,? \\d{4} ${clock})`), ...by('%b %d %Y %H:%M:%S') },
  {
    pattern: new RegExp(`(${month} {1,2}\\d\\d? ${clock}(?:\\.\\d{1,9})? \\d{4})\\b`),
    ...by('%b %d %H:%M:%S.%N %Y'),
  },
  {
    pattern: new RegExp(`(${month} {1,2}\\d\\d? ${clock} [A-Z]{3,5} \\d{4})\\b`),
    ...by('%b %d %H:%M:%S %Z %Y'),
  },
  { pattern: new RegExp(`(${month} {1,2}\\d\\d? ${clock})`), ...by('%b %d %H:%M:%S') },
  // audit(1636985967.123:42), ts=1636985967, "time": 1636985967123
  {
    pattern: /(?:^|[(\s"=:,[])(1\d{9}(?:\.\d{1,9}|\d{3}|\d{6}|\d{9})?)(?=$|[)\s",:}\]])/,
    read: (match) => epochOf(match[1]!),
  },
]

/** Looks through a window of a text that begins at `offset`. */
function recognise(text: string, offset: number, zone: string, now: number): PlacedTime | undefined {
  for (const { pattern, read, lacksYear = false } of forms) {
    const match = pattern.exec(text)
    if (match === null) continue
    const found = read(match, zone, now)
    if (found === undefined) continue
    const end = offset + match.index + match[0].length
    return placed(found, lacksYear, end - match[1]!.length, end)
  }
  return undefined
}

/** Epoch seconds, or milli-, micro- or nanoseconds by the number of digits. Kept to microseconds. */
function epochOf(text: string): ReadTime | undefined {
  if (!/^1\d{9}(?:\.\d+|\d{3}|\d{6}|\d{9})?$/.test(text)) return undefined
  const digits = text.includes('.') ? text : `${text.slice(0, 10)}.${text.slice(10)}`
  return { seconds: Number(Number(digits).toFixed(6)), offset: 0 }
}

/** A time and the text that states it. */
export interface StatedTime extends FoundTime {
  readonly text: string
}

/** Keys and columns that hold an event's time, in the order of trust. */
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
  'eventTimestamp',
  'recorded',
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
  { timeZone, now }: TimeAssumptions,
): StatedTime | undefined {
  if (!rule.isSought) return undefined
  const zone = rule.zone ?? timeZone
  if (rule.fields.length > 0)
    return joinedTime(
      rule.fields.map((path) => textAt(object, path)),
      rule,
      zone,
      now,
    )
  const direct = timeUnderKeys(object, zone, now)
  if (direct !== undefined) return direct
  for (const inner of Object.values(object)) {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue
    const found = timeUnderKeys(inner as Record<string, unknown>, zone, now)
    if (found !== undefined) return found
  }
  return undefined
}

/** The text at a path such as `a.b`. */
function textAt(object: Readonly<Record<string, unknown>>, path: string): string | undefined {
  let value: unknown = object
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** The time that several texts hold together. */
function joinedTime(
  texts: readonly (string | undefined)[],
  { format }: TimestampRule,
  zone: string,
  now: number,
): StatedTime | undefined {
  const text = texts.filter((part) => part !== undefined).join(' ')
  const found = format === undefined ? undefined : readFormatted(text, format, zone, now)
  if (found === undefined) return statedTime(text, zone, now)
  return { seconds: found.seconds, offset: found.offset, lacksYear: !hasYear(format!), text }
}

function timeUnderKeys(
  object: Readonly<Record<string, unknown>>,
  zone: string,
  now: number,
): StatedTime | undefined {
  for (const key of timeKeys) {
    if (!Object.hasOwn(object, key)) continue
    const value = object[key]
    if (typeof value !== 'number' && typeof value !== 'string') continue
    const found = statedTime(String(value), zone, now)
    if (found !== undefined) return found
  }
  return undefined
}

function statedTime(text: string, zone: string, now: number): StatedTime | undefined {
  const epoch = epochOf(text)
  if (epoch !== undefined) return { seconds: epoch.seconds, offset: epoch.offset, lacksYear: false, text }
  const found = recognise(text, 0, zone, now)
  return found && { seconds: found.seconds, offset: found.offset, lacksYear: found.lacksYear, text }
}

/**
 * Finds the time of structured data in its columns: those that TIMESTAMP_FIELDS names, together, or else a well-known
 * one. W3C logs have `date` and `time` apart.
 */
export function findColumnTime(
  columns: ReadonlyMap<string, FieldText>,
  rule: TimestampRule,
  { timeZone, now }: TimeAssumptions,
): StatedTime | undefined {
  if (!rule.isSought) return undefined
  const zone = rule.zone ?? timeZone
  const textOf = (name: string): string | undefined => {
    const value = columns.get(name)
    return typeof value === 'string' ? value : value?.[0]
  }
  if (rule.fields.length > 0) return joinedTime(rule.fields.map(textOf), rule, zone, now)
  for (const names of [['date', 'time'], ...timeKeys.map((key) => [key])]) {
    const found = statedTime(names.flatMap((name) => textOf(name) ?? []).join(' '), zone, now)
    if (found !== undefined) return found
  }
  return undefined
}
