// Reads a time by a format, as eval's strptime() does.
// Finding a timestamp somewhere in raw text is not here: the text starts with the time.

import { DAY_SECONDS, dateFromDays, daysFromDate, daysInMonth } from './calendar.ts'
import { type FormatItem, monthNames, parseTimeFormat, weekdayNames } from './format.ts'
import { epochToLocal, isZone, localToEpoch, zoneAbbreviation, zoneOffsetSeconds } from './zone.ts'

/**
 * Reads a text by a format such as `%Y-%m-%d %H:%M:%S` and returns epoch seconds, exact to the microsecond; undefined
 * when the text does not match or names no real time (30 February, hour 25).
 *
 * Rules, where the manual is silent those of the C library's strptime:
 * - White space in the format matches any amount of it, also none; numbers may have blanks before them and need no
 *   leading zeros. Names of months and weekdays match short and in full, in any case. Weekdays and week numbers are
 *   read and ignored.
 * - Text after the end of the format is ignored.
 * - A date needs its day: a format with a year or month alone gives nothing. Without a date at all it is today, without
 *   a year this year, without a month this month, all of `nowEpoch` in `zone`. Hours, minutes, seconds default to 0.
 * - Subseconds (`%N`, `%3N`, `%Q`, `%f`) take all digits there are, read as a fraction and kept to microseconds. They
 *   may be missing, together with the point before them.
 * - `%y` of 69 to 99 is in the 1900s. `%p` counts with `%I` only.
 * - `%z` and `%Z` take `Z`, `+0200`, `+02:00`, `+02`; `%Z` also abbreviations and tz database names.
 *
 * @throws RangeError if `zone` is no time zone
 * @see    Search Reference: Date and Time functions (strptime), Date and time format variables
 */
export function strptime(text: string, format: string, zone: string, nowEpoch: number): number | undefined {
  return readTime(text, format, zone, nowEpoch)?.seconds
}

/** A time that a text begins with. */
export interface TimeRead {
  readonly seconds: number
  /** Where the time ends in the text. */
  readonly end: number
  /** Seconds ahead of UTC, where the text states a zone; epoch seconds state UTC. */
  readonly offset: number | undefined
}

/** Reads a text as `strptime` does, and says what of it was read. */
export function readTime(text: string, format: string, zone: string, nowEpoch: number): TimeRead | undefined {
  const fields: Fields = { microseconds: 0 }
  let position = 0
  const items = parseTimeFormat(format)
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!
    let next =
      item.kind === 'text' ? matchText(text, position, item.text) : readVariable(text, position, item, fields)
    if (
      next === undefined &&
      item.kind === 'text' &&
      item.text.endsWith('.') &&
      isSubsecond(items[index + 1])
    ) {
      next = matchText(text, position, item.text.slice(0, -1))
      index++
    }
    if (next === undefined) return undefined
    position = next
  }
  const resolved = resolve(fields, zone, nowEpoch)
  return resolved && { ...resolved, end: position }
}

/** What was read so far. */
interface Fields {
  epoch?: number
  century?: number
  year?: number
  yearOfCentury?: number
  month?: number
  day?: number
  dayOfYear?: number
  hour?: number
  hour12?: number
  isAfternoon?: boolean
  minute?: number
  second?: number
  microseconds: number
  /** Seconds east of UTC. */
  offset?: number
  zoneName?: string
}

type Variable = Extract<FormatItem, { kind: 'variable' }>

const isSubsecond = (item: FormatItem | undefined): boolean =>
  item?.kind === 'variable' && (item.name === 'N' || item.name === 'Q' || item.name === 'f')

function matchText(text: string, start: number, expected: string): number | undefined {
  let position = start
  for (let index = 0; index < expected.length; index++) {
    if (isBlank(expected.charCodeAt(index))) position = skipBlanks(text, position)
    else if (text.charCodeAt(position) === expected.charCodeAt(index)) position++
    else return undefined
  }
  return position
}

