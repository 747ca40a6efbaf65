// Fills a detection's drilldowns, so that they run as printed.

import { applyRelativeTime, parseRelativeTime } from '../base/time/relative.ts'
import type { Detection } from '../content/detection.ts'
import type { FilledDrilldown, FindingTimes } from '../detect/finding.ts'
import type { Value } from '../value/value.ts'
import { fillMessage, splitTemplate } from './tokens.ts'

/** What relative times in drilldowns count from. */
export interface DrilldownClock {
  /** What the scan saw as now, in epoch seconds: the detection's own search counts from there. */
  readonly now: number
  readonly timeZone: string
}

/**
 * The drilldowns of a row, so that they find the same next year. A value never becomes SPL: it is quoted, and what would
 * end the quotation is escaped. Relative times become epoch seconds, counted from the end of the finding's events.
 *
 * @param times  the row's; `$info_min_time$` and `$info_max_time$` become the seconds around them, or all time. A drilldown
 *               that states a time range of its own gets that as well: "the last 7 days" are those before the finding
 */
export function fillDrilldowns(
  detection: Detection,
  row: ReadonlyMap<string, Value>,
  { first, last }: FindingTimes,
  { now, timeZone }: DrilldownClock,
): FilledDrilldown[] {
  // Splunk's upper bound is exclusive, so the last event's own second must end before it.
  const end = last === undefined ? undefined : Math.floor(last) + 1
  return detection.drilldowns.map(({ name, search, earliest, latest }) => {
    const templates = search.trim().split(originalSearch)
    const clock = (end ?? now) + Math.max(0, ...templates.map((text) => timesBefore(text, timeZone)))
    const own: OwnRange = { starts: [], ends: [] }
    const pieces = templates.map((text) => fillTokens(withAbsoluteTimes(text, clock, timeZone, own), row))
    const bound = (text: string, isEarliest: boolean): string => {
      if (text === '$info_min_time$') return first === undefined ? '0' : String(Math.floor(first))
      if (text === '$info_max_time$') return end === undefined ? 'now' : String(end)
      // Enterprise Security counts a bare `7d` backwards for the earliest time and forwards for the latest.
      const relative = parseRelativeTime(/^\d+[a-z]+$/.test(text) ? `${isEarliest ? '-' : '+'}${text}` : text)
      return relative === undefined ? text : String(applyRelativeTime(relative, end ?? now, timeZone))
    }
    return {
      name: fillMessage(name, row).replaceAll('\n', ', '),
      search: pieces.join(ownSearch(detection, { now, timeZone })),
      earliest: widest(bound(earliest, true), own.starts, Math.min),
      latest: widest(bound(latest, false), own.ends, Math.max),
    }
  })
}

const originalSearch = '%original_detection_search%'

/** The detection's own search as it ran. Every finding asks for it, so it is made once. */
function ownSearch(detection: Detection, { now, timeZone }: DrilldownClock): string {
  const key = `${now} ${timeZone}`
  let known = ownSearches.get(detection)
  if (known?.key !== key) {
    known = { key, text: withAbsoluteTimes(detection.search.text.trim(), now, timeZone) }
    ownSearches.set(detection, known)
  }
  return known.text
}

const ownSearches = new WeakMap<Detection, { readonly key: string; readonly text: string }>()

/** A time range that a search states itself, in epoch seconds. */
interface OwnRange {
  readonly starts: number[]
  readonly ends: number[]
}

const widest = (bound: string, own: readonly number[], choose: (...times: number[]) => number): string =>
  own.length > 0 && /^\d+$/.test(bound) && bound !== '0' ? String(choose(Number(bound), ...own)) : bound

/** Quoted texts and comments, which are passed over, and what counts from now. */
const relativeTimes =
  /"(?:\\.|[^"\\])*"|```[\s\S]*?```|\b(earliest|latest|starttime|endtime)(\s*=\s*)([-+@][-+@\w]+|now(?:\(\))?)(?![\w(])|\b(start|end)(months|days|hours|minutes)ago\s*=\s*(\d{1,9})\b|\bnow\(\s*\)/g

const unitSeconds = { months: 30 * 86_400, days: 86_400, hours: 3600, minutes: 60 } as const

/** Writes the times of a search that count from now as epoch seconds. @param own receives those of its time range */
function withAbsoluteTimes(text: string, now: number, zone: string, own?: OwnRange): string {
  return text.replace(relativeTimes, (whole, bound, equals, time, side, unit, count) => {
    if (whole.startsWith('"') || whole.startsWith('`')) return whole
    if (bound !== undefined) {
      const relative = parseRelativeTime(time)
      if (relative === undefined) return whole
      const seconds = applyRelativeTime(relative, now, zone)
      const isStart = bound === 'earliest' || bound === 'starttime'
      if (isStart) own?.starts.push(seconds)
      else own?.ends.push(seconds)
      return `${isStart ? 'earliest' : 'latest'}${equals}${seconds}`
    }
    if (side === undefined) return String(now)
    const seconds = now - Number(count) * unitSeconds[unit as keyof typeof unitSeconds]
    if (side === 'start') own?.starts.push(seconds)
    else own?.ends.push(seconds)
    return `${side === 'start' ? 'earliest' : 'latest'}=${seconds}`
  })
}

/** How long before its clock a search ends: counted so much later, it still sees what happened last. */
function timesBefore(text: string, zone: string): number {
  const own: OwnRange = { starts: [], ends: [] }
  withAbsoluteTimes(text, 0, zone, own)
  return own.ends.length === 0 ? 0 : -Math.max(...own.ends)
}

/** A token is a value outside quotation marks, and part of a text inside them. */
function fillTokens(template: string, row: ReadonlyMap<string, Value>): string {
  let filled = ''
  for (const part of splitTemplate(template, row)) {
    if (part.kind === 'text') filled += part.text
    else if (isInQuotes(filled)) filled += part.values.map(escaped).join(' ')
    else {
      const list = part.values.map((value) => `"${escaped(value)}"`).join(', ')
      // `field = $token$` cannot take several values; `field IN (…)` says the same.
      const isComparison = part.values.length > 1 && /=\s*$/.test(filled)
      filled = isComparison ? `${filled.replace(/\s*=\s*$/, '')} IN (${list})` : filled + list
    }
  }
  return filled
}

const escaped = (value: string): string => value.replace(/["\\]/g, '\\$&')

function isInQuotes(text: string): boolean {
  let inQuotes = false
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') inQuotes = !inQuotes
  }
  return inQuotes
}
