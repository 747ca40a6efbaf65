import { describe, expect, test } from 'vitest'
import { binStarts, chooseSpan, spanSeconds } from './time-bins.ts'

describe('the span that is chosen', () => {
  const minute = 60
  const day = 86_400

  // Search Reference: timechart, "Default time spans"
  test.each([
    ['15 minutes', 15 * minute, { amount: 10, unit: 'second' }],
    ['60 minutes', 60 * minute, { amount: 1, unit: 'minute' }],
    ['4 hours', 240 * minute, { amount: 5, unit: 'minute' }],
    ['24 hours', day, { amount: 30, unit: 'minute' }],
    ['7 days', 7 * day, { amount: 1, unit: 'day' }],
    ['30 days', 30 * day, { amount: 1, unit: 'day' }],
    ['a year', 365 * day, { amount: 1, unit: 'month' }],
  ])('for %s is that of the manual', (_name, seconds, span) => {
    expect(chooseSpan(0, seconds, 100)).toEqual(span)
  })

  test('is not shorter than minspan', () => {
    expect(chooseSpan(0, 600, 100, { amount: 15, unit: 'minute' })).toEqual({ amount: 30, unit: 'minute' })
  })

  test('is in years for ages', () => {
    const span = chooseSpan(0, 2000 * 365 * day, 100)
    expect(span).toEqual({ amount: 20, unit: 'year' })
    expect(spanSeconds(span)).toBe(20 * 365 * day)
  })
})

test('bins cover the range from the start of the first', () => {
  expect(binStarts(3700, 10_900, { amount: 1, unit: 'hour' }, 'UTC', 10)).toEqual([3600, 7200, 10_800])
  expect(binStarts(0, 100, { amount: 1, unit: 'second' }, 'UTC', 10)).toBeUndefined()
})
