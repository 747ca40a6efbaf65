// Prints a time by a format, as eval's strftime() and fieldformat do.
// English names only: Splunk's server locale is not part of a search.

import { DAY_SECONDS, dateFromDays, daysFromDate, weekdayOfDays } from './calendar.ts'
import { monthNames, parseTimeFormat, weekdayNames } from './format.ts'
import { zoneAbbreviation, zoneOffsetSeconds } from './zone.ts'

/**
 * Prints epoch seconds in a time zone by a format such as `%Y-%m-%dT%H:%M:%S.%3N%z`.
 *
 * The time is rounded to microseconds first, so that 1.3 has the digits 300000 and not 299999; fewer digits are cut,
 * not rounded. Unknown variables are printed as they stand. A time that is not finite gives an empty text.
 *
 * @throws RangeError for a name that is no time zone
 * @see    Search Reference: Date and time format variables
 */
export function strftime(epochSeconds: number, format: string, zone: string): string {
  if (!Number.isFinite(epochSeconds)) return ''
  const time = readTime(epochSeconds, zone)
  let text = ''
  for (const item of parseTimeFormat(format)) {
    text += item.kind === 'text' ? item.text : printVariable(item.name, item.width, time)
  }
  return text
}

/** An instant with what the variables need. */
interface BrokenDownTime {
  readonly epoch: number
  readonly zone: string
  readonly offset: number
  readonly microseconds: number
  readonly days: number
  readonly secondOfDay: number
  readonly year: number
  readonly month: number
  readonly day: number
}

// Rows mostly share their day; the calendar is asked again only when it changes.
let lastDays = 0
let lastDate = dateFromDays(0)

function readTime(epochSeconds: number, zone: string): BrokenDownTime {
  let epoch = Math.floor(epochSeconds)
  let microseconds = Math.round((epochSeconds - epoch) * 1e6)
  if (microseconds === 1e6) {
    epoch += 1
    microseconds = 0
  }
  const offset = zoneOffsetSeconds(epoch, zone)
  const local = epoch + offset
  const days = Math.floor(local / DAY_SECONDS)
  if (days !== lastDays) {
    lastDate = dateFromDays(days)
    lastDays = days
  }
  const { year, month, day } = lastDate
  return {
    epoch,
    zone,
    offset,
    microseconds,
    days,
    secondOfDay: local - days * DAY_SECONDS,
    year,
    month,
    day,
  }
}

function printVariable(name: string, width: number | undefined, time: BrokenDownTime): string {
  const hour = Math.floor(time.secondOfDay / 3600)
  switch (name) {
    case 'Y':
      return padYear(time.year)
    case 'm':
      return two(time.month)
    case 'd':
      return two(time.day)
    case 'H':
      return two(hour)
    case 'M':
      return two(Math.floor(time.secondOfDay / 60) % 60)
    case 'S':
      return two(time.secondOfDay % 60)
    case 'N':
      return subseconds(time.microseconds, width ?? 9)
    case 'Q':
      return subseconds(time.microseconds, width ?? 3)
    case 'f':
      return subseconds(time.microseconds, 6)
    case 's':
      return String(time.epoch)
    case 'I':
      return two(hour % 12 || 12)
    case 'k':
      return spaced(hour)
    case 'l':
      return spaced(hour % 12 || 12)
    case 'p':
      return hour < 12 ? 'AM' : 'PM'
    case 'P':
      return hour < 12 ? 'am' : 'pm'
    case 'e':
      return spaced(time.day)
    case 'j':
      return String(dayOfYear(time)).padStart(3, '0')
    case 'a':
      return weekdayNames[weekdayOfDays(time.days)]!.slice(0, 3)
    case 'A':
      return weekdayNames[weekdayOfDays(time.days)]!
    case 'b':
    case 'h':
      return monthNames[time.month - 1]!.slice(0, 3)
    case 'B':
      return monthNames[time.month - 1]!
    case 'C':
      return two(Math.floor(time.year / 100))
    case 'y':
      return two(lastTwo(time.year))
    case 'G':
      return padYear(isoWeek(time).year)
    case 'g':
      return two(lastTwo(isoWeek(time).year))
    case 'V':
      return two(isoWeek(time).week)
    case 'U':
      return two(Math.floor((dayOfYear(time) + 6 - weekdayOfDays(time.days)) / 7))
    case 'W':
      return two(Math.floor((dayOfYear(time) + 6 - weekdayOfDays(time.days - 1)) / 7))
    case 'u':
      return String(weekdayOfDays(time.days) || 7)
    case 'w':
      return String(weekdayOfDays(time.days))
    case 'z':
      return printOffset(time.offset, width ?? 0)
    case 'Ez':
      return `${time.offset < 0 ? '-' : '+'}${Math.trunc(Math.abs(time.offset) / 60)}`
    case 'Z':
      return zoneAbbreviation(time.epoch, time.zone)
    default:
      throw new Error(`Time variable "%${name}" has no printer.`)
  }
}

/** Prints `+hhmm`, with one colon `+hh:mm`, with two `+hh:mm:ss`, with three `+hh`. */
function printOffset(offset: number, colons: number): string {
  const seconds = Math.abs(offset)
  const sign = offset < 0 ? '-' : '+'
  const hours = two(Math.floor(seconds / 3600))
  const minutes = two(Math.floor(seconds / 60) % 60)
  if (colons === 3) return `${sign}${hours}`
  if (colons === 2) return `${sign}${hours}:${minutes}:${two(seconds % 60)}`
  return colons === 1 ? `${sign}${hours}:${minutes}` : `${sign}${hours}${minutes}`
}

function dayOfYear(time: BrokenDownTime): number {
  return time.days - daysFromDate(time.year, 1, 1) + 1
}

/** The ISO 8601 week: it belongs to the year that its Thursday is in. */
function isoWeek(time: BrokenDownTime): { year: number; week: number } {
  const thursday = time.days + 3 - weekdayOfDays(time.days - 1)
  const year = dateFromDays(thursday).year
  return { year, week: Math.floor((thursday - daysFromDate(year, 1, 1)) / 7) + 1 }
}

function subseconds(microseconds: number, digits: number): string {
  return String(microseconds).padStart(6, '0').padEnd(9, '0').slice(0, digits)
}

function two(value: number): string {
  return value < 10 && value >= 0 ? `0${value}` : String(value)
}

function spaced(value: number): string {
  return value < 10 ? ` ${value}` : String(value)
}

function padYear(year: number): string {
  return year >= 1000
    ? String(year)
    : year < 0
      ? `-${String(-year).padStart(4, '0')}`
      : String(year).padStart(4, '0')
}

function lastTwo(year: number): number {
  return ((year % 100) + 100) % 100
}
