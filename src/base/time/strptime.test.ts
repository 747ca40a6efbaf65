import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { strftime } from './strftime.ts'
import { strptime } from './strptime.ts'

const now = 1_700_000_000 // 2023-11-14T22:13:20Z
const read = (text: string, format: string, zone = 'UTC'): number | undefined =>
  strptime(text, format, zone, now)

describe('formats', () => {
  test.each([
    ['2023-11-14 22:13:20', '%Y-%m-%d %H:%M:%S', now],
    ['2023-11-14T22:13:20', '%Y-%m-%dT%H:%M:%S', now],
    ['11/14/2023 22:13:20', '%m/%d/%Y %H:%M:%S', now],
    ['14 Nov 2023 22:13:20', '%d %b %Y %H:%M:%S', now],
    ['14 november 2023 22:13:20', '%d %b %Y %H:%M:%S', now],
    ['Tuesday, 14 NOV 2023 22:13:20', '%a, %d %B %Y %H:%M:%S', now],
    ['20231114221320', '%Y%m%d%H%M%S', now],
    ['2023-11-14 10:13:20 PM', '%F %I:%M:%S %p', now],
    ['2023-11-14 10:13:20pm', '%F %I:%M:%S %p', now],
    ['2023-11-14 12:00 AM', '%F %I:%M %p', now - 80_000],
    ['2023-11-14 22:13:20 AM', '%F %T %p', now],
    ['2023-11-14', '%Y-%m-%d', 1_699_920_000],
    ['1-2-2024 3:4:5', '%d-%m-%Y %H:%M:%S', 1_706_756_645],
    [' 5 Nov 2023', '%e %b %Y', 1_699_142_400],
    ['2023-318', '%Y-%j', 1_699_920_000],
    ['2024-366', '%Y-%j', 1_735_603_200],
    ['1700000000', '%s', now],
    ['1700000000.25', '%s.%3N', now + 0.25],
    ['-1', '%s', -1],
    ['Tue Nov 14 22:13:20 2023', '%c', now],
    ['Thu Jul 18 09:30:00 PDT 2019', '%+', 1_563_467_400],
    ['11/14/23', '%D', 1_699_920_000],
    ['100%  ok 2023-11-14', '100%% ok %F', 1_699_920_000],
    ['2016-12-31 23:59:60', '%F %T', 1_483_228_800],
  ])('%j by %j', (text, format, expected) => {
    expect(read(text, format)).toBe(expected)
  })

  test.each([
    ['not a date', '%Y-%m-%d'],
    ['', '%Y-%m-%d'],
    ['2023-02-29', '%F'],
    ['2023-04-31', '%F'],
    ['2023-13-01', '%F'],
    ['2023-00-01', '%F'],
    ['2023-366', '%Y-%j'],
    ['2023-11-14 24:00:00', '%F %T'],
    ['2023-11-14 22:60', '%F %H:%M'],
    ['2023/11/14', '%F'],
    ['14 Foo 2023', '%d %b %Y'],
    ['2023-11-14 13:00 PM', '%F %I:%M %p'],
    ['2023-11', '%Y-%m'],
    ['2023', '%Y'],
    ['November', '%B'],
    ['2023-11-14T22:13:20', '%FT%T%z'],
    ['2023-11-14 22:13:20 XYZ', '%F %T %Z'],
    ['2023-11-14 22:13:20.', '%F %T.%N'],
    ['2023-11-14 22:13:20 +99:00', '%F %T %z'],
  ])('%j does not match %j', (text, format) => {
    expect(read(text, format)).toBeUndefined()
  })

  test('white space in the format takes any amount of it', () => {
    expect(read('2023-11-14   22:13:20', '%F %T')).toBe(now)
    expect(read('2023-11-1422:13:20', '%F %T')).toBe(now)
    expect(read('  2023-11-14', '%F')).toBe(1_699_920_000)
  })

  test('text behind the end of the format is ignored', () => {
    expect(read('2023-11-14 22:13:20.999 more', '%F %T')).toBe(now)
  })
})

describe('what is missing', () => {
  test('a time alone is today, in the zone', () => {
    expect(read('10:15', '%H:%M')).toBe(1_699_956_900)
    // In Kolkata it is already the 15th.
    expect(read('10:15', '%H:%M', 'Asia/Kolkata')).toBe(Date.parse('2023-11-15T10:15:00+05:30') / 1000)
  })

  test('a missing year or month is that of now', () => {
    expect(read('Jan 5 10:00:00', '%b %d %T')).toBe(Date.parse('2023-01-05T10:00:00Z') / 1000)
    expect(read('5', '%d')).toBe(Date.parse('2023-11-05T00:00:00Z') / 1000)
  })

  test.each([
    ['68', 2068],
    ['69', 1969],
    ['99', 1999],
    ['00', 2000],
  ])('two-digit year %s is %d', (text, year) => {
    expect(read(`${text}-06-01`, '%y-%m-%d')).toBe(Date.UTC(year, 5, 1) / 1000)
  })
})

