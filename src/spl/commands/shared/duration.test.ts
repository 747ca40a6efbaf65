import { expect, test } from 'vitest'
import { parseDuration, parseMinutesSeconds } from './duration.ts'

test.each([
  ['00:10:15', 615],
  ['1+01:01:01', 90_061],
  ['10:15', 615],
  ['00:00:01.5', 1.5],
  ['15', undefined],
  ['a:b:c', undefined],
  ['1:2:3:4', undefined],
] as const)('dur2sec of %s', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

test.each([
  ['01:02.345', 62.345],
  ['5.5', 5.5],
  ['7', 7],
  ['1:2:3', undefined],
  ['', undefined],
] as const)('mstime of %s', (text, seconds) => {
  expect(parseMinutesSeconds(text)).toBe(seconds)
})
