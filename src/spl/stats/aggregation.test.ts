import { describe, expect, test } from 'vitest'
import { Batch } from '../../value/batch.ts'
import { plain } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import { defaultLimits } from '../run/context.ts'
import type { AggregateCall } from './aggregate-call.ts'
import { Aggregation, type AggregationContext } from './aggregation.ts'

const context: AggregationContext = {
  now: 0,
  timeZone: 'UTC',
  limits: defaultLimits,
  warn: () => {},
  earliest: undefined,
  latest: undefined,
}

const count: AggregateCall = { function: 'count', argument: { kind: 'none' }, output: 'count' }
const every = (name: string, pattern: string, output: string): AggregateCall => ({
  function: name,
  argument: { kind: 'wildcard', pattern },
  output,
})

function results(aggregation: Aggregation, group = 0): Record<string, Value> {
  return Object.fromEntries(aggregation.results().map(({ name, value }) => [name, value(group)]))
}

describe('a wildcard', () => {
  test('gives a result for each field that matches, also for those that turn up late', () => {
    const aggregation = new Aggregation([every('sum', 'a_*', 'total_*')], [], context)
    aggregation.add(Batch.fromRows([{ a_x: '1', b: '9' }]))
    aggregation.add(Batch.fromRows([{ a_x: '1', a_y: '5' }]))
    expect(results(aggregation)).toEqual({ total_x: 2, total_y: 5 })
  })

  test('passes over internal fields, BY fields and names that are taken', () => {
    const first: AggregateCall = { function: 'first', argument: { kind: 'field', name: 'a' }, output: 'b' }
    const aggregation = new Aggregation(
      [every('values', '*', '*'), first],
      [{ name: 'k', whenNull: 'leave-out' }],
      context,
    )
    aggregation.add(Batch.fromRows([{ k: '1', a: 'x', b: 'y', _raw: 'z' }]))
    expect(results(aggregation)).toEqual({ a: 'x', b: 'x' })
  })
})

describe('origins', () => {
  const batch = (from: number, length: number): Batch =>
    new Batch(
      length,
      [['k', plain(Array.from({ length }, (_, row) => (row === 0 ? 'a' : 'b')))]],
      undefined,
      (row) => [{ file: 'x.evtx', record: String(from + row) }],
    )

  test('of a group are those of its rows, at most 100', () => {
    const aggregation = new Aggregation([count], [{ name: 'k', whenNull: 'leave-out' }], context)
    aggregation.add(batch(0, 3))
    aggregation.add(batch(1000, 200))
    expect(aggregation.hasOrigins).toBe(true)
    expect(aggregation.originsOf(0)).toEqual([
      { file: 'x.evtx', record: '0' },
      { file: 'x.evtx', record: '1000' },
    ])
    expect(aggregation.originsOf(1)).toHaveLength(100)
    expect(aggregation.originsOf(1)[1]).toEqual({ file: 'x.evtx', record: '2' })
  })

  test('are none where rows do not tell', () => {
    const aggregation = new Aggregation([count], [], context)
    aggregation.add(Batch.fromRows([{ a: '1' }]))
    expect(aggregation.hasOrigins).toBe(false)
    expect(aggregation.originsOf(0)).toEqual([])
  })
})

test('groups can be put together afterwards', () => {
  const average: AggregateCall = { function: 'avg', argument: { kind: 'field', name: 'x' }, output: 'avg' }
  const aggregation = new Aggregation([average, count], [{ name: 'k', whenNull: 'leave-out' }], context)
  aggregation.add(Batch.fromRows(['a', 'b', 'b', 'c'].map((k, row) => ({ k, x: row }))))
  const [avg, counts] = aggregation.regrouped(Uint32Array.of(0, 1, 1))
  expect([avg!.value(0), avg!.value(1)]).toEqual([0, 2])
  expect([counts!.value(0), counts!.value(1), counts!.value(2)]).toEqual([1, 3, 0])
})

test('with allNumbers a group with text has no numerical results', () => {
  const sum: AggregateCall = { function: 'sum', argument: { kind: 'field', name: 'x' }, output: 'sum' }
  const max: AggregateCall = { function: 'max', argument: { kind: 'field', name: 'x' }, output: 'max' }
  const aggregation = new Aggregation([sum, max], [{ name: 'k', whenNull: 'leave-out' }], context, {
    allNumbers: true,
  })
  aggregation.add(Batch.fromRows([{ k: 'a', x: '1' }, { k: 'a', x: 'y' }, { k: 'b', x: '2' }, { k: 'b' }]))
  expect(results(aggregation, 0)).toEqual({ sum: undefined, max: 'y' })
  expect(results(aggregation, 1)).toEqual({ sum: 2, max: '2' })
})

test('more groups than the limit are refused', () => {
  const limited = { ...context, limits: { ...defaultLimits, maxRows: 2 } }
  const aggregation = new Aggregation([count], [{ name: 'k', whenNull: 'leave-out' }], limited)
  expect(() => aggregation.add(Batch.fromRows([{ k: 'a' }, { k: 'b' }, { k: 'c' }]))).toThrow(
    '"k" make more than 2 groups',
  )
})
