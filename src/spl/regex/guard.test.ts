import { setFlagsFromString } from 'node:v8'
import { describe, expect, test } from 'vitest'
import { enableLinearFallback, GuardedPattern, type Route } from './guard.ts'
import { parsePcre } from './pcre-parser.ts'

const guarded = (pattern: string) => new GuardedPattern(parsePcre(pattern))
const a = (count: number) => 'a'.repeat(count)

describe('without the linear engine', () => {
  test.each([
    ['foo.*bar', a(100), 'native'],
    ['foo.*bar', a(50_000), 'backtracker'],
    ['^foo', a(1_000_000), 'native'],
    ['foo|bar', a(1_000_000), 'native'],
    ['.*a.*b.*c', a(200), 'backtracker'],
    ['(a+)+$', 'a', 'backtracker'],
    ['a(b)?\\Kc', 'abc', 'located'],
    ['(?>a|ab)c', 'abc', 'backtracker'],
    ['(a+)b\\1', a(10), 'native'],
    ['a*', 'b', 'native'],
    ['a*', '😀', 'backtracker'],
    ['.a', '😀a', 'native'],
  ] as const)('%s on %.10s is run by the right engine', (pattern, text, route: Route) => {
    expect(guarded(pattern).route(text)).toBe(route)
  })
})

test('V8 takes no flag: nothing changes', () => {
  const refuse = () => {
    throw new Error('illegal flag')
  }
  expect(enableLinearFallback(refuse)).toBe(false)
  expect(guarded('(a+)+$').route('a')).toBe('backtracker')
})

test('V8 with its linear engine runs explosive patterns itself, if it can', () => {
  expect(enableLinearFallback(setFlagsFromString)).toBe(true)
  expect(guarded('(a+)+$').route('a')).toBe('native')
  expect(guarded('(a+)+$').test(`${a(2000)}!`)).toBe(false)
  expect(guarded('(a+)+(?!b)$').route('a')).toBe('backtracker')
  expect(guarded('(a{1,20})+$').route('a')).toBe('backtracker')
  expect(guarded('(a+)+$').route(a(100_000))).toBe('backtracker')
})

test.each(['(a+)+$', '(a+)+(?!b)$', '(.+)+x', '^(([a-z])+.)+[A-Z]([a-z])+$', '\\s+$', '(.*)a.*b.*c(?=d)'])(
  '%s answers on a pumped text',
  (pattern) => {
    for (const length of [30, 1000, 30_000]) expect(guarded(pattern).test(`${a(length)}!`)).toBe(false)
  },
)

test('both engines give the same positions', () => {
  const pattern = guarded('(?<user>\\w+)@(\\w+)')
  const text = 'mail bob@example now'
  expect(Array.from(pattern.slots(text, 0) as Int32Array)).toEqual([5, 16, 5, 8, 9, 16])
  expect(pattern.find(text, 0)).toMatchObject({ index: 5, end: 16 })
  expect(pattern.slots(text, 9)).toBe('none')
})

test('the JavaScript form depends on the text', () => {
  const pattern = guarded('.$')
  expect(pattern.javaScript('a')).toBe('[^\\x0a]$')
  expect(pattern.javaScript('a\n')).toBe('[^\\x0a](?=\\n?$)')
  expect(guarded('a(?R)?').javaScript('a')).toBeUndefined()
})
