import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dictOf, plain } from '../../../value/column.ts'
import { displayValue, multivalue, type Value } from '../../../value/value.ts'
import { defaultLimits } from '../../run/context.ts'
import type { Accumulator, AggregateInput } from '../aggregate.ts'
import { aggregateNames, aggregates, findAggregate } from './index.ts'

const folder = new URL('.', import.meta.url)

function create(name: string, warn: (message: string) => void = () => {}): Accumulator {
  const found = findAggregate(name)!
  return found.definition.create({
    number: found.number,
    hasField: true,
    limits: defaultLimits,
    timeZone: 'UTC',
    warn,
    secondsOf: () => 60,
  })
}

interface Row {
  readonly value: Value
  readonly time: number
  readonly group: number
}

function input(rows: readonly Row[], groupCount: number, isDict: boolean): AggregateInput {
  const values = rows.map(({ value }) => value)
  return {
    length: rows.length,
    column: isDict ? dictOf(values) : plain(values),
    times: plain(rows.map(({ time }) => time)),
    groups: Uint32Array.from(rows, ({ group }) => group),
    groupCount,
  }
}

function resultOf(name: string, values: readonly Value[], times: readonly number[] = []): Value {
  const accumulator = create(name)
  accumulator.add(
    input(
      values.map((value, row) => ({ value, time: times[row] ?? 0, group: 0 })),
      1,
      false,
    ),
  )
  return accumulator.result(0)
}

test('every file of the folder is listed', () => {
  const files = readdirSync(folder).filter(
    (file) => file.endsWith('.ts') && !/^index\.|\.test\.ts$/.test(file),
  )
  expect(files.length).toBe(aggregates.length)
  expect(new Set(aggregateNames()).size).toBe(
    aggregates.flatMap(({ aliases = [] }) => ['', ...aliases]).length,
  )
})

describe('examples', () => {
  for (const { name, examples, usesTime, onlyIn } of aggregates) {
    if (!usesTime && onlyIn === undefined)
      test(`${name} has some`, () => expect(examples.length).toBeGreaterThan(0))
    test.each(examples.map((example) => [example.call, example] as const))(
      '%s',
      (_call, { call, values, result }) => {
        const called = call.slice(0, call.indexOf('('))
        const value = resultOf(
          called,
          values.map((item) =>
            Array.isArray(item) ? multivalue(item) : ((item as string | null) ?? undefined),
          ),
        )
        expect(displayValue(value)).toEqual(result ?? undefined)
      },
    )
  }
})

describe('names', () => {
  test('may be in any case and have aliases', () => {
    expect(findAggregate('COUNT')?.definition.name).toBe('count')
    expect(findAggregate('c')?.definition.name).toBe('count')
    expect(findAggregate('distinct_count')?.definition.name).toBe('dc')
  })

  test('of percentiles carry a number from 0 to 100', () => {
    expect(findAggregate('p99.9')).toMatchObject({ number: 99.9, definition: { name: 'perc' } })
    expect(findAggregate('perc101')).toBeUndefined()
    expect(findAggregate('perc')).toBeUndefined()
    expect(findAggregate('sum5')).toBeUndefined()
  })
})

describe('values', () => {
  test('that are no numbers do not count in sums and the like, and null is their result alone', () => {
    for (const name of ['sum', 'avg', 'range', 'stdev', 'perc50', 'median', 'sumsq', 'rate']) {
      expect(resultOf(name, ['x', undefined]), name).toBeUndefined()
    }
  })

  test('of a multivalue count one by one', () => {
    expect(resultOf('sum', [['1', '2'], '3'])).toBe(6)
    expect(resultOf('list', [['b', 'a'], 'c'])).toEqual(['b', 'a', 'c'])
    expect(resultOf('max', [['1', '20'], '3'])).toBe('20')
    expect(resultOf('first', [['b', 'a']])).toBe('b')
    expect(resultOf('last', [['b', 'a']])).toBe('a')
  })

  test('keep how they were written in min and max', () => {
    expect(resultOf('min', ['0.0', '2.80'])).toBe('0.0')
    expect(resultOf('max', ['0.0', '2.80'])).toBe('2.80')
  })

  test('are told apart by their code points', () => {
    expect(resultOf('max', ['\u{1f600}', '\uffee'])).toBe('\u{1f600}')
    expect(resultOf('values', ['\u{1f600}', '\uffee', 'a'])).toEqual(['a', '\uffee', '\u{1f600}'])
  })
})

