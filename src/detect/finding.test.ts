import { describe, expect, test } from 'vitest'
import type { Value } from '../value/value.ts'
import { findingTimes } from './finding.ts'

const row = (values: Record<string, Value>): Map<string, Value> => new Map(Object.entries(values))

describe('the times of a row', () => {
  test('firstTime and lastTime count, as epoch seconds or formatted in the zone of the scan', () => {
    expect(findingTimes(row({ firstTime: 100, lastTime: '200.5', count: '7' }), 'UTC', [])).toEqual({
      time: 200.5,
      first: 100,
      last: 200.5,
      count: 7,
    })
    const formatted = row({ firstTime: '2021-11-15T14:19:27', lastTime: '2021-11-15T14:20:00' })
    expect(findingTimes(formatted, 'UTC', [])).toMatchObject({ first: 1636985967, last: 1636986000 })
    expect(findingTimes(formatted, '+02:00', [])).toMatchObject({ first: 1636985967 - 7200 })
  })

  test('a row of one event has its time; a row without any has those of its events', () => {
    expect(findingTimes(row({ _time: 5 }), 'UTC', [])).toEqual({ time: 5, first: 5, last: 5, count: 1 })
    expect(findingTimes(row({}), 'UTC', [], { first: 1, last: 2 })).toEqual({
      time: 2,
      first: 1,
      last: 2,
      count: 1,
    })
    const events = [1, 2, 3].map((record) => ({ file: 'a', record: String(record) }))
    expect(findingTimes(row({}), 'UTC', events)).toEqual({ count: 3 })
  })

  test('what is no time and no count is passed over', () => {
    const odd = row({ firstTime: 'yesterday', lastTime: ['x'], count: '-1' })
    expect(findingTimes(odd, 'UTC', [])).toEqual({ count: 1 })
  })
})
