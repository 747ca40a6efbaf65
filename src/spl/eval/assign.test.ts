import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { Batch } from '../../value/batch.ts'
import type { Value } from '../../value/value.ts'
import { parseExpression } from '../syntax/parser.ts'
import { type Assignment, compileAssignments } from './assign.ts'

const warnings: Diagnostic[] = []
const context = { now: 0, timeZone: 'UTC', warn: (warning: Diagnostic) => void warnings.push(warning) }

const assignments = (pairs: readonly (readonly [Assignment['field'], string])[]): Assignment[] =>
  pairs.map(([field, expression]) => ({ field, expression: parseExpression(expression) }))

function run(
  pairs: Parameters<typeof assignments>[0],
  rows: Record<string, Value>[],
): Record<string, Value>[] {
  const batch = compileAssignments(assignments(pairs), context)(Batch.fromRows(rows))
  return batch.rows().map((row) => Object.fromEntries(row))
}

test('assignments run left to right and see the earlier ones', () => {
  expect(
    run(
      [
        ['a', '1'],
        ['b', 'a + 1'],
        ['a', 'a + b'],
      ],
      [{ c: 'x' }],
    ),
  ).toEqual([{ c: 'x', a: 3, b: 2 }])
})

test('null removes the value', () => {
  expect(run([['a', 'null()']], [{ a: '1', b: '2' }])).toEqual([{ b: '2' }])
  expect(
    run(
      [['a', 'if(b=2, null(), a)']],
      [
        { a: '1', b: '2' },
        { a: '1', b: '3' },
      ],
    ),
  ).toEqual([{ b: '2' }, { a: '1', b: '3' }])
})

test('field names may hold anything', () => {
  expect(
    run(
      [
        ['first  ', '123'],
        ['second', "'first  '"],
      ],
      [{}],
    ),
  ).toEqual([{ 'first  ': 123, second: 123 }])
  const assigned = compileAssignments(assignments([['__proto__', '1']]), context)(new Batch(1, []))
  expect(assigned.value('__proto__', 0)).toBe(1)
})

test('a Boolean cannot be assigned, but one that if() chose is text', () => {
  expect(() => run([['a', 'b == c']], [{}])).toThrow('The Boolean result cannot be assigned to "a".')
  expect(() => run([['a', 'like("a", "a%")']], [{}])).toThrow(/Boolean/)
  expect(run([['a', 'if(b=1, true(), "no")']], [{ b: '1' }, { b: '2' }])).toEqual([
    { b: '1', a: 'True' },
    { b: '2', a: 'no' },
  ])
})

describe('names made of values', () => {
  test('fill the braces, row by row', () => {
    const rows = [{ name: 'x', value: '1' }, { name: 'y', value: '2', v_x: 'kept' }, { value: '3' }]
    expect(run([[{ template: 'v_{name}' }, 'value']], rows)).toEqual([
      { name: 'x', value: '1', v_x: '1' },
      { name: 'y', value: '2', v_x: 'kept', v_y: '2' },
      { value: '3' },
    ])
  })

  test('braces in data are part of the name; in the search itself they never end', () => {
    expect(run([[{ template: 'v_{p}' }, 'p']], [{ p: '{p}' }])).toEqual([{ p: '{p}', 'v_{p}': '{p}' }])
    expect(() =>
      run(
        [
          ['p', '"{p}"'],
          [{ template: 'v_{p}' }, 'p'],
        ],
        [{}],
      ),
    ).toThrow('never ends')
  })

  test('are limited, and say so', () => {
    warnings.length = 0
    const rows = Array.from({ length: 1200 }, (_, index) => ({ name: `n${index}` }))
    const batch = compileAssignments(
      assignments([[{ template: '{name}' }, '1']]),
      context,
    )(Batch.fromRows(rows))
    expect(batch.names()).toHaveLength(1001)
    expect(warnings).toMatchObject([{ code: 'limit-reached' }])
  })
})
