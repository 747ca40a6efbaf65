import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Batch } from '../../value/batch.ts'
import { type Column, constant, dictOf, plain } from '../../value/column.ts'
import { textOf, textsOf, type Value } from '../../value/value.ts'
import { type GroupField, Grouping } from './grouping.ts'

const leaveOut = (name: string): GroupField => ({ name, whenNull: 'leave-out' })

/** The groups of rows as texts of their keys, row by row. */
function groupsOf(grouping: Grouping, batch: Batch, fields: number): string[][] {
  const { rows, groups } = grouping.assign(batch)
  const ofRow = Array.from({ length: batch.length }, (): string[] => [])
  for (const [index, group] of groups.entries()) {
    const keys = Array.from({ length: fields }, (_, field) => textOf(grouping.keyOf(group, field)) ?? 'null')
    ofRow[rows?.[index] ?? index]!.push(keys.join('|'))
  }
  return ofRow
}

test('without fields there is one group, even before any row', () => {
  const grouping = new Grouping([])
  expect(grouping.count).toBe(1)
  expect(grouping.assign(Batch.fromRows([{ a: '1' }, { a: '2' }])).groups).toEqual(Uint32Array.of(0, 0))
})

test('values group as text, with regard to case', () => {
  const grouping = new Grouping([leaveOut('x')])
  const batch = Batch.fromRows([{ x: '1' }, { x: 1 }, { x: '01' }, { x: 'a' }, { x: 'A' }, { x: '' }])
  expect(groupsOf(grouping, batch, 1)).toEqual([['1'], ['1'], ['01'], ['a'], ['A'], ['']])
  expect(grouping.count).toBe(5)
})

test('groups stay the same over batches and kinds of columns', () => {
  const grouping = new Grouping([leaveOut('x'), leaveOut('y')])
  const batch = (x: Column): Batch =>
    new Batch(2, [
      ['x', x],
      ['y', dictOf(['p', 'q'])],
    ])
  const first = grouping.assign(batch(plain(['a', 'b'])))
  const second = grouping.assign(batch(dictOf(['a', 'b'])))
  expect(second.groups).toEqual(first.groups)
  expect(grouping.assign(batch(constant('a'))).groups).toEqual(Uint32Array.of(0, 2))
})

test('a name such as __proto__ is only a text', () => {
  const grouping = new Grouping([leaveOut('__proto__')])
  const batch = new Batch(2, [['__proto__', plain(['constructor', '__proto__'])]])
  expect(groupsOf(grouping, batch, 1)).toEqual([['constructor'], ['__proto__']])
})

describe('null', () => {
  const batch = Batch.fromRows([{ x: 'a', y: 'p' }, { x: 'b' }, { y: 'q' }])

  test('leaves a row out', () => {
    const grouping = new Grouping([leaveOut('x'), leaveOut('y')])
    expect(groupsOf(grouping, batch, 2)).toEqual([['a|p'], [], []])
  })

  test('is a group of its own where that is asked for', () => {
    const grouping = new Grouping([leaveOut('x'), { name: 'y', whenNull: 'keep' }])
    expect(groupsOf(grouping, batch, 2)).toEqual([['a|p'], ['b|null'], []])
  })

  test('becomes a value where one is given', () => {
    const grouping = new Grouping([{ name: 'z', whenNull: { fill: 'none' } }, leaveOut('x')])
    expect(groupsOf(grouping, batch, 2)).toEqual([['none|a'], ['none|b'], []])
  })
})

describe('a multivalue', () => {
  const batch = Batch.fromRows([{ x: ['a', 'a', 'b'], y: ['1', '2'] }])

  test('puts a row into the groups of all its values', () => {
    expect(groupsOf(new Grouping([leaveOut('x')]), batch, 1)).toEqual([['a', 'a', 'b']])
    expect(groupsOf(new Grouping([leaveOut('x')], true), batch, 1)).toEqual([['a', 'b']])
    expect(groupsOf(new Grouping([leaveOut('x'), leaveOut('y')], true), batch, 2)).toEqual([
      ['a|1', 'a|2', 'b|1', 'b|2'],
    ])
  })

  test('that multiplies beyond measure is refused', () => {
    const many = Array.from({ length: 1200 }, (_, index) => String(index))
    const grouping = new Grouping([leaveOut('x'), leaveOut('y')])
    expect(() => grouping.assign(Batch.fromRows([{ x: many, y: many }]))).toThrow(
      'combinations of values of the BY fields "x", "y"',
    )
  })
})

test('any rows in any batches are in the groups of their texts', () => {
  const cell: fc.Arbitrary<Value> = fc.constantFrom<Value>(
    'a',
    'b',
    '1',
    1,
    undefined,
    ['a', 'b'],
    ['1', '1'],
  )
  const row = fc.record({ x: cell, y: cell, z: cell })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), fc.nat(12), fc.boolean(), (rows, cut, isDict) => {
      const grouping = new Grouping(['x', 'y', 'z'].map(leaveOut))
      const batchOf = (part: typeof rows): Batch =>
        new Batch(
          part.length,
          (['x', 'y', 'z'] as const).map((name) => {
            const values = part.map((fields) => fields[name])
            return [name, isDict ? dictOf(values) : plain(values)] as const
          }),
        )
      const actual = [rows.slice(0, cut), rows.slice(cut)].flatMap((part) =>
        groupsOf(grouping, batchOf(part), 3),
      )
      const expected = rows.map(({ x, y, z }) =>
        textsOf(x).flatMap((a) => textsOf(y).flatMap((b) => textsOf(z).map((c) => `${a}|${b}|${c}`))),
      )
      expect(actual).toEqual(expected)
    }),
  )
})
