import { expect, test } from 'vitest'
import { parseConf } from './conf-file.ts'
import { findJsonTime, findTime, readTimestampRule } from './timestamp.ts'

const now = Date.UTC(2022, 2, 1) / 1000
const find = (text: string, conf = '', timeZone = 'UTC'): string | undefined => {
  const settings = parseConf(`[x]\n${conf}`, 'props.conf', () => {}).get('x')!.settings
  const time = findTime(
    text,
    readTimestampRule(settings, () => {}),
    { now, timeZone },
  )?.seconds
  return time === undefined ? undefined : new Date(time * 1000).toISOString()
}

test.each([
  ['2021-11-15T14:19:27.123456Z x', '2021-11-15T14:19:27.123Z'],
  ['x 2021-11-15 14:19:27,5 +02:00', '2021-11-15T12:19:27.500Z'],
  ['1.2.3.4 - - [10/Nov/2021:14:19:27 +0000] "GET /', '2021-11-10T14:19:27.000Z'],
  ['11/15/2021 02:19:27 PM\nLogName=x', '2021-11-15T14:19:27.000Z'],
  ['type=EXECVE msg=audit(1636985967.123:42): argc=1', '2021-11-15T14:19:27.123Z'],
  ['{"time": 1636985967123}', '2021-11-15T14:19:27.123Z'],
  ['<30>Feb  3 04:05:06 host sshd: x', '2022-02-03T04:05:06.000Z'],
  ['Nov 15 14:19:27 host sshd: x', '2021-11-15T14:19:27.000Z'],
  ['Mon, 15 Nov 2021 14:19:27 +0100', '2021-11-15T13:19:27.000Z'],
])('%s is a time', (text, expected) => {
  expect(find(text)).toBe(expected)
})

test('text without a time has none', () => {
  expect(find('nothing here 12:30 123456 2021-13-45T99:99:99Z')).toBeUndefined()
})

test('a zone is assumed only where the text states none', () => {
  expect(find('2021-11-15 14:19:27', '', 'Europe/Berlin')).toBe('2021-11-15T13:19:27.000Z')
  expect(find('2021-11-15 14:19:27', 'TZ = America/New_York', 'Europe/Berlin')).toBe(
    '2021-11-15T19:19:27.000Z',
  )
  expect(find('2021-11-15T14:19:27Z', 'TZ = America/New_York')).toBe('2021-11-15T14:19:27.000Z')
})

test('prefix, format and lookahead say where the time is', () => {
  const text = '2000-01-01T00:00:00Z created="15.11.2021 14:19" x'
  expect(find(text, 'TIME_PREFIX = created="\nTIME_FORMAT = %d.%m.%Y %H:%M')).toBe('2021-11-15T14:19:00.000Z')
  expect(find('0123456789 2021-11-15T14:19:27Z', 'MAX_TIMESTAMP_LOOKAHEAD = 15')).toBeUndefined()
})

test('JSON has its time under a well-known key, also one level down', () => {
  const rule = readTimestampRule(new Map(), () => {})
  const of = (object: Record<string, unknown>) =>
    findJsonTime(object, rule, { now, timeZone: 'UTC' })?.seconds
  expect(of({ a: '2020-01-01T00:00:00Z', eventTime: '2021-11-15T14:19:27Z' })).toBe(1636985967)
  expect(of({ a: { ts: 1636985967.5 } })).toBe(1636985967.5)
  expect(of({ a: '2020-01-01T00:00:00Z' })).toBeUndefined()
})
