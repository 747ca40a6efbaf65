import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareNaturally, compareText, sortTexts } from './text-order.ts'

test('text is ordered as its UTF-8 bytes are', () => {
  const encoder = new TextEncoder()
  const bytewise = (a: string, b: string): number => {
    const [left, right] = [encoder.encode(a), encoder.encode(b)]
    const at = left.findIndex((byte, index) => byte !== right[index])
    return at === -1 ? left.length - right.length : at >= right.length ? 1 : left[at]! - right[at]!
  }
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}'),
    maxLength: 4,
  })
  for (const [a, b] of fc.sample(fc.tuple(text, text), 300)) {
    expect(Math.sign(compareText(a, b))).toBe(Math.sign(bytewise(a, b)))
    expect(sortTexts([a, b])).toEqual(bytewise(a, b) <= 0 ? [a, b] : [b, a])
  }
})

test('numbers come before text and bins by where they start', () => {
  const values = ['b', '10', 'a', '9', 100, '20-30', '-10-0', '0-10', undefined]
  expect(values.toSorted(compareNaturally)).toEqual([
    '-10-0',
    '0-10',
    '9',
    '10',
    '20-30',
    100,
    'a',
    'b',
    undefined,
  ])
})
