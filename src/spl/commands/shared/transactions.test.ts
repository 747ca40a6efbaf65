import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Key } from './open-transactions.ts'
import { TransactionBuilder, type TransactionEvent, type TransactionRules } from './transactions.ts'

const rules: TransactionRules = {
  connected: true,
  maxspan: undefined,
  maxpause: undefined,
  maxevents: 1000,
  hasStart: false,
  hasEnd: false,
  unifyends: false,
  maxopentxn: undefined,
  maxopenevents: undefined,
}

/** Texts as numbers, as the command hands them in. */
const keyOf = (text: string | undefined): Key => (text === undefined ? undefined : Number.parseInt(text, 36))

/** Events from the newest to the oldest: time, keys, and whether they start or end. */
function build(
  changed: Partial<TransactionRules>,
  fieldCount: number,
  events: readonly [time: number, keys: readonly (string | undefined)[], mark?: 'start' | 'end' | 'both'][],
): TransactionBuilder {
  const builder = new TransactionBuilder({ ...rules, ...changed }, fieldCount)
  events.forEach(([time, keys, mark], row) => {
    const event: TransactionEvent = {
      row,
      time,
      keys: keys.map(keyOf),
      starts: mark === 'start' || mark === 'both',
      ends: mark === 'end' || mark === 'both',
    }
    builder.add(event)
  })
  builder.finish()
  return builder
}

const rowsOf = (builder: TransactionBuilder) => builder.closed.map(({ rows }) => rows)

test('events with the same value are one transaction', () => {
  expect(
    rowsOf(
      build({}, 1, [
        [3, ['a']],
        [2, ['b']],
        [1, ['a']],
      ]),
    ),
  ).toEqual([[0, 2], [1]])
})

test('an event without any of the fields is an orphan', () => {
  expect(
    build({}, 1, [
      [3, ['a']],
      [2, [undefined]],
    ]).orphans,
  ).toEqual([1])
})

test('a transaction takes on the values of its events', () => {
  const events: [number, (string | undefined)[]][] = [
    [4, ['h', undefined]],
    [3, ['h', 'c']],
    [2, [undefined, 'c']],
  ]
  expect(rowsOf(build({}, 2, events))).toEqual([[0, 1, 2]])
})

test('connected: an event that shares no value begins a transaction, though nothing contradicts', () => {
  const events: [number, (string | undefined)[]][] = [
    [4, ['h', undefined]],
    [3, [undefined, 'c']],
  ]
  expect(rowsOf(build({}, 2, events))).toEqual([[0], [1]])
  expect(rowsOf(build({ connected: false }, 2, events))).toEqual([[0, 1]])
})

test('a span that is too long closes the transaction', () => {
  const builder = build({ maxspan: 10 }, 0, [
    [100, []],
    [95, []],
    [89, []],
  ])
  expect(rowsOf(builder)).toEqual([[0, 1], [2]])
  expect(builder.closed.map(({ isClosed }) => isClosed)).toEqual([true, false])
})

test('a start closes what an end opened; what lacks either is not complete', () => {
  const builder = build({ hasStart: true, hasEnd: true }, 0, [
    [6, []],
    [5, [], 'end'],
    [4, []],
    [3, [], 'start'],
    [2, [], 'end'],
  ])
  expect(builder.closed).toEqual([
    { rows: [0], isComplete: false, isClosed: false },
    { rows: [1, 2, 3], isComplete: true, isClosed: true },
    { rows: [4], isComplete: false, isClosed: false },
  ])
})

test('an event that both ends and starts is a transaction of its own', () => {
  const builder = build({ hasStart: true, hasEnd: true }, 0, [
    [2, [], 'both'],
    [1, [], 'both'],
  ])
  expect(rowsOf(builder)).toEqual([[0], [1]])
  expect(builder.closed.every(({ isComplete }) => isComplete)).toBe(true)
})

test('a start without the field joins the transaction at hand unless unifyends forbids it', () => {
  const events: [number, (string | undefined)[], ('start' | 'end')?][] = [
    [2, ['a']],
    [1, [undefined], 'start'],
  ]
  expect(rowsOf(build({ hasStart: true }, 1, events))).toEqual([[0, 1]])
  const strict = build({ hasStart: true, unifyends: true }, 1, events)
  expect(rowsOf(strict)).toEqual([[0]])
  expect(strict.orphans).toEqual([1])
})

