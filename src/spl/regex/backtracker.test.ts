import { describe, expect, test } from 'vitest'
import { compileProgram, isTooLarge, runProgram } from './backtracker.ts'
import { parsePcre } from './pcre-parser.ts'

const budget = (length: number) => 200_000 + 64 * length

function run(pattern: string, text: string, limit = budget(text.length)) {
  const outcome = runProgram(compileProgram(parsePcre(pattern), false), text, 0, limit)
  return typeof outcome === 'string' ? outcome : [outcome[0], outcome[1]]
}

const a = (count: number) => 'a'.repeat(count)

describe('hostile texts take linear time', () => {
  test.each([
    ['(a+)+$', `${a(20_000)}!`],
    ['^(a|a)*$', `${a(20_000)}!`],
    ['(?:a*)*b', a(20_000)],
    ['.*a.*b.*c', a(20_000)],
    ['\\s+$', `${' '.repeat(20_000)}!`],
    ['a{1,50}b', a(20_000)],
    ['(\\w+\\s?)+!$', a(20_000)],
    ['(?:a|ab|b)*c', 'ab'.repeat(10_000)],
    ['^(?:.?){50}a{50}b', a(5000)],
    ['(?:(?=.*foo)a)+b', a(5000)],
    ['(?(?=a)a|b)*c', a(5000)],
    ['((a*)*)*b', a(5000)],
    ['(?i)<script[^>]*>.*?</script>', '<script>'.repeat(2000)],
    ['.*?a.*?b.*?c$', 'ab'.repeat(5000)],
  ])('%s', (pattern, text) => expect(run(pattern, text)).toBe('none'))
})

test('a match far into a long text is found', () => {
  expect(run('(?:a|b)*?c', `${'ab'.repeat(20_000)}c`)).toEqual([0, 40_001])
  expect(run('(a+)+c', `${a(1000)}b${a(1000)}c`)).toEqual([1001, 2002])
})

test('remembering failures does not change the groups', () => {
  const parsed = parsePcre('(?:(a)|(b)|(a)b)+c')
  const patient = compileProgram(parsed, false)
  const remembering = { ...patient, patience: Number.NEGATIVE_INFINITY }
  const text = 'ababab abc'
  const slots = runProgram(patient, text, 0, 10_000)
  expect(typeof slots).toBe('object')
  expect(runProgram(remembering, text, 0, 10_000)).toEqual(slots)
})

test.each([
  ['(a+)\\1+$', `${a(2000)}!`],
  ['(a*)*\\1b', a(100)],
  ['(?<p>a(?&p)*)*b', a(200)],
])('%s reaches the limit and says so', (pattern, text) => expect(run(pattern, text)).toBe('exhausted'))

test('recursion without end is stopped', () => {
  expect(run('(?1)(a|(?1)b)', 'aab')).toEqual([0, 2])
  expect(run('(a|(?1)b)', 'b')).toBe('exhausted')
  expect(run('\\((?R)*\\)', '('.repeat(5000))).toBe('exhausted')
})

test('deep nesting in a text does not overflow the stack', () => {
  const depth = 900
  expect(run('\\((?R)?\\)', `${'('.repeat(depth)}${')'.repeat(depth)}`)).toEqual([0, 2 * depth])
  expect(run('(?:a(?:b)?)+$', 'ab'.repeat(100_000))).toEqual([0, 200_000])
})

test('a match begins and goes back by whole characters', () => {
  expect(run('[^😀]', '😀😀x')).toEqual([4, 5])
  expect(run('.*😀', 'a😀b😀')).toEqual([0, 6])
  expect(run('(?<=.)x', '😀x')).toEqual([2, 3])
})

test('counts that multiply are too large before they are unfolded', () => {
  expect(isTooLarge(parsePcre('(?:(?:abc){1000}){1000}').root)).toBe(true)
  expect(isTooLarge(parsePcre('(?:\\w{1,64}\\.){1,126}[a-z]{2,63}').root)).toBe(false)
})
