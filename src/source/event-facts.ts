// What Splunk notes about every event while it indexes it: its time and what the time was read from (`date_hour`,
// `timestartpos`, …), the number of its lines, its punctuation.
// @see Knowledge Manager Manual: Use default fields

import { dateFromDays } from '../base/time/calendar.ts'
import { monthNames, weekdayNames } from '../base/time/format.ts'
import { localDayToEpoch, zoneOffsetSeconds } from '../base/time/zone.ts'
import type { RawEvent } from '../decode/reader.ts'
import { compactColumn } from '../knowledge/extract/field-table.ts'
import type { Identity } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import {
  type FoundTime,
  findColumnTime,
  findJsonTime,
  findTime,
  type PlacedTime,
  type StatedTime,
  type TimeAssumptions,
  type TimestampRule,
} from '../knowledge/timestamp.ts'
import { type Column, constant, plain } from '../value/column.ts'

/** The text of an event as it is indexed. An export row has the text that it was exported with, or none. */
export function indexedText(event: RawEvent, identity: Identity): string | undefined {
  if (event.content.kind !== 'row') return identity.readText?.() ?? event.raw()
  const raw = event.content.fields.get('_raw')
  return typeof raw === 'string' ? raw : raw?.join('\n')
}

// ---- lines and punctuation

/** How many lines a text has, as a field. */
export function lineCount(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  let count = 1
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) count++
  return String(count)
}

/** Splexicon: punct */
const punctuationLength = 30

/**
 * The first 30 punctuation marks of the first line: blanks are underscores, tabs a `t`, and a dash after a letter or a
 * digit is left out, as it is part of a word.
 */
export function punctuation(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  let marks = ''
  for (let at = 0; at < text.length && marks.length < punctuationLength; at++) {
    const character = text[at]!
    if (character === '\n' || character === '\r') break
    if (character === ' ') marks += '_'
    else if (character === '\t') marks += 't'
    else if (
      !/[\p{L}\p{N}]/u.test(character) &&
      !(character === '-' && /[\p{L}\p{N}]/u.test(text[at - 1] ?? ''))
    )
      marks += character
  }
  return marks
}

// ---- time

/** The times of some events. */
export interface EventTimes {
  /** Epoch seconds. */
  readonly column: Column
  /** A part of what the times were read from; see `isTimePart`. */
  part(name: string): Column
}

const parts: ReadonlyMap<string, (time: PlacedTime, local: LocalTime) => string> = new Map([
  ['date_second', (_, { seconds }) => String(Math.floor(seconds % 60))],
  ['date_minute', (_, { seconds }) => String(Math.floor(seconds / 60) % 60)],
  ['date_hour', (_, { seconds }) => String(Math.floor(seconds / 3600))],
  ['date_mday', (_, { date }) => String(date.day)],
  ['date_wday', (_, { days }) => weekdayNames[(((days + 4) % 7) + 7) % 7]!.toLowerCase()],
  ['date_month', (_, { date }) => monthNames[date.month - 1]!.toLowerCase()],
  ['date_year', (_, { date }) => String(date.year)],
  ['date_zone', ({ offset }) => (offset === undefined ? 'local' : String(offset / 60))],
  ['timestartpos', ({ start }) => String(start)],
  ['timeendpos', ({ end }) => String(end)],
])

/** Whether a field is a part of what an event's time was read from. Only events whose text holds their time have them. */
export const isTimePart = (name: string): boolean => parts.has(name)

interface LocalTime {
  readonly days: number
  /** Of the day. */
  readonly seconds: number
  readonly date: ReturnType<typeof dateFromDays>
}