test('thousands of open transactions are found by their values', () => {
  const events = Array.from({ length: 20_000 }, (_, index): [number, string[]] => [
    20_000 - index,
    [`k${index % 10_000}`],
  ])
  const started = performance.now()
  expect(rowsOf(build({}, 1, events))).toHaveLength(10_000)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('of several that fit, an event joins the one that was opened last', () => {
  const events: [number, (string | undefined)[]][] = [
    [5, ['a', 'x']],
    [4, ['a', 'y']],
    [3, ['a', undefined]],
    [2, ['a', 'x']],
  ]
  expect(rowsOf(build({}, 2, events))).toEqual([
    [0, 3],
    [1, 2],
  ])
})

test('maxopentxn gives up the transaction that was used least lately', () => {
  const builder = build({ maxopentxn: 2 }, 1, [
    [5, ['a']],
    [4, ['b']],
    [3, ['a']],
    [2, ['c']],
    [1, ['b']],
  ])
  expect(builder.closed.map(({ rows, isComplete }) => [rows, isComplete])).toEqual([
    [[1], false],
    [[0, 2], false],
    [[3], true],
    [[4], true],
  ])
})

test('maxopenevents counts the events of all open transactions', () => {
  const builder = build({ maxopenevents: 3 }, 1, [
    [5, ['a']],
    [4, ['a']],
    [3, ['b']],
    [2, ['b']],
  ])
  expect(builder.closed.map(({ rows, isComplete }) => [rows, isComplete])).toEqual([
    [[0, 1], false],
    [[2, 3], true],
  ])
})

const someKey = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 4 }) },
  { weight: 2, arbitrary: fc.constant(undefined) },
)

test('finding transactions by index gives what looking at all of them gives', () => {
  fc.assert(
    fc.property(
      fc.record({
        fieldCount: fc.integer({ min: 1, max: 3 }),
        connected: fc.boolean(),
        unifyends: fc.boolean(),
        hasStart: fc.boolean(),
        hasEnd: fc.boolean(),
        maxspan: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
        maxpause: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
        maxevents: fc.integer({ min: 2, max: 6 }),
        maxopentxn: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
        maxopenevents: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      }),
      fc.array(fc.tuple(fc.array(someKey, { minLength: 3, maxLength: 3 }), fc.integer({ min: 0, max: 7 })), {
        maxLength: 60,
      }),
      ({ fieldCount, ...some }, events) => {
        // With more than thirty fields nothing is indexed; fields that no event has change nothing else.
        const [indexed, looked] = [0, 31].map((more) => {
          const builder = new TransactionBuilder({ ...rules, ...some }, fieldCount + more)
          events.forEach(([keys, mark], row) => {
            const all = [...keys.slice(0, fieldCount), ...new Array<undefined>(more).fill(undefined)]
            builder.add({ row, time: 1000 - row, keys: all, starts: mark === 1, ends: mark === 2 })
          })
          builder.finish()
          return { closed: builder.closed, orphans: builder.orphans }
        })
        expect(indexed).toEqual(looked)
      },
    ),
    { numRuns: 500 },
  )
})

test('a field with thousands of values in one event is handled', () => {
  const many = Array.from({ length: 3000 }, (_, id) => id)
  const builder = new TransactionBuilder(rules, 2)
  builder.add({ row: 0, time: 3, keys: [many, [1, 2]], starts: false, ends: false })
  builder.add({ row: 1, time: 2, keys: [2999, 2], starts: false, ends: false })
  builder.add({ row: 2, time: 1, keys: [3000, 2], starts: false, ends: false })
  builder.finish()
  expect(rowsOf(builder)).toEqual([[0, 1], [2]])
})

test('an event finds its transaction among thousands that share one of its values each', () => {
  const events = Array.from({ length: 40_000 }, (_, row): readonly Key[] => [row % 200, (row * 7) % 199])
  const builder = new TransactionBuilder(rules, 2)
  const started = performance.now()
  events.forEach((keys, row) => {
    builder.add({ row, time: -row, keys, starts: false, ends: false })
  })
  builder.finish()
  expect(builder.closed).toHaveLength(new Set(events.map(String)).size)
  expect(performance.now() - started).toBeLessThan(2000)
})
