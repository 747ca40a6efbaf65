import { expect, test } from 'vitest'
import { fuzzRegex } from './regex.ts'

test('V8 and the backtracker agree on random patterns and texts', () => {
  const { patterns, matches, native, failures } = fuzzRegex(2, 20_260_103)
  expect(failures).toEqual([])
  // Not for nothing: patterns matched, and V8 ran many of them.
  expect(patterns).toBeGreaterThan(50)
  expect(matches).toBeGreaterThan(50)
  expect(native).toBeGreaterThan(50)
})
