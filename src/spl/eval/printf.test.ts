import { expect, test } from 'vitest'
import type { Value } from '../../value/value.ts'
import { formatArguments, parseFormat } from './printf.ts'

const print = (format: string, ...args: Value[]): string => formatArguments(parseFormat(format), args)

// Expected texts are those of the Search Reference or of C's printf.
test.each<[string, Value[], string]>([
  ['%d,%i,%d', [-2, 4, 30], '-2,4,30'],
  ['%.2e', [5139], '5.14e+03'],
  ['%.2f', [Math.PI], '3.14'],
  ['%.2g,%.2g', [Math.PI, 123], '3.1,1.2e+02'],
  ['%o', [255], '377'],
  ['%s%z', ['foo', 'bar'], 'foobar'],
  ['%x,%X,%p', [10, 10, 10], 'a,A,A'],
  ['100%%', [], '100%'],
  ['%c,%c', [65, 'Foo'], 'A,F'],
  ['%.3A', [Math.PI], '0X1.922P+1'],
  ['%a', [0.5], '0x1p-1'],
  ["%'d", [1234567], '1,234,567'],
  ['%-4d|', [1], '1   |'],
  ['%04d', [-1], '-001'],
  ['%+4d|% d', [1, 1], '  +1| 1'],
  ['%#x %#o', [1, 8], '0x1 010'],
  ['%*d|%-*d|', [5, 123, 5, 123], '  123|123  |'],
  ['%.*f', [1, 1.23], '1.2'],
  ['%.0f %.0f %.1f', [0.5, 1.5, 1.25], '0 2 1.2'],
  ['%.5d', [42], '00042'],
  ['%.3s|%6.2s|', ['abcdef', 'xyz'], 'abc|    xy|'],
  ['%g %g %g', [100000, 1000000, 0.0001], '100000 1e+06 0.0001'],
  ['%#g', [1.5], '1.50000'],
  ['%G', [1e-10], '1E-10'],
  ['%x', [-1], 'ffffffffffffffff'],
  ['%d|%s|%f', ['abc', undefined, undefined], '0||0.000000'],
])('%s of %o is %s', (format, args, expected) => {
  expect(print(format, ...args)).toBe(expected)
})

test.each(['%q', '%', '%5', '%n', '%1$d'])('%s is refused', (format) => {
  expect(() => print(format, 1)).toThrow(/conversion/)
})

test('a width cannot fill the memory', () => {
  expect(print('%999999999d', 1).length).toBe(10_000)
  expect(print('%*d', -1e12, 1).length).toBe(10_000)
})
