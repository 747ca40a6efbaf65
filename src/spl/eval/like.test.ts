import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileLike } from './like.ts'

test.each([
  ['foo%', 'foobar', true],
  ['foo', 'foobar', false],
  ['%bar', 'foobar', true],
  ['f%b%r', 'foobar', true],
  ['f_o%', 'foobar', true],
  ['_', '日', true],
  ['_', '😀', true],
  ['%_%', '', false],
  ['%', '', true],
  ['', '', true],
  ['foo.bar', 'fooXbar', false],
  ['C:\\Windows\\%', 'C:\\Windows\\System32', true],
  ['%aab', 'aaaab', true],
  ['a%a', 'a', false],
])('%s against %s is %s', (pattern, text, expected) => {
  expect(compileLike(pattern)(text)).toBe(expected)
})

test('agrees with a regular expression', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', '%', '_'), maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }),
      (pattern, text) => {
        const regex = new RegExp(`^${pattern.replaceAll('%', '.*').replaceAll('_', '.')}$`, 's')
        expect(compileLike(pattern)(text)).toBe(regex.test(text))
      },
    ),
    { numRuns: 1000 },
  )
})

test('a hostile pattern takes no exponential time', () => {
  const pattern = `${'a%'.repeat(200)}b`
  expect(compileLike(pattern)('a'.repeat(20_000))).toBe(false)
})