describe('subseconds', () => {
  test.each([
    ['20.3', '%S.%N', 0.3],
    ['20.3', '%S.%3N', 0.3],
    ['20.123', '%S.%Q', 0.123],
    ['20.123456', '%S.%3N', 0.123456],
    ['20.1234567', '%S.%6N', 0.123457],
    ['20.123456789', '%S.%9N', 0.123457],
    ['20.000001', '%S.%f', 0.000001],
  ])('%s by %s', (text, format, fraction) => {
    expect(read(`2023-11-14 22:13:${text}`, `%F %H:%M:${format}`)).toBe(
      Number(`1700000000${String(fraction.toFixed(6)).slice(1)}`),
    )
  })
})

describe('zones', () => {
  test.each([
    ['Z', '%z', 0],
    ['+0000', '%z', 0],
    ['+02:00', '%z', 7200],
    ['-0530', '%z', -19_800],
    ['+02', '%z', 7200],
    ['+02:00:00', '%::z', 7200],
    ['UTC', '%z', 0],
    ['-300', '%Ez', -18_000],
    ['Z', '%Z', 0],
    ['+02:00', '%Z', 7200],
    ['GMT', '%Z', 0],
    ['UTC', '%Z', 0],
    ['EST', '%Z', -18_000],
    ['pst', '%Z', -28_800],
    ['CEST', '%Z', 7200],
    ['IST', '%Z', 19_800],
    ['America/New_York', '%Z', -18_000],
  ])('%j by %s is %d seconds', (text, format, offset) => {
    expect(read(`2023-11-14 22:13:20 ${text}`, `%F %T ${format}`)).toBe(now - offset)
    expect(read(`2023-11-14 22:13:20${text}`, `%F %T${format}`)).toBe(now - offset)
  })

  test('without a zone in the text it is that of the user', () => {
    expect(read('2023-11-14 22:13:20', '%F %T', 'America/New_York')).toBe(now + 18_000)
    expect(read('2023-11-14 22:13:20Z', '%F %TZ', '+01:00')).toBe(now - 3600)
  })

  test('the abbreviation tells the two passes of the repeated hour apart', () => {
    const berlin = (text: string): number | undefined => read(text, '%F %T %Z', 'Europe/Berlin')
    expect(berlin('2024-10-27 02:30:00 CEST')).toBe(Date.parse('2024-10-27T00:30:00Z') / 1000)
    expect(berlin('2024-10-27 02:30:00 CET')).toBe(Date.parse('2024-10-27T01:30:00Z') / 1000)
    expect(berlin('2024-03-31 01:30:00 CEST')).toBe(Date.parse('2024-03-30T23:30:00Z') / 1000)
  })

  test('an abbreviation of the user’s own zone wins over the usual meaning', () => {
    expect(read('2023-11-14 22:13:20 CST', '%F %T %Z', 'Asia/Shanghai')).toBe(now - 28_800)
    expect(read('2023-11-14 22:13:20 CST', '%F %T %Z', 'Europe/Berlin')).toBe(now + 21_600)
  })
})

test('reads what strftime printed, to the microsecond', () => {
  const formats = [
    '%Y-%m-%dT%H:%M:%S.%6N%z',
    '%a, %d %b %Y %I:%M:%S.%6Q %p %:z',
    '%A %e. %B %Y %k:%M:%S.%f %Z',
    '%s.%6N',
    '%Y/%j %T.%N %::z',
    '%D %l:%M:%S.%9N %p %Ez',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...formats),
      fc.constantFrom(
        'UTC',
        'Europe/Berlin',
        'America/New_York',
        'Asia/Kolkata',
        'America/Sao_Paulo',
        '-03:30',
      ),
      fc.integer({ min: 0, max: 2_500_000_000 }),
      fc.nat(999_999),
      (format, zone, seconds, microseconds) => {
        const time = (seconds * 1e6 + microseconds) / 1e6
        expect(strptime(strftime(time, format, zone), format, zone, now)).toBe(time)
      },
    ),
    { numRuns: 1000 },
  )
})

test('no text makes it fail or hang', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: fc.constantFrom(...'%YmdHMSzZ: -sNQ3p') }), (text, format) => {
      const result = strptime(text, format, 'Europe/Berlin', now)
      expect(result === undefined || Number.isFinite(result)).toBe(true)
    }),
  )
  expect(read(`${' '.repeat(200_000)}x`, '%Y')).toBeUndefined()
  expect(read('9'.repeat(200_000), '%N')).toBeDefined()
})