describe('times', () => {
  test('decide earliest and latest, not the order of rows', () => {
    expect(resultOf('earliest', ['b', 'c', 'a'], [20, 30, 10])).toBe('a')
    expect(resultOf('latest', ['b', 'c', 'a'], [20, 30, 10])).toBe('c')
    expect(resultOf('latest_time', ['b', undefined, 'a'], [20, 30, 10])).toBe('20.000000')
    expect(resultOf('earliest_time', ['b', 'c', undefined], [20, 30, 10])).toBe('20.000000')
  })

  test('being equal, the row that a search gives first is the latest', () => {
    expect(resultOf('latest', ['new', 'old'], [5, 5])).toBe('new')
    expect(resultOf('earliest', ['new', 'old'], [5, 5])).toBe('old')
  })

  test('make a rate, which counts what a counter had before it was reset', () => {
    expect(resultOf('rate', ['10', '4'], [3, 0])).toBe(2)
    expect(resultOf('rate', ['4', '2', '10', '1'], [3, 2, 1, 0])).toBe(13 / 3)
    expect(resultOf('rate', ['4', '2'], [1, 1])).toBeUndefined()
  })

  test('scale the rates of timechart to their unit', () => {
    expect(resultOf('per_second', ['60', '60'])).toBe(2)
    expect(resultOf('per_minute', ['60', '60'])).toBe(120)
    expect(resultOf('per_hour', ['1'])).toBe(60)
    expect(resultOf('per_day', ['1'])).toBe(1440)
  })
})

test('list stops at its limit and says so', () => {
  const warnings: string[] = []
  const accumulator = create('list', (message) => warnings.push(message))
  accumulator.add(
    input(
      Array.from({ length: 101 }, (_, row) => ({ value: String(row), time: 0, group: 0 })),
      1,
      false,
    ),
  )
  expect(accumulator.result(0)).toHaveLength(100)
  expect(warnings[0]).toContain('first 100 values')
})

test('a group without rows gives 0 for counts and null for all others', () => {
  for (const { name, takesNumber } of aggregates) {
    const expected = ['count', 'dc', 'estdc'].includes(name) ? 0 : undefined
    expect(create(takesNumber ? `${name}50` : name).result(3), name).toBe(expected)
  }
})

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -50, max: 50 }),
  fc.constantFrom<Value>('a', 'B', '10', '9', '1.5', '', '\u{1f600}', '__proto__', undefined),
  fc.array(fc.constantFrom('1', '2', 'x'), { minLength: 2, maxLength: 3 }),
)

const rows = fc.array(
  fc.record({ value, time: fc.integer({ min: 0, max: 5 }), group: fc.integer({ min: 0, max: 2 }) }),
  { maxLength: 20 },
)

describe('parts give what one pass gives', () => {
  for (const { name, takesNumber } of aggregates) {
    const called = takesNumber ? `${name}75` : name
    test(called, () => {
      fc.assert(
        fc.property(rows, fc.nat(20), fc.boolean(), (all, cut, isDict) => {
          const whole = create(called)
          whole.add(input(all, 3, isDict))
          const split = create(called)
          split.add(input(all.slice(0, cut), 3, !isDict))
          split.add(input(all.slice(cut), 3, isDict))
          const merged = create(called)
          merged.add(input(all.slice(0, cut), 3, isDict))
          const rest = create(called)
          rest.add(
            input(
              all.slice(cut).map((row) => ({ ...row, group: 2 - row.group })),
              3,
              isDict,
            ),
          )
          merged.merge(rest, Uint32Array.of(2, 1, 0))
          for (let group = 0; group < 3; group++) {
            expectSame(split.result(group), whole.result(group))
            expectSame(merged.result(group), whole.result(group))
          }
        }),
        { numRuns: 60 },
      )
    })

    test(`${called}, where groups become one`, () => {
      fc.assert(
        fc.property(rows, (all) => {
          const ordered = all.toSorted((a, b) => a.group - b.group)
          const whole = create(called)
          whole.add(
            input(
              ordered.map((row) => ({ ...row, group: 0 })),
              1,
              false,
            ),
          )
          const groups = create(called)
          groups.add(input(ordered, 3, false))
          const merged = create(called)
          merged.merge(groups, Uint32Array.of(0, 0, 0))
          expectSame(merged.result(0), whole.result(0))
        }),
        { numRuns: 60 },
      )
    })
  }
})

/** Sums may differ in their last bits by the order in which they were added. */
function expectSame(actual: Value, expected: Value): void {
  if (typeof expected === 'number' && typeof actual === 'number') expect(actual).toBeCloseTo(expected, 9)
  else expect(actual).toEqual(expected)
}
