import { expect, test } from 'vitest'
import {
  formatSystemTime,
  momentOf,
  readClassicTime,
  readEpoch,
  readIsoTime,
  readPlainIsoTime,
} from './timestamps.ts'

test.each([
  ['2020-10-08T11:03:46.617920300Z', 1602155026.61792, true],
  ['2020-10-08T11:03:46.6179209Z', 1602155026.61792, true],
  ['2020-10-08T11:03:46Z', 1602155026, true],
  ['2020-10-08 11:03:46.617', 1602155026.617, false],
  ['2020-10-08 11:03:46,617', 1602155026.617, false],
  ['2020-10-08T13:03:46.5+02:00', 1602155026.5, true],
  ['2020-10-08T13:03:46.5+0200', 1602155026.5, true],
  ['2020-10-08 13:03:46 +02', 1602155026, true],
  ['2020-10-08 05:33:46 -0530', 1602155026, true],
  ['2020-10-08 11:03:46.617 UTC', 1602155026.617, true],
  ['1969-12-31T23:59:59.5Z', -0.5, true],
  ['2000-02-29T00:00:00Z', 951782400, true],
])('reads %s', (text, seconds, isZoned) => {
  expect(readIsoTime(text)).toEqual({ seconds, isZoned })
})

test.each([
  ...[
    '2020-13-08T11:03:46Z',
    '2020-00-08T11:03:46Z',
    '2021-02-29T00:00:00Z',
    '2020-10-08T24:03:46Z',
    '2020-10-08',
  ],
  ...[
    '2020-10-08T11:60:46Z',
    '20201008T110346Z',
    '2020-10-08T11:03:46.Z',
    '2020-10-08T11:03:46 CEST',
    '',
    ' ',
  ],
])('does not read %j', (text) => {
  expect(readIsoTime(text)).toBeUndefined()
})

test.each([
  ['10/08/2020 11:03:46 AM', 1602155026],
  ['10/08/2020 11:03:46.617 AM', 1602155026.617],
  ['10/08/2020 12:00:00 AM', 1602115200],
  ['10/08/2020 12:00:00 PM', 1602158400],
  ['10/08/2020 01:00:00 pm', 1602162000],
  ['13/08/2020 01:00:00 PM', undefined],
  ['10/08/2020 13:00:00 PM', undefined],
  ['10/08/2020 00:00:00 AM', undefined],
  ['10/08/2020 11:03:46', undefined],
])('reads the classic time %s', (text, seconds) => {
  expect(readClassicTime(text)?.seconds).toBe(seconds)
})

test('a time without a zone is the time of a clock somewhere', () => {
  expect(momentOf(readIsoTime('2020-10-08 11:03:46.617'))).toEqual({
    time: 1602155026.617,
    localTime: 1602155026.617,
  })
  expect(momentOf(readIsoTime('2020-10-08 11:03:46.617'), 'Europe/Berlin')).toEqual({
    time: 1602147826.617,
    localTime: 1602155026.617,
  })
  expect(momentOf(readIsoTime('2020-10-08T11:03:46Z'), 'Europe/Berlin')).toEqual({ time: 1602155026 })
  expect(momentOf(undefined, 'Europe/Berlin')).toEqual({ time: undefined })
})

test('reads epoch seconds, not milliseconds', () => {
  expect(readEpoch('1602155026')).toBe(1602155026)
  expect(readEpoch('1602155026.617920')).toBe(1602155026.61792)
  expect(readEpoch('1602155026617')).toBeUndefined()
  expect(readEpoch('')).toBeUndefined()
  expect(readEpoch('1e9')).toBeUndefined()
})

test('writes times as event XML has them', () => {
  expect(formatSystemTime(1602155026.61792)).toBe('2020-10-08T11:03:46.617920Z')
  expect(formatSystemTime(-0.5)).toBe('1969-12-31T23:59:59.500000Z')
  expect(formatSystemTime(1e20)).toBe('100000000000000000000')
})

test.each([
  ['2020-10-08T11:03:46.617920300Z', true],
  ['2020-10-08T11:03:46.617920Z', true],
  ['2020-10-08 11:03:46.6', true],
  ['2020-10-08 11:03:46', true],
  ['2020-10-08T11:03:46Z', true],
  ['0001-01-01T00:00:00Z', true],
  ['2020-10-08T11:03:46.Z', false],
  ['2020-02-29T11:03:46.617Z', true],
  ['2021-02-29T11:03:46.617Z', false],
  ['2020-12-31T11:03:46.617Z', true],
  ['2020-02-30T11:03:46.617Z', false],
  ['2020-10-08T11:03:60Z', false],
  ['2020-10-08T24:03:46Z', false],
  ['2020-13-08T11:03:46Z', false],
  ['2020-10-08T11:03:46.1234567890Z', false],
  ['2020-10-08T11:03:46,617Z', false],
  ['2020-10-08T11:03:46+02:00', false],
  ['2020-10-08T11:03:46 Z', false],
  ['2020-10-0xT11:03:46Z', false],
  ['20x0-10-08T11:03:46Z', false],
  ['2020-10-08T11:03:46.61x920300Z', false],
  ['2020-10-08', false],
  ['Z', false],
  ['', false],
])('reads the time %s from its bytes or leaves it', (text, isRead) => {
  const time = readPlainIsoTime(Buffer.from(`x${text}1`), 1, 1 + text.length)
  if (isRead) expect(time).toBe(readIsoTime(text)!.seconds)
  else expect(time).toBeUndefined()
})
