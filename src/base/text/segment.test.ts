import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileTerm } from './segment.ts'

const plain = { caseSensitive: false, term: false }
const log = 'Oct 1 sshd[12]: Failed password for root from 10.0.0.5 port 22 user=alice path=C:\\Temp\\a_b.exe'

describe('keywords and phrases', () => {
  test.each([
    ['failed', log, true],
    ['fail', log, false],
    ['fail*', log, true],
    ['*ailed', log, true],
    ['ailed', log, false],
    ['*aile*', log, true],
    ['f*d', log, true],
    ['f*password', log, false],
    ['10.0.0.5', log, true],
    ['10.0.0', log, true],
    ['10.0.0.*', log, true],
    ['0.0', log, true],
    ['10.0.0.5', 'from 10.0.0.50', false],
    ['10.0.0.5', 'from 110.0.0.5', false],
    ['alice', log, true],
    ['user=alice', log, true],
    ['user=ali', log, false],
    ['ser=alice', log, false],
    ['user=al*e', log, true],
    ['sshd', log, true],
    ['failed password', log, true],
    ['password failed', log, false],
    ['failed pass', log, false],
    ['failed pass*', log, true],
    ['fail* password f* root', log, true],
    ['C:\\Temp\\', log, true],
    ['a_b.exe', log, true],
    ['b', log, true],
    ['*', log, true],
    ['*', '', true],
    ['x', '', false],
    ['foo', 'a%20foo%20b', true],
    ['foo', 'a%2520foo', true],
    ['foo', 'a%99foo', false],
    ['a*b', 'a%20b', false],
    ['a*b', 'a%99b', true],
    ['a*b', 'a--b', false],
    ['a*b', 'a-b', true],
    ['a*b*c', 'a1b2 c a3b4c', true],
    ['a*b*c', 'a1b2 c3', false],
    ['a*b', 'axbx axb', true],
    ['a*b', 'axbx', false],
    ['ÄÖÜ', 'größe äöü', true],
    ['größ', 'größe', false],
  ])('%j in %j: %s', (term, raw, found) => {
    expect(compileTerm(term, plain)(raw)).toBe(found)
  })

  test('CASE minds case, others do not', () => {
    expect(compileTerm('Error', { caseSensitive: true, term: false })('got Error now')).toBe(true)
    expect(compileTerm('ERROR', { caseSensitive: true, term: false })('got Error now')).toBe(false)
    expect(compileTerm('ERROR', plain)('got Error now')).toBe(true)
  })
})

describe('TERM', () => {
  test.each([
    ['10.0.0.5', 'from 10.0.0.5 ok', true],
    ['10.0.0', 'from 10.0.0.5 ok', false],
    ['0.0.5', 'from 10.0.0.5 ok', false],
    ['10.0.0.*', 'from 10.0.0.5 ok', true],
    ['user=alice', 'x (user=alice) y', true],
    ['alice', 'x (user=alice) y', false],
    ['alice', 'q=%20alice%20', true],
    ['alice', 'x--alice--y', true],
    ['alice', 'x-alice-y', false],
    ['alice', 'alice', true],
  ])('%j in %j: %s', (term, raw, found) => {
    expect(compileTerm(term, { caseSensitive: false, term: true })(raw)).toBe(found)
  })
})

test('agrees with trying every choice of places', () => {
  const raws = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', '-'), maxLength: 14 })
  const terms = fc.string({ unit: fc.constantFrom('a', 'b', '*', '*', ' ', '.'), minLength: 1, maxLength: 7 })
  fc.assert(
    fc.property(terms, raws, fc.boolean(), (text, raw, term) => {
      expect(compileTerm(text, { caseSensitive: false, term })(raw)).toBe(findByTrial(text, raw, term))
    }),
    { numRuns: 5000 },
  )
})

test('stays linear on hostile events', () => {
  const start = performance.now()
  expect(compileTerm('a*b*c', plain)(`${'ab'.repeat(100_000)}`)).toBe(false)
  expect(compileTerm('a*b*c', plain)('ab '.repeat(100_000))).toBe(false)
  expect(compileTerm('a*a*ab', plain)(`${'a'.repeat(200_000)} b`)).toBe(false)
  expect(compileTerm('x* a*b c*z', plain)('x a b '.repeat(50_000))).toBe(false)
  expect(performance.now() - start).toBeLessThan(1500)
})

/** The definition, spelled out: some split of the stars puts the term between breakers. */
function findByTrial(text: string, raw: string, term: boolean): boolean {
  const pieces = text.split('*').filter((piece) => piece !== '')
  if (pieces.length === 0) return true
  const isMajor = (at: number): boolean => raw[at] === ' ' || (raw[at] === '-' && raw[at + 1] === '-')
  const isMajorBehind = (at: number): boolean =>
    raw[at - 1] === ' ' || (raw[at - 1] === '-' && raw[at - 2] === '-')
  const isBreaker = (at: number): boolean => ' .-'.includes(raw[at] ?? ' ')
  const startsWell = (at: number): boolean =>
    text.startsWith('*') || at === 0 || (term ? isMajorBehind(at) : isBreaker(at - 1) || isBreaker(at))
  const endsWell = (at: number): boolean =>
    text.endsWith('*') || at === raw.length || (term ? isMajor(at) : isBreaker(at) || isBreaker(at - 1))
  const place = (index: number, from: number): boolean => {
    if (index === pieces.length) return endsWell(from)
    for (let at = from; at <= raw.length; at++) {
      if (raw.startsWith(pieces[index]!, at) && place(index + 1, at + pieces[index]!.length)) return true
      if (isMajor(at)) return false
    }
    return false
  }
  for (let at = 0; at <= raw.length; at++) {
    if (raw.startsWith(pieces[0]!, at) && startsWell(at) && place(1, at + pieces[0]!.length)) return true
  }
  return false
}