/** Reads the times of events that share a rule. What has none, or had to be guessed at, is reported. */
export function eventTimes(
  events: readonly RawEvent[],
  identities: readonly Identity[],
  usual: TimestampRule,
  { context, report }: Knowledge,
): EventTimes {
  const ruleOf = (row: number): TimestampRule => identities[row]!.timestamp ?? usual
  let timeless = -1
  let yearless = -1
  const seconds = events.map((event, row) => {
    const time = timeOf(event, ruleOf(row), context)
    if (time === undefined) timeless = row
    else if (time.lacksYear) yearless = row
    return time?.seconds
  })
  const say = (row: number, message: (kind: string) => string, help: string): void => {
    const identity = identities[row]
    if (identity === undefined) return
    const kind = `"${identity.source}" (sourcetype ${identity.sourcetype})`
    report({ code: 'suspicious', severity: 'warning', message: message(kind), labels: [], help })
  }
  say(
    timeless,
    (kind) => `Events of ${kind} have no time that can be found; their _time is null.`,
    'Set TIME_PREFIX and TIME_FORMAT for the sourcetype in props.conf of an add-on (--app).',
  )
  const now = new Date(context.now * 1000).toISOString().slice(0, 10)
  say(
    yearless,
    (kind) => `Times of ${kind} state no year; they were taken for the last ones before ${now}.`,
    'Where the evidence is older, give the day after its end with --now.',
  )

  let placed: readonly ({ readonly time: PlacedTime; readonly local: LocalTime } | undefined)[] | undefined
  const readPlaced = () =>
    events.map((event, row) => {
      const rule = ruleOf(row)
      const time = seconds[row] === undefined ? undefined : placeOf(event, rule, context, seconds[row])
      return time && { time, local: localOf(time, rule.zone ?? context.timeZone) }
    })
  return {
    column: plain(seconds),
    part(name) {
      placed ??= readPlaced()
      const part = parts.get(name)!
      return compactColumn(placed.map((found) => found && part(found.time, found.local)))
    },
  }
}

function timeOf(event: RawEvent, rule: TimestampRule, assumptions: TimeAssumptions): FoundTime | undefined {
  if (event.time === undefined) return findStated(event, rule, assumptions)
  if (event.localTime === undefined || rule.zone === undefined)
    return { seconds: event.time, offset: undefined, lacksYear: false }
  // Rounding gives the double nearest to the decimal.
  const seconds = Math.round(localDayToEpoch(0, event.localTime, rule.zone) * 1e6) / 1e6
  return { seconds, offset: undefined, lacksYear: false }
}

/** Looks for the time where an event of its form has it: in its columns, under a key, in its text. */
function findStated(
  event: RawEvent,
  rule: TimestampRule,
  assumptions: TimeAssumptions,
): PlacedTime | StatedTime | undefined {
  const { content, metadata } = event
  const inText = (): PlacedTime | undefined => findTime(event.raw(), rule, assumptions)
  switch (content.kind) {
    case 'row':
      return undefined
    case 'json': {
      const inKeys = (): StatedTime | undefined => findJsonTime(content.value, rule, assumptions)
      const isPlaced = rule.fields.length === 0 && (rule.format !== undefined || rule.prefix !== undefined)
      return isPlaced ? (inText() ?? inKeys()) : inKeys()
    }
    default:
      return metadata.isTable && metadata.fields !== undefined
        ? (findColumnTime(metadata.fields, rule, assumptions) ?? inText())
        : inText()
  }
}

/** Where in an event's text its time stands; undefined where it was not read from there. */
function placeOf(
  event: RawEvent,
  rule: TimestampRule,
  assumptions: TimeAssumptions,
  seconds: number,
): PlacedTime | undefined {
  if (event.isTimeGiven || event.content.kind === 'row' || !rule.hasParts) return undefined
  const raw = event.raw()
  if (event.content.kind === 'windows') {
    const match = /SystemTime=["']([^"']+)/.exec(raw)
    if (match !== null) {
      const end = match.index + match[0].length
      return { seconds, offset: 0, lacksYear: false, start: end - match[1]!.length, end }
    }
  }
  const found = findStated(event, rule, assumptions)
  if (found === undefined || Math.abs(found.seconds - seconds) > 1e-6) return undefined
  if (!('text' in found)) return found
  const start = raw.indexOf(found.text)
  return start < 0 ? undefined : { ...found, start, end: start + found.text.length }
}

function localOf({ seconds, offset }: PlacedTime, zone: string): LocalTime {
  const local = seconds + (offset ?? zoneOffsetSeconds(seconds, zone))
  const days = Math.floor(local / 86_400)
  return { days, seconds: local - days * 86_400, date: dateFromDays(days) }
}

// ---- facts that searches read by name

/** Karst stands where a Splunk server would. */
const serverName = constant('karst')

/** Reads a fact that is no part of the time; undefined for other fields. */
export function eventFact(name: string, textOf: () => readonly (string | undefined)[]): Column | undefined {
  switch (name) {
    case 'punct':
      return compactColumn(textOf().map(punctuation))
    case 'splunk_server':
      return serverName
    default:
      return undefined
  }
}
