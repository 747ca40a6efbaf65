import { expect, test } from 'vitest'
import { TransactionBuilder, type TransactionEvent, type TransactionRules } from './transactions.ts'

const rules: TransactionRules = {
  connected: true,
  maxspan: undefined,
  maxpause: undefined,
  maxevents: 1000,
  hasStart: false,
  hasEnd: false,
  unifyends: false,
}

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
      keys: keys.map((key) => (key === undefined ? undefined : [key])),
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
