import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  alignToSpan,
  applyRelativeTime,
  nextSpan,
  parseRelativeTime,
  parseTimeBound,
  parseTimeSpan,
} from './relative.ts'
import { strftime } from './strftime.ts'

const now = 1_700_000_000 // Tuesday, 2023-11-14T22:13:20Z
const epoch = (iso: string): number => Date.parse(iso) / 1000
const apply = (text: string, time: number, zone: string): string =>
  strftime(applyRelativeTime(parseRelativeTime(text)!, time, zone), '%F %T', zone)

describe('relative times', () => {
  test.each([
    ['now', '2023-11-14 22:13:20'],
    ['-70m@m', '2023-11-14 21:03:00'],
    ['@h', '2023-11-14 22:00:00'],
    ['@s', '2023-11-14 22:13:20'],
    ['-1d@d+2h', '2023-11-13 02:00:00'],
    ['@d+3h', '2023-11-14 03:00:00'],
    ['-h', '2023-11-14 21:13:20'],
    ['-d', '2023-11-13 22:13:20'],
    ['+1d', '2023-11-15 22:13:20'],
    ['@w', '2023-11-12 00:00:00'],
    ['@w0', '2023-11-12 00:00:00'],
    ['@w7', '2023-11-12 00:00:00'],
    ['@w1', '2023-11-13 00:00:00'],
    ['@w2', '2023-11-14 00:00:00'],
    ['@w5', '2023-11-10 00:00:00'],
    ['-1w@w1', '2023-11-06 00:00:00'],
    ['@mon', '2023-11-01 00:00:00'],
    ['+1mon@mon', '2023-12-01 00:00:00'],
    ['-mon@mon+7d', '2023-10-08 00:00:00'],
    ['@q', '2023-10-01 00:00:00'],
    ['-1qtr@q', '2023-07-01 00:00:00'],
    ['@y', '2023-01-01 00:00:00'],
    ['-1y', '2022-11-14 22:13:20'],
    ['-15min', '2023-11-14 21:58:20'],
    ['-2days@d', '2023-11-12 00:00:00'],
    ['-1d@d-1s', '2023-11-12 23:59:59'],
    ['-1d-2h', '2023-11-13 20:13:20'],
    ['-0d@d', '2023-11-14 00:00:00'],
  ])('%s is %s', (text, expected) => {
    expect(apply(text, now, 'UTC')).toBe(expected)
  })

  test('every spelling of the manual is known', () => {
    const spellings: Record<string, string> = {
      '-1s': 's sec secs second seconds',
      '-1m': 'm min mins minute minutes',
      '-1h': 'h hr hrs hour hours',
      '-1d': 'd day days',
      '-1w': 'w week weeks',
      '-1mon': 'mon month months',
      '-1q': 'q qtr qtrs quarter quarters',
      '-1y': 'y yr yrs year years',
    }
    for (const [short, names] of Object.entries(spellings)) {
      for (const name of names.split(' ')) {
        expect(parseRelativeTime(`-1${name}@${name}`)?.steps[0]).toEqual(parseRelativeTime(short)?.steps[0])
      }
    }
  })

  test.each([
    '',
    '1d',
    '-',
    '-1',
    '@',
    '-1x',
    '-1D',
    '@w8',
    '-1d@',
    '-1d @d',
    'rt',
    'rt-5m',
    '-1.5h',
    '-1ms',
    'Now',
  ])('%j is no relative time', (text) => expect(parseRelativeTime(text)).toBeUndefined())

  test.each([
    ['-1mon', '2024-03-31T12:00:00Z', 'UTC', '2024-02-29 12:00:00'],
    ['-1mon', '2023-03-31T12:00:00Z', 'UTC', '2023-02-28 12:00:00'],
    ['-1y', '2024-02-29T12:00:00Z', 'UTC', '2023-02-28 12:00:00'],
    ['-1q@q', '2024-02-29T12:00:00Z', 'UTC', '2023-10-01 00:00:00'],
    ['+1mon', '2024-12-31T12:00:00Z', 'UTC', '2025-01-31 12:00:00'],
    // Berlin, 2024-03-31: the day has 23 hours. A day back keeps the clock, 24 hours do not.
    ['-1d', '2024-03-31T10:00:00Z', 'Europe/Berlin', '2024-03-30 12:00:00'],
    ['-24h', '2024-03-31T10:00:00Z', 'Europe/Berlin', '2024-03-30 11:00:00'],
    ['@d', '2024-03-31T10:00:00Z', 'Europe/Berlin', '2024-03-31 00:00:00'],
    ['@d+3h', '2024-03-31T10:00:00Z', 'Europe/Berlin', '2024-03-31 04:00:00'],
    ['-1d', '2024-04-01T00:30:00Z', 'Europe/Berlin', '2024-03-31 03:30:00'],
    ['@d', '2024-11-03T17:00:00Z', 'America/New_York', '2024-11-03 00:00:00'],
    ['@w1', '2024-11-03T17:00:00Z', 'America/New_York', '2024-10-28 00:00:00'],
    ['@h', '2023-11-14T22:13:20Z', 'Asia/Kolkata', '2023-11-15 03:00:00'],
    ['@mon', '2023-10-31T22:13:20Z', 'Asia/Kolkata', '2023-11-01 00:00:00'],
  ])('%s at %s in %s is %s', (text, instant, zone, expected) => {
    expect(apply(text, epoch(instant), zone)).toBe(expected)
  })

  test('offsets keep fractions, snaps drop them', () => {
    expect(applyRelativeTime(parseRelativeTime('-1d')!, now + 0.25, 'Europe/Berlin')).toBe(
      now - 86_400 + 0.25,
    )
    expect(applyRelativeTime(parseRelativeTime('@s')!, now + 0.25, 'Europe/Berlin')).toBe(now)
  })

  test('a snap goes down and stays where it is when done again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('@s', '@m', '@h', '@d', '@w', '@w3', '@mon', '@q', '@y'),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'America/Havana'),
        fc.integer({ min: 0, max: 2_500_000_000 }),
        (text, zone, time) => {
          const snap = parseRelativeTime(text)!
          const once = applyRelativeTime(snap, time, zone)
          expect(once).toBeLessThanOrEqual(time)
          expect(applyRelativeTime(snap, once, zone)).toBe(once)
        },
      ),
    )
  })
})

