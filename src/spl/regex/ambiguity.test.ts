import { expect, test } from 'vitest'
import { growthOf } from './ambiguity.ts'
import { parsePcre } from './pcre-parser.ts'

const growth = (pattern: string): number | 'exponential' => {
  const { exponential, degree } = growthOf(parsePcre(pattern).root)
  return exponential ? 'exponential' : degree
}

test.each([
  ['foo', 1],
  ['foo\\d+', 1],
  ['^foo.*bar', 1],
  ['\\d+x', 2],
  ['foo.*bar', 2],
  ['foo.*bar.*baz', 3],
  ['.*a.*b.*c', 4],
  ['[^"]*"[^"]*"', 2],
  ['^[^"]*"[^"]*"', 1],
  ['(?:\\d{1,3}\\.){3}\\d{1,3}', 1],
  ['(?:a|b)*', 2],
  ['([a-z]+\\.)+', 2],
  ['(?:ab|ac)+', 2],
  ['(?:[^<]|<[^!])*', 2],
  ['^(?=.*foo).*bar', 2],
  ['(a)\\1', 2],
  ['(a+)+$', 'exponential'],
  ['^(a|a)*$', 'exponential'],
  ['(?:a*)*b', 'exponential'],
  ['(?:a|aa)+$', 'exponential'],
  ['(\\w+\\s?)*x', 'exponential'],
  ['(?:(?:x*|y*)z)*', 'exponential'],
  ['(?:.?){50}a', 'exponential'],
  ['a?a?a?a?a?a?a?a?a?a?aaaaaaaaaa', 'exponential'],
  ['x(?!(a+)+$)', 'exponential'],
] as const)('%s: %s', (pattern, expected) => expect(growth(pattern)).toBe(expected))

test('a long list of names is judged quickly and found harmless', () => {
  const names = Array.from({ length: 500 }, (_, i) => `evil${i * 7919}\\.example`)
  expect(growth(`(?:${names.join('|')})`)).toBe(1)
})
