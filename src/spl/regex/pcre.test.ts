import { describe, expect, test } from 'vitest'
import { type Diagnostic, SearchError } from '../../diagnostics/diagnostic.ts'
import { cachedPcre, compilePcre, warnAtBudget } from './pcre.ts'

const texts = (pattern: string, text: string, max?: number) =>
  compilePcre(pattern)
    .matchAll(text, max)
    .map(({ groups }) => groups[0])

test('the first match, from a position on', () => {
  const regex = compilePcre('(\\w)(\\d)?')
  expect(regex.exec('-a1-b')).toMatchObject({ index: 1, end: 3 })
  expect(regex.exec('-a1-b', 3)).toMatchObject({ index: 4, end: 5 })
  expect(Array.from(regex.exec('-a1-b', 3)!.groups)).toEqual(['b', 'b', undefined])
  expect(regex.exec('-a1-b', 5)).toBeUndefined()
})

test('a lookbehind sees what is before the position', () => {
  expect(compilePcre('(?<=a)b').exec('ab', 1)?.index).toBe(1)
  expect(compilePcre('^b').exec('ab', 1)).toBeUndefined()
  expect(compilePcre('\\Gb').exec('ab', 1)?.index).toBe(1)
})

test('all matches, at most as many as wanted', () => {
  expect(texts('\\d', 'a1b2c3')).toEqual(['1', '2', '3'])
  expect(texts('\\d', 'a1b2c3', 2)).toEqual(['1', '2'])
  expect(texts('a*', 'baac')).toEqual(['', 'aa', '', ''])
  expect(texts('', '😀')).toEqual(['', ''])
  expect(texts('x\\K', 'xx')).toEqual(['', ''])
})

test('named groups that are set', () => {
  const regex = compilePcre('(?<a>x)|(?<b>y)(?<__proto__>z)')
  expect([...regex.named(regex.exec('x')!)]).toEqual([['a', 'x']])
  expect([...regex.named(regex.exec('yz')!)]).toEqual([
    ['b', 'y'],
    ['__proto__', 'z'],
  ])
})

test('of two groups with one name the one that is set', () => {
  const regex = compilePcre('(?J)(?<a>x)|(?<a>y)')
  expect([...regex.named(regex.exec('y')!)]).toEqual([['a', 'y']])
})

test('where groups are', () => {
  expect(compilePcre('(?<ten>.{3})(x)?').spans('abcdef')).toEqual([[0, 3], [0, 3], undefined])
  expect(compilePcre('b\\K(c)').spans('abc')).toEqual([
    [2, 3],
    [2, 3],
  ])
  expect(compilePcre('x').spans('abc')).toBeUndefined()
})

test('the whole pattern can ignore case', () => {
  expect(compilePcre('k', { ignoreCase: true }).test('K')).toBe(true)
  expect(compilePcre('(?-i)k', { ignoreCase: true }).test('K')).toBe(false)
})

describe('replacing', () => {
  const replace = (pattern: string, text: string, template: string, options = {}) =>
    compilePcre(pattern).replaceAll(text, template, options)

  test.each([
    ['^(\\d{1,2})/(\\d{1,2})/', '1/14/2023', '\\2/\\1/', '14/1/2023'],
    ['x', 'abc', 'y', 'abc'],
    ['b', 'abcb', '[\\0]', 'a[b]c[b]'],
    ['(a)|(b)', 'ab', '<\\1\\2>', '<a><b>'],
    ['(a)', 'a', '\\10', 'a0'],
    ['a', 'a', '$1 & $& \\n', '$1 & $& \\n'],
    ['/', 'a/b', '\\\\1', 'a\\1b'],
    ['x*', 'ab', '-', '-a-b-'],
    ['a\\Kb', 'abab', 'x', 'axax'],
  ])('%s in %s by %s', (pattern, text, template, result) => {
    expect(replace(pattern, text, template)).toBe(result)
  })

  test('the first few, or only one', () => {
    expect(replace('a', 'aaaa', 'b', { max: 2 })).toBe('bbaa')
    expect(replace('a', 'aaaa', 'b', { only: 3 })).toBe('aaba')
    expect(replace('a', 'aa', 'b', { only: 3 })).toBe('aa')
  })

  test('a group that is not there is refused', () => {
    expect(() => replace('(a)', 'a', '\\2')).toThrow(
      'The replacement refers to group \\2, but the regular expression has one group.',
    )
    expect(() => replace('a', 'b', '\\1')).toThrow('has no groups')
  })
})

describe('a text that is too hard', () => {
  const hard = '(a*)*\\1b'
  const text = 'a'.repeat(100)

  test('is reported and does not match', () => {
    const reports: [string, number][] = []
    const regex = compilePcre(hard, { onBudget: (pattern, length) => reports.push([pattern, length]) })
    expect(regex.test(text)).toBe(false)
    expect(regex.exec(text)).toBeUndefined()
    expect(regex.spans(text)).toBeUndefined()
    expect(reports).toEqual([
      [hard, 100],
      [hard, 100],
      [hard, 100],
    ])
  })

  test('throws when nobody is told', () => {
    expect(() => compilePcre(hard).test(text)).toThrow(
      'The regular expression "(a*)*\\1b" needs too many steps for a text of 100 characters, which counts as not matching.',
    )
  })

  test('warns', () => {
    const warnings: Diagnostic[] = []
    cachedPcre(hard, { onBudget: warnAtBudget((diagnostic) => warnings.push(diagnostic)) }).test(text)
    expect(warnings).toMatchObject([{ code: 'limit-reached', severity: 'warning' }])
  })
})

test('patterns are kept, each reporting to its own caller', () => {
  expect(cachedPcre('kept')).toBe(cachedPcre('kept'))
  expect(cachedPcre('kept', { ignoreCase: true })).not.toBe(cachedPcre('kept'))
  let reports = 0
  const regex = cachedPcre('(a*)*\\1b', { onBudget: () => reports++ })
  expect(regex.test('a'.repeat(100))).toBe(false)
  expect(reports).toBe(1)
  expect(() => cachedPcre('(a*)*\\1b').test('a'.repeat(100))).toThrow(SearchError)
})

test('doubtful patterns warn with their place', () => {
  const [warning] = compilePcre('a{,3}').warnings
  expect(warning).toMatchObject({ code: 'suspicious', severity: 'warning' })
  expect(warning!.labels[0]).toMatchObject({ span: { start: 1, end: 5 }, source: { text: 'a{,3}' } })
})

test('a pattern whose counts multiply is refused', () => {
  expect(() => compilePcre('(?:(?:abc){1000}){1000}')).toThrow('regular expression is too large')
})
