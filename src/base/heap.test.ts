import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TopK } from './heap.ts'

test('TopK keeps what a stable sort would put first, in its order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), fc.nat(12), (numbers, k) => {
      const rows = numbers.map((key, order) => ({ key, order }))
      const top = new TopK<{ key: number; order: number }>(k, (a, b) => a.key - b.key)
      for (const row of rows) top.add(row)
      expect(top.sorted()).toEqual(rows.toSorted((a, b) => a.key - b.key).slice(0, k))
      expect(top.size).toBe(Math.min(k, rows.length))
    }),
  )
})

test('add says whether the item was kept', () => {
  const top = new TopK<number>(1, (a, b) => a - b)
  expect(top.add(5)).toBe(true)
  expect(top.add(5)).toBe(false)
  expect(top.add(4)).toBe(true)
  expect(new TopK<number>(0, (a, b) => a - b).add(1)).toBe(false)
})
