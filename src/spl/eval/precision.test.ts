import { expect, test } from 'vitest'
import {
  fixed,
  literalValue,
  Measured,
  quantityOf,
  roundTo,
  settle,
  settleSignificant,
  significantDigitsOf,
} from './precision.ts'

test('rounds by the digits that a number shows, a half upwards', () => {
  expect(roundTo(2.555, 2)).toBe(2.56)
  expect(roundTo(1.005, 2)).toBe(1.01)
  expect(roundTo(-4.5, 0)).toBe(-4)
  expect(roundTo(1111, -1)).toBe(1110)
  expect(roundTo(1e300, 5)).toBe(1e300)
  expect(roundTo(1.5e-7, 7)).toBe(2e-7)
  expect(Object.is(roundTo(-0.4, 0), 0)).toBe(true)
})

test('keeps zeros that belong to the precision', () => {
  expect(fixed(2.5, 2)).toBe('2.50')
  expect(fixed(5, 0)).toBe(5)
  expect(settle(new Measured(1.65, 3))).toBe('1.650')
  expect(settle(new Measured(1111, -1))).toBe(1111)
  expect(settleSignificant(new Measured(1111, -1))).toBe(1110)
})

test('a decimal text is as precise as its digits, everything else is exact', () => {
  expect(significantDigitsOf(quantityOf('0.230')!)).toBe(3)
  expect(significantDigitsOf(quantityOf('8.250')!)).toBe(4)
  expect(quantityOf('1111')).toBe(1111)
  expect(quantityOf('1.5e3')).toBe(1500)
  expect(quantityOf(0.5)).toBe(0.5)
  expect(quantityOf('abc')).toBeUndefined()
})

test('a literal keeps its digits', () => {
  expect(literalValue('5.0', 5)).toBe('5.0')
  expect(literalValue('.5', 0.5)).toBe('0.5')
  expect(literalValue('1e3', 1000)).toBe(1000)
  expect(literalValue('7', 7)).toBe(7)
})
