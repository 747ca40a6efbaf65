import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateFromDays, daysFromDate, daysInMonth, modulo, weekdayOfDays } from './calendar.ts'

test('days and dates agree with Date over four hundred thousand years', () => {
  fc.assert(
    fc.property(fc.integer({ min: -80_000_000, max: 80_000_000 }), (days) => {
      const date = new Date(days * 86_400_000)
      const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
      expect(dateFromDays(days)).toEqual({ year, month, day })
      expect(daysFromDate(year, month, day)).toBe(days)
      expect(weekdayOfDays(days)).toBe(date.getUTCDay())
    }),
  )
})

test('parts beyond their range carry over', () => {
  expect(dateFromDays(daysFromDate(2023, 14, 1))).toEqual({ year: 2024, month: 2, day: 1 })
  expect(dateFromDays(daysFromDate(2024, 0, 31))).toEqual({ year: 2023, month: 12, day: 31 })
  expect(dateFromDays(daysFromDate(2024, 2, 30))).toEqual({ year: 2024, month: 3, day: 1 })
})

test.each([
  [2024, 2, 29],
  [2023, 2, 28],
  [1900, 2, 28],
  [2000, 2, 29],
  [2023, 12, 31],
  [2023, 14, 29],
])('month %d-%d has %d days', (year, month, days) => {
  expect(daysInMonth(year, month)).toBe(days)
})

test('modulo has the sign of the divisor', () => {
  expect([modulo(-1, 7), modulo(8, 7), modulo(-7, 7)]).toEqual([6, 1, 0])
})