describe('bounds of a time range', () => {
  test.each([
    ['', now],
    ['now', now],
    ['-1h', now - 3600],
    ['0', 0],
    ['1700000000', now],
    ['1700000000.5', now + 0.5],
    ['11/14/2023:22:13:20', now],
    ['1/2/2024:3:4:5', epoch('2024-01-02T03:04:05Z')],
    ['2023-11-14', epoch('2023-11-14T00:00:00Z')],
    ['2023-11-14T22:13', epoch('2023-11-14T22:13:00Z')],
    ['2023-11-14T22:13:20', now],
    ['2023-11-14 22:13:20', now],
    ['2023-11-14T22:13:20Z', now],
    ['2023-11-14T22:13:20.25Z', now + 0.25],
    ['2023-11-15T00:13:20+02:00', now],
    ['2023-11-14T17:13:20-0500', now],
  ])('%j is %d', (text, expected) => {
    expect(parseTimeBound(text, now, 'UTC')).toBe(expected)
  })

  test('a bound without a zone is local', () => {
    expect(parseTimeBound('11/14/2023:23:13:20', now, 'Europe/Berlin')).toBe(now)
    expect(parseTimeBound('2023-11-14T23:13:20', now, 'Europe/Berlin')).toBe(now)
    expect(parseTimeBound('2023-11-14T22:13:20Z', now, 'Europe/Berlin')).toBe(now)
  })

  test.each([
    'yesterday',
    '11/14/2023',
    '13/32/2023:00:00:00',
    '2023-02-30',
    '2023-11-14T22',
    'rt',
    '1e9',
    ' 5',
    '2023-11-14T22:13:20 UTC',
  ])('%j is no bound', (text) => expect(parseTimeBound(text, now, 'UTC')).toBeUndefined())
})

