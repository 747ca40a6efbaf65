import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxJsonDepth, ValueScanner } from './value-scanner.ts'

function scan(text: string, from = 0): string {
  const scanner = new ValueScanner()
  const result = scanner.scan(Buffer.from(text), from)
  return result === 'more' ? 'more' : `${result} ${scanner.at}`
}

test.each([
  ['{}', 'end 2'],
  ['{"a": [1, {"b": "}]"}, null], "c": true} {', 'end 40'],
  ['[[], {}]x', 'end 8'],
  ['"a\\"b" ', 'end 6'],
  ['12,', 'end 2'],
  ['{"a": NaN}', 'end 10'],
  ['{"a":\n\t1\r\n}', 'end 11'],
  ['{"a', 'more'],
  ['{"a\\', 'more'],
  ['{"a": 1', 'more'],
  ['[1,', 'more'],
  ['', 'more'],
])('scans %j', (text, result) => {
  expect(scan(text)).toBe(result)
})

test.each([
  ['{"a"\n}', 'wrong 5'],
  ['{"a": 1 "b": 2}', 'wrong 8'],
  ['{"a": 1]', 'wrong 7'],
  ['{"a":: 1}', 'wrong 5'],
  ['{"a": 1,, "b": 2}', 'wrong 8'],
  ['{a: 1}', 'wrong 1'],
  ['{"a": \'b\'}', 'wrong 6'],
  ['{"a": "cut off\n{"b": 1}', 'wrong 14'],
  ['{"a": 1,\n{"b": 1}', 'wrong 9'],
  ['{"a":\n{"b": 1}\n', 'wrong 6'],
  [']', 'wrong 0'],
])('finds what is wrong in %j', (text, result) => {
  expect(scan(text)).toBe(result)
})

test('an object at the start of a line may be a pretty-printed member', () => {
  expect(scan('{\n"a":\n{\n"b": 1\n}\n}')).toBe('end 19')
  expect(scan('[\n{"a": 1},\n{"b": 1}\n]')).toBe('end 22')
})

test('nesting is limited', () => {
  expect(scan('['.repeat(maxJsonDepth) + ']'.repeat(maxJsonDepth))).toBe(`end ${2 * maxJsonDepth}`)
  expect(scan('['.repeat(100_000))).toBe(`wrong ${maxJsonDepth}`)
})

test.each([
  ['{"a": 12345, "b": -5, "c": 0.5}', false],
  ['{"a": 9007199254740993}', true],
  ['{"a": -9223372036854775808}', true],
  ['{"a": 1.0}', true],
  ['{"a": 1e5}', true],
  ['{"a": "1.0"}', false],
  ['{"a": 1588205199.832602}', false],
])('tells numbers that a double would change in %s', (text, isOdd) => {
  const scanner = new ValueScanner()
  scanner.scan(Buffer.from(text), 0)
  expect(scanner.hasOddNumber).toBe(isOdd)
})

test('ends where JSON ends, whatever follows', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom('', '{"x":1}', ' garbage', '\n'), (json, rest) => {
      // A bare number or word ends only where something else begins.
      const text = /^[[{"]/.test(json) ? json : `${json} `
      expect(scan(text + rest)).toBe(`end ${Buffer.byteLength(json)}`)
    }),
  )
})