/** Reads one variable into `fields` and returns the position after it; undefined when the text does not fit. */
function readVariable(text: string, start: number, { name }: Variable, fields: Fields): number | undefined {
  const numeric = numericVariables.get(name)
  if (numeric !== undefined) return readNumber(text, start, numeric, fields)
  switch (name) {
    case 's':
      return readEpoch(text, start, fields)
    case 'N':
    case 'Q':
    case 'f':
      return readSubseconds(text, start, fields)
    case 'p':
    case 'P':
      return readHalfDay(text, start, fields)
    case 'a':
    case 'A':
      return readName(text, start, weekdayNames)?.end
    case 'b':
    case 'B':
    case 'h': {
      const month = readName(text, start, monthNames)
      if (month !== undefined) fields.month = month.index + 1
      return month?.end
    }
    case 'z':
      return readOffset(text, start, fields)
    case 'Ez':
      return readOffsetMinutes(text, start, fields)
    case 'Z':
      return readZone(text, start, fields)
    default:
      throw new Error(`Time variable "%${name}" has no reader.`)
  }
}

/** A variable that is a plain number: its most digits, its range, and where it goes (nowhere if it says nothing new). */
interface NumericVariable {
  readonly digits: number
  readonly low: number
  readonly high: number
  readonly field?: Exclude<keyof Fields, 'isAfternoon' | 'zoneName'>
}

const numericVariables: ReadonlyMap<string, NumericVariable> = new Map<string, NumericVariable>([
  ['Y', { digits: 4, low: 0, high: 9999, field: 'year' }],
  ['y', { digits: 2, low: 0, high: 99, field: 'yearOfCentury' }],
  ['C', { digits: 2, low: 0, high: 99, field: 'century' }],
  ['m', { digits: 2, low: 1, high: 12, field: 'month' }],
  ['d', { digits: 2, low: 1, high: 31, field: 'day' }],
  ['e', { digits: 2, low: 1, high: 31, field: 'day' }],
  ['j', { digits: 3, low: 1, high: 366, field: 'dayOfYear' }],
  ['H', { digits: 2, low: 0, high: 23, field: 'hour' }],
  ['k', { digits: 2, low: 0, high: 23, field: 'hour' }],
  ['I', { digits: 2, low: 1, high: 12, field: 'hour12' }],
  ['l', { digits: 2, low: 1, high: 12, field: 'hour12' }],
  ['M', { digits: 2, low: 0, high: 59, field: 'minute' }],
  // 60 is a leap second; it counts as the first second of the next minute.
  ['S', { digits: 2, low: 0, high: 60, field: 'second' }],
  ['u', { digits: 1, low: 1, high: 7 }],
  ['w', { digits: 1, low: 0, high: 6 }],
  ['U', { digits: 2, low: 0, high: 53 }],
  ['V', { digits: 2, low: 0, high: 53 }],
  ['W', { digits: 2, low: 0, high: 53 }],
  ['g', { digits: 2, low: 0, high: 99 }],
  ['G', { digits: 4, low: 0, high: 9999 }],
])

function readNumber(
  text: string,
  start: number,
  variable: NumericVariable,
  fields: Fields,
): number | undefined {
  const first = skipBlanks(text, start)
  let end = first
  let value = 0
  for (; end < first + variable.digits && isDigit(text.charCodeAt(end)); end++) {
    value = value * 10 + text.charCodeAt(end) - 0x30
  }
  if (end === first || value < variable.low || value > variable.high) return undefined
  if (variable.field !== undefined) fields[variable.field] = value
  return end
}

function readEpoch(text: string, start: number, fields: Fields): number | undefined {
  const match = matchAt(/\s*(-?\d{1,16})/y, text, start)
  if (match === undefined) return undefined
  fields.epoch = Number(match[1])
  return start + match[0].length
}