describe('spans', () => {
  test.each([
    ['5m', { amount: 5, unit: 'minute' }],
    ['1h', { amount: 1, unit: 'hour' }],
    ['180m', { amount: 180, unit: 'minute' }],
    ['10min', { amount: 10, unit: 'minute' }],
    ['1mon', { amount: 1, unit: 'month' }],
    ['d', { amount: 1, unit: 'day' }],
    ['100ms', { amount: 100, unit: 'millisecond' }],
    ['250us', { amount: 250, unit: 'microsecond' }],
    ['1w', { amount: 1, unit: 'week' }],
    ['1w@w1', { amount: 1, unit: 'week', weekday: 1 }],
    ['w@w', { amount: 1, unit: 'week', weekday: 0 }],
    ['1d@d', { amount: 1, unit: 'day' }],
  ])('%s', (text, span) => {
    expect(parseTimeSpan(text)).toEqual(span)
  })

  test.each(['', '10', '0m', '-5m', '5 m', '1.5h', '5x', '1d@h', '1h@w1', 'log2', '1w@w9'])(
    '%j is no span',
    (text) => expect(parseTimeSpan(text)).toBeUndefined(),
  )

  test.each([
    ['1h', 'UTC', '2023-11-14T22:13:20Z', '2023-11-14 22:00:00'],
    ['5m', 'UTC', '2023-11-14T22:13:20Z', '2023-11-14 22:10:00'],
    ['15m', 'UTC', '2023-11-14T22:13:20Z', '2023-11-14 22:00:00'],
    ['180m', 'UTC', '2023-11-14T22:13:20Z', '2023-11-14 21:00:00'],
    ['1d', 'UTC', '2023-11-14T22:13:20Z', '2023-11-14 00:00:00'],
    ['1d', 'Asia/Kolkata', '2023-11-14T22:13:20Z', '2023-11-15 00:00:00'],
    ['1d', 'Europe/Berlin', '2024-03-31T10:00:00Z', '2024-03-31 00:00:00'],
    ['12h', 'Europe/Berlin', '2024-01-15T10:00:00Z', '2024-01-15 01:00:00'],
    ['1w', 'UTC', '2023-11-14T22:13:20Z', '2023-11-09 00:00:00'],
    ['1w@w', 'UTC', '2023-11-14T22:13:20Z', '2023-11-12 00:00:00'],
    ['1w@w1', 'Europe/Berlin', '2023-11-14T22:13:20Z', '2023-11-13 00:00:00'],
    ['1mon', 'UTC', '2023-11-14T22:13:20Z', '2023-11-01 00:00:00'],
    ['1mon', 'America/New_York', '2023-11-01T02:00:00Z', '2023-10-01 00:00:00'],
    ['1q', 'UTC', '2023-11-14T22:13:20Z', '2023-10-01 00:00:00'],
    ['1y', 'UTC', '2023-11-14T22:13:20Z', '2023-01-01 00:00:00'],
    ['1y', 'UTC', '1969-06-01T00:00:00Z', '1969-01-01 00:00:00'],
  ])('a bin of %s in %s at %s starts at %s', (text, zone, instant, expected) => {
    expect(strftime(alignToSpan(epoch(instant), parseTimeSpan(text)!, zone), '%F %T', zone)).toBe(expected)
  })

  test('parts of a second have no binary dust', () => {
    expect(alignToSpan(1_700_000_000.37, { amount: 100, unit: 'millisecond' }, 'UTC')).toBe(1_700_000_000.3)
    expect(alignToSpan(1_700_000_000.3, { amount: 1, unit: 'decisecond' }, 'UTC')).toBe(1_700_000_000.3)
  })

  test('aligntime moves bins below a day and leaves longer ones', () => {
    const align = epoch('2023-11-14T03:00:00Z')
    expect(alignToSpan(now, { amount: 12, unit: 'hour' }, 'UTC', align)).toBe(epoch('2023-11-14T15:00:00Z'))
    expect(alignToSpan(now, { amount: 1, unit: 'day' }, 'UTC', align)).toBe(epoch('2023-11-14T00:00:00Z'))
  })

  test('a day that starts at one o’clock does not shift the next', () => {
    const start = alignToSpan(epoch('2024-03-10T12:00:00Z'), parseTimeSpan('1d')!, 'America/Havana')
    const next = nextSpan(start, parseTimeSpan('1d')!, 'America/Havana')
    expect([start, next]).toEqual([epoch('2024-03-10T05:00:00Z'), epoch('2024-03-11T04:00:00Z')])
  })

  test('bins follow each other without gaps, over changes of clocks too', () => {
    const spans = [
      '100ms',
      '7s',
      '5m',
      '1h',
      '5h',
      '1d',
      '3d',
      '1w',
      '1w@w1',
      '2w@w3',
      '1mon',
      '5mon',
      '1q',
      '1y',
      '3y',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...spans.map((text) => parseTimeSpan(text)!)),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'America/Havana'),
        fc.integer({ min: -1_000_000_000, max: 2_500_000_000 }),
        (span, zone, time) => {
          const start = alignToSpan(time, span, zone)
          const next = nextSpan(start, span, zone)
          expect(start).toBeLessThanOrEqual(time)
          expect(next).toBeGreaterThan(time)
          expect(alignToSpan(start, span, zone)).toBe(start)
          expect(alignToSpan(next, span, zone)).toBe(next)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
