import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileSubstrings } from './substring-finder.ts'

const found = (needles: readonly string[], text: string): number[] => {
  const hits = new Set<number>()
  compileSubstrings(needles).find(text, (needle) => hits.add(needle))
  return [...hits].sort((a, b) => a - b)
}

test('every needle in the text is found, also those inside others', () => {
  expect(found(['he', 'she', 'his', 'hers', 'x'], 'ushers')).toEqual([0, 1, 3])
})

test('the same needle twice is found twice', () => {
  expect(found(['cmd', 'cmd'], 'cmd.exe')).toEqual([0, 1])
})

test('without needles nothing is found', () => {
  expect(found([], 'text')).toEqual([])
})

test('it finds what includes() finds', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '\\', '𝄞'), minLength: 1, maxLength: 5 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'é', '\\', '𝄞'), maxLength: 40 })
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), text, (needles, haystack) => {
      const expected = needles.flatMap((needle, index) => (haystack.includes(needle) ? [index] : []))
      expect(found(needles, haystack)).toEqual(expected)
    }),
  )
})
