import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Binning, binSpan, compileBinning, type NumberRange } from './binning.ts'

const context = { now: 1_700_000_000, timeZone: 'UTC', earliest: undefined, latest: undefined }

const bin = (binning: Binning, value: string | number, range?: NumberRange, field = 'x') =>
  compileBinning(field, binning, range, 100, context)(value)

describe('numbers', () => {
  test('lie in their bin, and bins meet', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10_000, max: 10_000 }),
        fc.constantFrom(1, 7, 10, 0.5, 0.1),
        (thousandths, size) => {
          const number = thousandths / 1000
          const [, start, end] = /^(-?[\d.]+)-(-?[\d.]+)$/.exec(
            String(bin({ span: { kind: 'number', size } }, number)),
          )!
          expect(Number(start)).toBeLessThanOrEqual(number)
          expect(Number(end)).toBeGreaterThan(number)
          expect(Number(end) - Number(start)).toBeCloseTo(size, 9)
        },
      ),
    )
  })

  test('in growing bins lie in theirs', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (number) => {
        const [start, end] = String(bin({ span: { kind: 'log', coefficient: 1, base: 2 } }, number))
          .split('-')
          .map(Number)
        expect(start! <= number && number < end!).toBe(true)
      }),
    )
  })

  test('are not needed: text, null and multivalues stay', () => {
    const toBin = compileBinning('x', { span: { kind: 'number', size: 10 } }, undefined, 100, context)
    expect([toBin('abc'), toBin(undefined), toBin(['1', '2'])]).toEqual(['abc', undefined, ['1', '2']])
  })
})

describe('without a span', () => {
  const range = { lowest: 3, highest: 87 }

  test('bins are a power of ten that gives few enough of them', () => {
    expect(bin({ bins: 10 }, 87, range)).toBe('80-90')
    expect(bin({ bins: 8 }, 87, range)).toBe('0-100')
    expect(bin({}, '87', range)).toBe('87-88')
  })

  test('start and end widen what they must cover, and never narrow it', () => {
    expect(bin({ end: 1000 }, 87, range)).toBe('0-100')
    expect(bin({ end: 10 }, 87, range)).toBe('87-88')
  })

  test('minspan is the least', () => {
    expect(bin({ minspan: { kind: 'number', size: 5 } }, 87, range)).toBe('80-90')
  })

  test('times are put into spans that people use', () => {
    const day = { lowest: 1_700_000_000, highest: 1_700_086_400 }
    expect(binSpan('_time', {}, day, 100)).toEqual({ kind: 'time', span: { amount: 30, unit: 'minute' } })
    expect(bin({}, 1_700_000_000, day, '_time')).toBe(1_699_999_200)
  })

  test('values stay when there are no numbers at all', () => {
    expect(bin({}, 'abc', undefined)).toBe('abc')
  })
})

test('aligntime says where bins of hours start', () => {
  const span = { kind: 'time', span: { amount: 12, unit: 'hour' } } as const
  expect(bin({ span, aligntime: '@d+3h' }, 1_700_000_000, undefined, '_time')).toBe(1_699_974_000)
  expect(() => bin({ span, aligntime: 'noon' }, 1, undefined, '_time')).toThrow('"aligntime" needs')
})
