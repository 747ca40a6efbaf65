import { expect, test } from 'vitest'
import { member, memberText, parseJson, parseJsonObject, textOfValue } from './parse.ts'

test('numbers that a double would change keep their text', () => {
  expect(
    parseJson(
      '{"a":-9223372036854775808,"b":9007199254740993,"c":1.0,"d":1e5,"e":12,"f":-0,"g":[0.10]}',
      true,
    ),
  ).toEqual({
    a: '-9223372036854775808',
    b: '9007199254740993',
    c: '1.0',
    d: '1e5',
    e: 12,
    f: '-0',
    g: ['0.10'],
  })
})

test('digits in texts are left alone', () => {
  const text = '{"a":"x: 12345678901234567890, 1.0","\\"1.0":1.0,"b\\\\":"\\\\","c":"\\""}'
  expect(parseJson(text, true)).toEqual({
    a: 'x: 12345678901234567890, 1.0',
    '"1.0': '1.0',
    'b\\': '\\',
    c: '"',
  })
})

test('raw control characters and NaN are read', () => {
  expect(parseJson('{"a":"x\u0001\ty","b":NaN,"c":[-Infinity,Infinity]}', false)).toEqual({
    a: 'x\u0001\ty',
    b: 'NaN',
    c: ['-Infinity', 'Infinity'],
  })
})

test.each(['', '{', '{"a":}', "{'a':1}", '{"a":1,}', '{"a":"\\x"}', 'nonsense', '{"a":1} x', '{"a":01.0}'])(
  '%j is not JSON',
  (text) => {
    expect(parseJsonObject(text)).toBeUndefined()
  },
)

test('hostile keys are data', () => {
  const value = parseJsonObject('{"__proto__":{"a":1},"constructor":2}')!
  expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
  expect(member(value, 'toString')).toBeUndefined()
  expect(member(value, 'constructor')).toBe(2)
  expect((value as { a?: unknown }).a).toBeUndefined()
})

test('deep nesting is refused without running out of stack', () => {
  expect(parseJsonObject(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)).toBeUndefined()
})

test('values are shown as texts', () => {
  expect(['a', 1, true, null, [1, 'b'], { a: 1 }].map(textOfValue)).toEqual([
    'a',
    '1',
    'true',
    '',
    '[1,"b"]',
    '{"a":1}',
  ])
})

test('the text of a member is cut out as it stands', () => {
  const text = '{ "a" : 1.0 , "event": {"n": 9007199254740993, "s": "}"} , "b": "é" }'
  expect(memberText(text, 'event')).toBe('{"n": 9007199254740993, "s": "}"}')
  expect(memberText(text, 'a')).toBe('1.0')
  expect(memberText(text, 'b')).toBe('"é"')
  expect(memberText(text, 'c')).toBeUndefined()
  expect(memberText('{"event":1,"ev\\u0065nt":2}', 'event')).toBe('2')
})

test.each(['"\\', '1.0,', '\u0001', '"a"'])('a flood of %j takes linear time', (flood) => {
  const started = performance.now()
  parseJson(`{"a":[${flood.repeat(300_000)}`, true)
  expect(performance.now() - started).toBeLessThan(3_000)
})
