import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatNumber, parseNumber } from './number.ts'

describe('parseNumber', () => {
  test.each([
    ['5', 5],
    ['-5', -5],
    ['+5', 5],
    ['007', 7],
    ['2.50', 2.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-.5', -0.5],
    ['1e3', 1000],
    ['1.5E-2', 0.015],
    ['9007199254740993', 9007199254740992],
  ])('%j is %d', (text, number) => {
    expect(parseNumber(text)).toBe(number)
  })

  test.each([
    '',
    ' 5',
    '5 ',
    '-',
    '+',
    '.',
    '-.',
    'e5',
    '.e5',
    '1e',
    '1e+',
    '1e5x',
    '1.2.3',
    '0x1F',
    '1,000',
    '1_000',
  ])('%j is no number', (text) => expect(parseNumber(text)).toBeUndefined())

  test.each(['Infinity', '-Infinity', 'NaN', 'inf', '1e999', '10.0.0.1', '--1', '5٣', '١'])(
    '%j is no number',
    (text) => expect(parseNumber(text)).toBeUndefined(),
  )

  test('agrees with the language on what it accepts', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0159.+-eE x'), maxLength: 7 })
    fc.assert(
      fc.property(text, (candidate) => {
        const isDecimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(candidate)
        const number = Number(candidate)
        expect(parseNumber(candidate)).toBe(isDecimal && Number.isFinite(number) ? number : undefined)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('formatNumber', () => {
  test.each([
    [5, '5'],
    [-3, '-3'],
    [-0, '0'],
    [0.5, '0.5'],
    [1 / 3, '0.3333333333333333'],
    [342 / 7, '48.857142857142854'],
    [Math.SQRT2, '1.4142135623730951'],
    [2 ** 53, '9007199254740992'],
    [2 ** 60, '1152921504606846976'],
    [1e21, '1000000000000000000000'],
    [-1e22, '-10000000000000000000000'],
    [1e-7, '0.0000001'],
    [-1.25e-9, '-0.00000000125'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'nan'],
  ])('%d prints as %j', (number, text) => {
    expect(formatNumber(number)).toBe(text)
  })

  test('what it prints reads back as the same number, without an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = formatNumber(number)
        expect(text).not.toMatch(/e/i)
        expect(parseNumber(text)).toBe(number === 0 ? 0 : number)
      }),
    )
  })
})
