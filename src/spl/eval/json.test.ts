import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseContainer, parseJson, parsePath, printJson } from './json.ts'

const reprinted = (text: string): string | undefined => {
  const json = parseJson(text)
  return json === undefined ? undefined : printJson(json)
}

test('parses and prints what JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(reprinted(text)!)).toEqual(JSON.parse(text))
    }),
  )
})

test('refuses what JSON.parse refuses', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[],:"\\01.e-+ntrue\u0001\n') }), (text) => {
      let isJson = true
      try {
        JSON.parse(text)
      } catch {
        isJson = false
      }
      expect(parseJson(text) !== undefined).toBe(isJson)
    }),
    { numRuns: 2000 },
  )
})

describe('keeps what JSON.parse would lose', () => {
  test.each([
    '{"b":1,"1":2,"0":3}',
    '{"__proto__":{"a":1}}',
    '{"id":12345678901234567890123}',
    '[-9007199254740993]',
  ])('%s', (text) => expect(reprinted(text)).toBe(text))
})

test('a document that is nested too deep is not JSON', () => {
  expect(parseJson('['.repeat(100_000))).toBeUndefined()
  expect(parseJson('['.repeat(1000) + ']'.repeat(1000))).toBeUndefined()
})

test('only objects and arrays are containers', () => {
  expect(parseContainer(' {"a":1}')).toEqual(new Map([['a', 1]]))
  for (const text of ['5', '"a"', 'null', '{a}', '']) expect(parseContainer(text)).toBeUndefined()
})

test('a path is keys, indexes and every item', () => {
  const [every] = parsePath('{}')
  expect(parsePath('a.b{0}{}.c-d')).toEqual(['a', 'b', 0, every, 'c-d'])
})