function readSubseconds(text: string, start: number, fields: Fields): number | undefined {
  let end = start
  while (isDigit(text.charCodeAt(end))) end++
  if (end === start) return undefined
  // The seventh digit rounds, the rest cannot matter to a double of today's epoch.
  fields.microseconds = Math.round(Number(text.slice(start, Math.min(end, start + 7)).padEnd(7, '0')) / 10)
  return end
}

function readHalfDay(text: string, start: number, fields: Fields): number | undefined {
  const match = matchAt(/\s*([ap])\.?m\.?/iy, text, start)
  if (match === undefined) return undefined
  fields.isAfternoon = match[1]!.toLowerCase() === 'p'
  return start + match[0].length
}

function readName(
  text: string,
  start: number,
  names: readonly string[],
): { index: number; end: number } | undefined {
  const first = skipBlanks(text, start)
  const short = text.slice(first, first + 3).toLowerCase()
  const index = names.findIndex((name) => name.slice(0, 3).toLowerCase() === short)
  const full = names[index]
  if (full === undefined) return undefined
  const hasFullName = text.slice(first, first + full.length).toLowerCase() === full.toLowerCase()
  return { index, end: first + (hasFullName ? full.length : 3) }
}

function readOffset(text: string, start: number, fields: Fields): number | undefined {
  const match = matchAt(/\s*(?:([+-])(\d\d):?(?:(\d\d)(?::?(\d\d))?)?|(?:Z|UTC|GMT)(?![a-z]))/iy, text, start)
  if (match === undefined) return undefined
  const [whole, sign, hours = '0', minutes = '0', seconds = '0'] = match
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  fields.offset = sign === '-' ? -offset : offset
  return start + whole.length
}

function readOffsetMinutes(text: string, start: number, fields: Fields): number | undefined {
  const match = matchAt(/\s*([+-]?\d{1,4})/y, text, start)
  if (match === undefined || Math.abs(Number(match[1])) >= 1440) return undefined
  fields.offset = Number(match[1]) * 60
  return start + match[0].length
}

function readZone(text: string, start: number, fields: Fields): number | undefined {
  const numeric = readOffset(text, start, fields)
  if (numeric !== undefined) return numeric
  const match = matchAt(/\s*([a-z][a-z0-9_]*(?:\/[a-z0-9_+-]+){0,2})/iy, text, start)
  if (match === undefined) return undefined
  fields.zoneName = match[1]!
  return start + match[0].length
}

/** Turns what was read into an instant. */
function resolve(fields: Fields, zone: string, nowEpoch: number): Omit<TimeRead, 'end'> | undefined {
  const { microseconds, offset, zoneName } = fields
  if (fields.epoch !== undefined) return { seconds: withMicroseconds(fields.epoch, microseconds), offset: 0 }
  const date = resolveDate(fields, zone, nowEpoch)
  if (date === undefined) return undefined
  const local = {
    year: date.year,
    month: date.month,
    day: date.day,
    hour: resolveHour(fields),
    minute: fields.minute ?? 0,
    second: fields.second ?? 0,
  }
  if (offset === undefined && zoneName === undefined)
    return { seconds: withMicroseconds(localToEpoch(local, zone), microseconds), offset: undefined }
  const asUtc = localToEpoch(local, 'UTC')
  const seconds = offset === undefined ? localToNamedZone(local, zoneName!, zone) : asUtc - offset
  return seconds === undefined
    ? undefined
    : { seconds: withMicroseconds(seconds, microseconds), offset: asUtc - seconds }
}

