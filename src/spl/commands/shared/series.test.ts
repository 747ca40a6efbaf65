import { expect, test } from 'vitest'
import type { SeriesChoice } from './chart-terms.ts'
import { planSeries } from './series.ts'

const scores = new Map([
  ['b', 5],
  ['a', 5],
  ['c', 9],
  ['_d', 1],
])

const rank = (from: 'top' | 'bottom', count: number, isIn = true): SeriesChoice => ({
  kind: 'rank',
  from,
  count,
  isIn,
})

test.each<[string, SeriesChoice, boolean, readonly string[]]>([
  ['the best, the first in the alphabet among equals', rank('top', 2), false, ['a', 'c', 'OTHER']],
  ['the last', rank('bottom', 1), false, ['VALUE_d', 'OTHER']],
  ['all', rank('top', 0), false, ['VALUE_d', 'a', 'b', 'c']],
  ['all but the best', rank('top', 1, false), false, ['VALUE_d', 'a', 'b', 'OTHER']],
  [
    'those above a bound',
    { kind: 'threshold', operator: '>', number: 4 },
    true,
    ['a', 'b', 'c', 'NULL', 'OTHER'],
  ],
])('series are %s', (_name, choice, hasNull, names) => {
  expect(planSeries(scores, hasNull, { choice, options: {} }).names).toEqual(names)
})

test('what is not shown has no name', () => {
  const { names, nameOf } = planSeries(scores, true, {
    choice: rank('top', 1),
    options: { useother: false, usenull: false },
  })
  expect(names).toEqual(['c'])
  expect([nameOf('c'), nameOf('a'), nameOf(undefined)]).toEqual(['c', undefined, undefined])
})
