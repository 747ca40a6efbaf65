import { expect, test } from 'vitest'
import { MemoryBudget } from './memory.ts'

const mebibytes = (count: number): number => count * 1024 * 1024

test('the search that holds most makes room, and the others go on', () => {
  // 500 MiB for the process leave 180 MiB for searches.
  const budget = new MemoryBudget(mebibytes(500))
  const [small, large] = [budget.share(), budget.share()]
  const [rows, groups] = [{}, {}]
  large.hold(rows, mebibytes(60))
  large.hold(groups, mebibytes(60))
  small.hold(rows, mebibytes(50))
  small.hold(rows, mebibytes(55))
  small.hold(rows, mebibytes(70))
  expect(small.bytes).toBe(mebibytes(70))
  expect(() => large.check()).toThrow('held about 120 MiB of rows, groups and values')
  expect(() => large.hold(rows, 0)).toThrow('raise --max-memory (limits.max_memory), now 500 MiB')
  small.hold(groups, mebibytes(100))
  expect(() => small.hold(groups, mebibytes(111))).toThrow('held about 181 MiB')
})

test('what an ended search held is free again', () => {
  const budget = new MemoryBudget(mebibytes(500))
  for (let search = 0; search < 5; search++) {
    const share = budget.share()
    share.hold({}, mebibytes(100))
    share.end()
    expect(share.bytes).toBe(0)
  }
})

test('searches may hold something however little the process may take', () => {
  const share = new MemoryBudget(1).share()
  share.hold({}, mebibytes(32))
  expect(() => share.hold({}, 1)).toThrow('all searches together held 32 MiB')
})
