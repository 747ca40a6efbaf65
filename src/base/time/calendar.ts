// The proleptic Gregorian calendar as arithmetic: days since 1970-01-01 to year, month, day and back.
// Exact for any year a double can hold, faster than Date, and free of time zones (see zone.ts).

/** A calendar date; month 1-12, day 1-31. */
export interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Seconds in a day without daylight saving. */
export const DAY_SECONDS = 86_400

/** Days from 1970-01-01 to a date. A month beyond 1-12 carries into the year, a day beyond the month into the next. */
export function daysFromDate(year: number, month: number, day: number): number {
  // Years start in March here, so that the leap day comes last (Howard Hinnant, "days_from_civil").
  const carriedYear = year + Math.floor((month - 1) / 12)
  const monthIndex = modulo(month - 1, 12)
  const marchYear = monthIndex < 2 ? carriedYear - 1 : carriedYear
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * modulo(monthIndex - 2, 12) + 2) / 5)
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468 + day - 1
}

/** The date that is a number of days after 1970-01-01. */
export function dateFromDays(days: number): CalendarDate {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  }
}

/** Day of the week of a day number, 0 for Sunday. */
export function weekdayOfDays(days: number): number {
  return modulo(days + 4, 7)
}

/** Number of days in a month; a month beyond 1-12 carries into the year. */
export function daysInMonth(year: number, month: number): number {
  return daysFromDate(year, month + 1, 1) - daysFromDate(year, month, 1)
}

/** The remainder with the sign of the divisor: `modulo(-1, 7)` is 6. */
export function modulo(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor
}
