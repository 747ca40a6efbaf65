import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Batch } from '../../../value/batch.ts'
import { rowComparator, type SortField, sortedRows } from './sort-order.ts'

const by = (field: string, descending = false, type: SortField['type'] = 'auto'): SortField => ({
  field,
  descending,
  type,
})
const sorted = (values: readonly (string | undefined)[], field: SortField): (string | undefined)[] => {
  const batch = Batch.fromRows(values.map((x) => ({ x })))
  return Array.from(sortedRows(batch, [field]), (row) => values[row])
}

test('each pair decides for itself: numbers, addresses, text', () => {
  expect(sorted(['10', '9', '1e1'], by('x'))).toEqual(['9', '10', '1e1'])
  expect(sorted(['10.0.0.10', '10.0.0.9'], by('x'))).toEqual(['10.0.0.9', '10.0.0.10'])
  expect(sorted(['a10', 'a9'], by('x'))).toEqual(['a10', 'a9'])
})

test('what is no number follows the numbers of num(), and what is no address those of ip()', () => {
  expect(sorted(['x', '10', '9'], by('x', false, 'num'))).toEqual(['9', '10', 'x'])
  expect(sorted(['x', '10.0.0.1', '9.0.0.1'], by('x', false, 'ip'))).toEqual(['9.0.0.1', '10.0.0.1', 'x'])
})

test('sorting keeps every row, once, and numbers come out in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer(), { nil: undefined })),
      fc.boolean(),
      (numbers, descending) => {
        const batch = Batch.fromRows(
          numbers.map((number) => ({ x: number === undefined ? undefined : String(number) })),
        )
        const rows = [...sortedRows(batch, [by('x', descending)])]
        expect([...rows].sort((a, b) => a - b)).toEqual(numbers.map((_, row) => row))
        const present = rows.map((row) => numbers[row]).filter((number) => number !== undefined)
        expect(present).toEqual(present.toSorted((a, b) => (descending ? b - a : a - b)))
        // Missing values come last in both directions.
        expect(rows.slice(present.length).every((row) => numbers[row] === undefined)).toBe(true)
      },
    ),
  )
})

test('a later field decides among rows that the earlier one leaves equal', () => {
  const batch = Batch.fromRows([
    { a: '1', b: '2' },
    { a: '1', b: '1' },
  ])
  const compare = rowComparator(batch, [by('a'), by('b')])
  expect(compare(0, 1)).toBeGreaterThan(0)
})
