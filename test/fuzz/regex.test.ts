import { expect, test } from 'vitest'
import { fuzzRegex } from './regex.ts'

test('V8 and the backtracker agree on random patterns and texts', () => {
  const { patterns, matches, native, failures } = fuzzRegex(
    { extent: { inputs: 2000 }, seed: 20_260_103 },
    false,
  )
  expect(failures).toEqual([])
  // Not for nothing: patterns matched, and V8 ran many of them.
  expect(patterns).toBeGreaterThan(1000)
  expect(matches).toBeGreaterThan(1000)
  expect(native).toBeGreaterThan(1000)
}, 60_000)
