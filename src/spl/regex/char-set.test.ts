import { expect, test } from 'vitest'
import {
  charSet,
  complement,
  contains,
  foldCase,
  intersection,
  intersects,
  propertySet,
  reachesBeyondBmp,
  singleOf,
  unionOf,
  wordChars,
} from './char-set.ts'

const letters = (text: string) =>
  charSet([...text].map((char) => [char.codePointAt(0)!, char.codePointAt(0)!]))

test('ranges are sorted and joined', () => {
  expect(
    charSet([
      [5, 9],
      [1, 2],
      [3, 3],
      [8, 12],
    ]),
  ).toEqual([1, 3, 5, 12])
  expect(
    unionOf([
      [1, 3],
      [2, 7],
      [9, 9],
    ]),
  ).toEqual([1, 7, 9, 9])
})

test('a complement and its complement', () => {
  expect(complement([0x61, 0x63])).toEqual([0, 0x60, 0x64, 0x10ffff])
  expect(complement(complement(wordChars))).toEqual(wordChars)
  expect(complement([])).toEqual([0, 0x10ffff])
})

test('what two sets share', () => {
  expect(intersection([1, 5, 8, 20], [3, 9, 15, 30])).toEqual([3, 5, 8, 9, 15, 20])
  expect(intersects([1, 2, 9, 9], [3, 8])).toBe(false)
  expect(intersects([1, 2, 9, 9], [3, 9])).toBe(true)
})

test('membership at the edges of ranges', () => {
  const set = [3, 5, 8, 8]
  expect([2, 3, 5, 6, 8, 9].map((code) => contains(set, code))).toEqual([
    false,
    true,
    true,
    false,
    true,
    false,
  ])
  expect(contains([], 1)).toBe(false)
})

test("cases are added by Unicode's simple folding", () => {
  expect(foldCase(letters('a'))).toEqual(letters('aA'))
  expect(foldCase(letters('K'))).toEqual(letters('kK\u212a'))
  expect(foldCase(letters('\u017f'))).toEqual(letters('sS\u017f'))
  expect(foldCase(letters('ß'))).toEqual(letters('ßẞ'))
  expect(foldCase(letters('σ'))).toEqual(letters('Σσς'))
  expect(foldCase(letters('𐐀'))).toEqual(letters('𐐀𐐨'))
  // Dotless and dotted i fold to nothing but themselves.
  expect(foldCase(letters('ıİ'))).toEqual(letters('ıİ'))
  expect(foldCase(letters('i'))).toEqual(letters('iI'))
  expect(foldCase(letters('-1'))).toEqual(letters('-1'))
  expect(foldCase([0x80, 0x10ffff])).toEqual(unionOf([letters('kKsS'), [0x80, 0x10ffff]]))
  expect(foldCase([0x61, 0x62, 0x7f, 0x10ffff])).toEqual(unionOf([letters('abABkKsS'), [0x7f, 0x10ffff]]))
  expect(foldCase([0x61, 0x62, 0x7f, 0x10fffe])).toEqual(unionOf([letters('abABkKsS'), [0x7f, 0x10fffe]]))
})

test("properties by PCRE's names", () => {
  const has = (name: string, char: string) => contains(propertySet(name)!, char.codePointAt(0)!)
  expect(has('Lu', 'É')).toBe(true)
  expect(has('L&', 'ß')).toBe(true)
  expect(has('L&', '中')).toBe(false)
  expect(has('Han', '中')).toBe(true)
  expect(has('Old_Italic', '𐌀')).toBe(true)
  expect(has('olditalic', '𐌀')).toBe(true)
  expect(has('sc:Greek', 'α')).toBe(true)
  expect(has('Xwd', '_')).toBe(true)
  expect(has('Cs', '\ud800')).toBe(true)
  expect(propertySet('Alphabetic')).toBeUndefined()
  expect(propertySet('__proto__')).toBeUndefined()
})

test('single characters and those of two units are recognised', () => {
  expect(singleOf(letters('a'))).toBe(0x61)
  expect(singleOf(letters('ab'))).toBeUndefined()
  expect(reachesBeyondBmp(letters('😀'))).toBe(true)
  expect(reachesBeyondBmp(letters('é\uffff'))).toBe(false)
  expect(reachesBeyondBmp([0, 0xffff])).toBe(true)
})
