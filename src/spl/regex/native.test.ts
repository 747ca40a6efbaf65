import { describe, expect, test } from 'vitest'
import {
  beginningOf,
  type Fidelity,
  fidelityOf,
  relaxPossessive,
  requiredText,
  writeJavaScript,
} from './native.ts'
import { parsePcre } from './pcre-parser.ts'

const plain = { surrogates: false, finalNewline: false, groups: true }

const form = (pattern: string, variant = plain) =>
  writeJavaScript(relaxPossessive(parsePcre(pattern).root), variant)

describe('patterns as JavaScript', () => {
  test.each([
    ['abc', 'abc'],
    ['a.c', 'a[^\\x0a]c'],
    ['(?s)a.c', 'a[^]c'],
    ['(?i)ak-1', '[Aa][Kk\\u212a]\\x2d1'],
    ['\\A\\w+\\z', '^[0-9A-Z\\x5fa-z]+$'],
    ['(?<name>a|b)(?:c|d)*?', '(a|b)(?:c|d)*?'],
    ['a{2}b{2,}c{2,3}?d??', 'a{2}b{2,}c{2,3}?d??'],
    ['(?m)^a$', '(?<![^\\n])a(?![^\\n])'],
    ['(a)\\g{1}1', '(a)(?:\\1)1'],
    ['"[^"]*+"', '\\x22[^\\x22]*\\x22'],
    ['\\R', '(?:\\r\\n|[\\n\\v\\f\\x85\\u2028\\u2029]|\\r(?!\\n))'],
    ['a/b', 'a\\x2fb'],
  ])('%s is %s', (pattern, source) => {
    expect(form(pattern).source).toBe(source)
    expect(() => new RegExp(source)).not.toThrow()
  })

  test('$ looks for a last line break only in texts that have one', () => {
    expect(form('a$').source).toBe('a$')
    expect(form('a$', { ...plain, finalNewline: true }).source).toBe('a(?=\\n?$)')
  })

  test('characters beyond the BMP are whole under u and absent without it', () => {
    expect(form('[^a]😀', { ...plain, surrogates: true })).toMatchObject({
      source: '[^a]\\u{1f600}',
      flags: 'u',
    })
    expect(form('[a😀]')).toMatchObject({ source: '[a]', flags: '' })
    expect(form('(?:😀)+').source).toBe('(?:\\ud83d\\ude00)+')
  })

  test('groups that nobody asks for take nothing', () => {
    expect(form('(a)(b|c)', { ...plain, groups: false }).source).toBe('(?:a)(?:b|c)')
  })

  test('V8 is linear without lookarounds, references, u and large counts', () => {
    const isLinear = (pattern: string) => form(pattern).linear
    expect(['a+b', '(?i)(a|b)*$', 'x{16}', '(?:x{4}){4}', '\\bx\\B'].every(isLinear)).toBe(true)
    expect(
      ['(?=a)', 'a(?<!b)', '(a)\\1', 'x{17}', 'x{17,}', '(?:x{5}){4}', '(?m)^a', '\\R'].some(isLinear),
    ).toBe(false)
    expect(form('.', { ...plain, surrogates: true }).linear).toBe(false)
    expect(form('a$', { ...plain, finalNewline: true }).linear).toBe(false)
  })
})

const fidelities: readonly (readonly [Fidelity, string, string])[] = [
  ['exact', '(?i)(\\w+)=(.*?);', 'groups, loops and lookups'],
  ['exact', '(?:(a)b)+', 'each round sets the group'],
  ['locates', '(?:(a)|b)+', 'JavaScript forgets what the round before took'],
  ['locates', '(?:a(b)?)+', 'the same for an optional group'],
  ['locates', '(a*)*', 'JavaScript does not take an empty round'],
  ['locates', '(?:|a)+', 'nor an option that is empty first'],
  ['exact', '(?:a|b?)*', 'an empty option at the end changes nothing'],
  ['locates', 'a\\Kb', 'the match begins elsewhere'],
  ['locates', '(?<=(a))b', 'a lookbehind runs backwards'],
  ['locates', '(?|(a)|(b))', 'two groups with one number'],
  ['exact', '(a)\\1', 'the group is surely set'],
  ['none', '(a)?\\1', 'a group that is not set is empty in JavaScript'],
  ['none', '(?:(a)|b\\1)+', 'the same across rounds'],
  ['none', '(?i)(a)\\1', 'cases are written out'],
  ['none', '(?>a|ab)c', 'atomic'],
  ['exact', '"[^"]*+"', 'possessive, but what follows cannot begin inside'],
  ['exact', 'a\\d++', 'possessive at the end'],
  ['exact', '(\\d++)', 'nor in a group at the end'],
  ['exact', '\\d++', 'nor alone'],
  ['none', '\\d++1', 'possessive where it matters'],
  ['exact', 'a\\R', 'a line break is atomic by itself'],
  ['none', '\\Ga', 'the start of the search'],
  ['none', 'a(?R)?b', 'recursion'],
  ['none', '(a)?(?(1)b|c)', 'conditions'],
]

test.each(fidelities)('%s: %s (%s)', (fidelity, pattern) => {
  const parsed = parsePcre(pattern)
  expect(fidelityOf({ ...parsed, root: relaxPossessive(parsed.root) })).toBe(fidelity)
})

test('what follows a group that is also called is not known, so its loops stay possessive', () => {
  const { root } = parsePcre('(?1)b|(\\w++)')
  expect(relaxPossessive(root)).toBe(root)
})

test('the longest run of characters that must occur is found', () => {
  const required = (pattern: string) => requiredText(parsePcre(pattern).root)
  expect(required('.*foo(ba)r?\\d+')).toBe('fooba')
  expect(required('(?i)a.bc')).toBe('[Bb][Cc]')
  expect(required('(?:foo|bar)x')).toBeUndefined()
  expect(required('(?:foo)*ba')).toBe('ba')
  expect(required('a(?:bc)+')).toBe('abc')
  expect(required('a(?=foo)b')).toBeUndefined()
})

test('the beginning of a match is known where it is not empty', () => {
  const beginning = (pattern: string) => beginningOf(parsePcre(pattern).root)
  expect(beginning('^(fo)o+b')).toEqual({ source: 'foo', length: 3 })
  expect(beginning('(?:foo|bar)x')).toEqual({ source: '[bf]', length: 1 })
  expect(beginning('a*b')).toEqual({ source: '[ab]', length: 1 })
  expect(beginning('a*')).toBeUndefined()
  expect(beginning('.a')).toBeUndefined()
})
