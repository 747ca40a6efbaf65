import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { epochToLocal, isZone, localToEpoch, zoneAbbreviation, zoneOffsetSeconds } from './zone.ts'

const epoch = (iso: string): number => Date.parse(iso) / 1000
const local = (text: string): Parameters<typeof localToEpoch>[0] => {
  const [year, month, day, hour, minute] = text.split(/\D/).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return { year, month, day, hour, minute }
}

describe('offsets', () => {
  test.each([
    ['Europe/Berlin', '2024-03-31T00:59:59Z', 3600],
    ['Europe/Berlin', '2024-03-31T01:00:00Z', 7200],
    ['Europe/Berlin', '2024-10-27T00:59:59Z', 7200],
    ['Europe/Berlin', '2024-10-27T01:00:00Z', 3600],
    ['America/New_York', '2024-03-10T06:59:59Z', -18_000],
    ['America/New_York', '2024-03-10T07:00:00Z', -14_400],
    ['America/New_York', '2024-11-03T06:00:00Z', -18_000],
    ['Asia/Kolkata', '2024-06-01T00:00:00Z', 19_800],
    ['Australia/Lord_Howe', '2024-06-01T00:00:00Z', 37_800],
    ['Africa/Casablanca', '2024-03-20T00:00:00Z', 0],
    ['Africa/Casablanca', '2024-05-20T00:00:00Z', 3600],
    ['UTC', '2024-06-01T00:00:00Z', 0],
    ['Z', '2024-06-01T00:00:00Z', 0],
    ['+02:00', '2024-06-01T00:00:00Z', 7200],
    ['-0330', '2024-06-01T00:00:00Z', -12_600],
    ['+05', '2024-06-01T00:00:00Z', 18_000],
  ])('%s at %s is %d', (zone, instant, offset) => {
    expect(zoneOffsetSeconds(epoch(instant), zone)).toBe(offset)
  })

  test('agree with Intl at any time since 1970', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Africa/Casablanca',
      'America/Sao_Paulo',
    ]
    const formats = new Map(
      zones.map((timeZone) => [
        timeZone,
        new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', hourCycle: 'h23' }),
      ]),
    )
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 2_500_000_000 }), (zone, time) => {
        const [, sign = '+', hours = '0', minutes = '0'] = /GMT(.)?(\d\d)?:?(\d\d)?/.exec(
          formats.get(zone)!.format(time * 1000),
        )!
        const offset = Number(`${sign}1`) * (Number(hours) * 3600 + Number(minutes) * 60)
        expect(zoneOffsetSeconds(time, zone) - offset).toBe(0)
      }),
    )
  })

  test('times that no clock shows do not fail', () => {
    for (const time of [1e15, -1e15, 1e300])
      expect(zoneOffsetSeconds(time, 'Europe/Berlin')).toBeTypeOf('number')
  })

  test('an unknown zone is named in the error', () => {
    expect(() => zoneOffsetSeconds(0, 'Europe/Atlantis')).toThrow('Unknown time zone "Europe/Atlantis"')
  })
})

test.each([
  ['Europe/Berlin', '2024-01-01T00:00:00Z', 'CET'],
  ['Europe/Berlin', '2024-07-01T00:00:00Z', 'CEST'],
  ['Europe/London', '2024-01-01T00:00:00Z', 'GMT'],
  ['Europe/London', '2024-07-01T00:00:00Z', 'BST'],
  ['America/New_York', '2024-01-01T00:00:00Z', 'EST'],
  ['America/New_York', '2024-07-01T00:00:00Z', 'EDT'],
  ['America/Los_Angeles', '2019-07-18T16:30:00Z', 'PDT'],
  ['Asia/Kolkata', '2024-01-01T00:00:00Z', 'IST'],
  ['Asia/Tokyo', '2024-01-01T00:00:00Z', 'JST'],
  ['Asia/Shanghai', '2024-01-01T00:00:00Z', 'CST'],
  ['America/Sao_Paulo', '2024-01-01T00:00:00Z', '-03'],
  ['Asia/Kathmandu', '2024-01-01T00:00:00Z', '+0545'],
  ['UTC', '2024-01-01T00:00:00Z', 'UTC'],
  ['Etc/UTC', '2024-01-01T00:00:00Z', 'UTC'],
  ['GMT', '2024-01-01T00:00:00Z', 'GMT'],
  ['+02:00', '2024-01-01T00:00:00Z', '+02'],
])('%s at %s is called %s', (zone, instant, name) => {
  expect(zoneAbbreviation(epoch(instant), zone)).toBe(name)
})

describe('localToEpoch', () => {
  test.each([
    ['Europe/Berlin', '2024-01-15 12:00', '2024-01-15T11:00:00Z', 'winter'],
    ['Europe/Berlin', '2024-03-31 01:59', '2024-03-31T00:59:00Z', 'before the gap'],
    ['Europe/Berlin', '2024-03-31 02:30', '2024-03-31T01:30:00Z', 'in the gap: moves on to 03:30'],
    ['Europe/Berlin', '2024-03-31 03:00', '2024-03-31T01:00:00Z', 'after the gap'],
    ['Europe/Berlin', '2024-10-27 02:30', '2024-10-27T00:30:00Z', 'twice: the first'],
    ['Europe/Berlin', '2024-10-27 03:00', '2024-10-27T02:00:00Z', 'after the overlap'],
    ['America/New_York', '2024-03-10 02:30', '2024-03-10T07:30:00Z', 'in the gap'],
    ['America/New_York', '2024-11-03 01:30', '2024-11-03T05:30:00Z', 'twice: the first'],
    ['Asia/Kolkata', '2024-02-29 00:00', '2024-02-28T18:30:00Z', 'leap day'],
    ['UTC', '2024-12-31 24:00', '2025-01-01T00:00:00Z', 'hour 24 carries over'],
    ['-05:00', '2024-01-01 00:00', '2024-01-01T05:00:00Z', 'a fixed offset'],
  ])('%s %s is %s (%s)', (zone, text, instant) => {
    expect(localToEpoch(local(text), zone)).toBe(epoch(instant))
  })

  test('leads back to the instant, but for the hour that clocks repeat', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
        fc.integer({ min: 0, max: 2_500_000_000 }),
        (zone, time) => {
          const { days, seconds } = epochToLocal(time, zone)
          const back = localToEpoch({ year: 1970, month: 1, day: days + 1, second: seconds }, zone)
          if (back !== time) {
            expect(time - back).toBe(zoneOffsetSeconds(back, zone) - zoneOffsetSeconds(time, zone))
            expect(time).toBeGreaterThan(back)
          }
        },
      ),
    )
  })
})

test('zones are tz database names and offsets', () => {
  for (const name of ['UTC', 'Z', 'Europe/Berlin', 'US/Pacific', '+02:00', '-0500'])
    expect(isZone(name)).toBe(true)
  for (const name of ['', 'Mars', '+25:00', '+02:99', '__proto__', 'Europe/'])
    expect(isZone(name)).toBe(false)
})
