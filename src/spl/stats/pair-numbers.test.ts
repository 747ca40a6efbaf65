import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PairNumbers } from './pair-numbers.ts'

test('pairs get numbers in the order in which they are first met', () => {
  const pairs = new PairNumbers()
  expect([pairs.numberOf(5, 0), pairs.numberOf(0, 5), pairs.numberOf(5, 0)]).toEqual([0, 1, 0])
  expect(pairs.count).toBe(2)
  expect(pairs.pair(1)).toEqual([0, 5])
})

test('many pairs are told apart as a map of their texts does', () => {
  const number = fc.oneof(fc.nat(30), fc.nat(0xffff_ffff))
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { maxLength: 3000 }), (given) => {
      const pairs = new PairNumbers()
      const known = new Map<string, number>()
      for (const [before, after] of given) {
        const key = `${before} ${after}`
        if (!known.has(key)) known.set(key, known.size)
        expect(pairs.numberOf(before, after)).toBe(known.get(key))
      }
      expect(pairs.count).toBe(known.size)
    }),
    { numRuns: 30 },
  )
})
