import { expect, test } from 'vitest'
import { Batch } from '../../value/batch.ts'
import { constant, dict, plain } from '../../value/column.ts'
import { choose, firstTrue, mapMany, mapOne, maskWhere } from './columns.ts'

test('a dictionary that is larger than the batch is not visited whole', () => {
  const seen: unknown[] = []
  const column = dict(['a', 'b', 'c', 'd'], Uint32Array.of(3, 1))
  const watched = mapOne(column, 2, (value) => {
    seen.push(value)
    return value
  })
  expect(watched).toEqual(plain(['d', 'b']))
  expect(seen).toEqual(['d', 'b'])
  expect([...maskWhere(column, 2, (value) => value === 'b')]).toEqual([0, 1])
})

test('columns of one field are combined once per distinct value', () => {
  const codes = Uint32Array.of(0, 1, 0)
  let calls = 0
  const combined = mapMany([dict(['a', 'b'], codes), constant('-'), dict(['A', 'B'], codes)], 3, (args) => {
    calls++
    return args.join('')
  })
  expect(combined).toEqual(dict(['a-A', 'b-B'], codes))
  expect(calls).toBe(2)
})

test('conditions decide rows in turn, and later ones see only what is open', () => {
  const batch = Batch.fromRows(Array.from({ length: 10 }, (_, index) => ({ n: String(index) })))
  const sizes: number[] = []
  const below = (limit: number) => (rows: Batch) => {
    sizes.push(rows.length)
    return Uint8Array.from({ length: rows.length }, (_, row) =>
      Number(rows.value('n', row)) < limit ? 1 : 0,
    )
  }
  expect([...firstTrue([below(7), below(8), below(9)], batch)]).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 2, 3])
  expect(sizes).toEqual([10, 3, 3])
})

test('an expression that no row chose is not computed', () => {
  const batch = new Batch(2, [])
  const never = () => {
    throw new Error('computed')
  }
  expect(choose([() => constant('a'), never], Uint32Array.of(0, 2), batch)).toEqual(
    dict(['a', undefined, undefined], Uint32Array.of(0, 2)),
  )
})