function resolveDate(
  fields: Fields,
  zone: string,
  nowEpoch: number,
): { year: number; month: number; day: number } | undefined {
  const givenYear = resolveYear(fields)
  if (fields.day === undefined && fields.dayOfYear === undefined) {
    if (givenYear !== undefined || fields.month !== undefined) return undefined
    return today(zone, nowEpoch)
  }
  const year = givenYear ?? today(zone, nowEpoch).year
  if (fields.day === undefined) {
    const date = dateFromDays(daysFromDate(year, 1, fields.dayOfYear!))
    return date.year === year ? date : undefined
  }
  const month = fields.month ?? today(zone, nowEpoch).month
  return fields.day <= daysInMonth(year, month) ? { year, month, day: fields.day } : undefined
}

function today(zone: string, nowEpoch: number): { year: number; month: number; day: number } {
  return dateFromDays(epochToLocal(nowEpoch, zone).days)
}

function resolveYear(fields: Fields): number | undefined {
  const { year, yearOfCentury, century } = fields
  if (year !== undefined) return year
  if (yearOfCentury === undefined) return century === undefined ? undefined : century * 100
  if (century !== undefined) return century * 100 + yearOfCentury
  return yearOfCentury + (yearOfCentury < 69 ? 2000 : 1900)
}

function resolveHour(fields: Fields): number {
  if (fields.hour !== undefined) return fields.hour
  if (fields.hour12 === undefined) return 0
  return (fields.hour12 % 12) + (fields.isAfternoon ? 12 : 0)
}

/**
 * Abbreviations say little by themselves (IST is India's, Israel's and Ireland's): the user's own zone is asked first,
 * then the table of the usual ones.
 */
function localToNamedZone(
  local: { year: number; month: number; day: number; hour: number; minute: number; second: number },
  name: string,
  zone: string,
): number | undefined {
  const abbreviation = name.toUpperCase()
  const asUtc = localToEpoch(local, 'UTC')
  // The two offsets around the time: in the hour that clocks repeat, the abbreviation tells which pass it was.
  const nearby = localToEpoch(local, zone)
  for (const around of [nearby - DAY_SECONDS, nearby + DAY_SECONDS]) {
    const epoch = asUtc - zoneOffsetSeconds(around, zone)
    const isSame = zoneOffsetSeconds(epoch, zone) === asUtc - epoch
    if (isSame && zoneAbbreviation(epoch, zone) === abbreviation) return epoch
  }
  const hours = abbreviationHours.get(abbreviation)
  if (hours !== undefined) return asUtc - hours * 3600
  return isZone(name) ? localToEpoch(local, name) : undefined
}

/** Hours ahead of UTC of abbreviations seen in logs (tz database; the more common meaning where there are several). */
const abbreviationHours: ReadonlyMap<string, number> = new Map([
  ['UT', 0],
  ['WET', 0],
  ['WEST', 1],
  ['BST', 1],
  ['CET', 1],
  ['CEST', 2],
  ['MET', 1],
  ['MEST', 2],
  ['EET', 2],
  ['EEST', 3],
  ['SAST', 2],
  ['MSK', 3],
  ['IST', 5.5],
  ['HKT', 8],
  ['AWST', 8],
  ['JST', 9],
  ['KST', 9],
  ['ACST', 9.5],
  ['ACDT', 10.5],
  ['AEST', 10],
  ['AEDT', 11],
  ['NZST', 12],
  ['NZDT', 13],
  ['AST', -4],
  ['ADT', -3],
  ['EST', -5],
  ['EDT', -4],
  ['CST', -6],
  ['CDT', -5],
  ['MST', -7],
  ['MDT', -6],
  ['PST', -8],
  ['PDT', -7],
  ['AKST', -9],
  ['AKDT', -8],
  ['HST', -10],
])

/** The double nearest to the decimal: adding a fraction would be off in the last bit. */
function withMicroseconds(seconds: number, microseconds: number): number {
  return microseconds === 0 ? seconds : (seconds * 1e6 + microseconds) / 1e6
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position
  return pattern.exec(text) ?? undefined
}

function skipBlanks(text: string, start: number): number {
  let position = start
  while (isBlank(text.charCodeAt(position))) position++
  return position
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
