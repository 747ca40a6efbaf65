import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DataModelDataset } from '../spl/host.ts'
import { compileSearch } from '../spl/match/compile-search.ts'
import { parseSearchTerms } from '../spl/syntax/parser.ts'
import { printSearch } from '../spl/syntax/print.ts'
import { Batch, type BatchPart } from '../value/batch.ts'
import { constant, dictOf, mapColumn, plain } from '../value/column.ts'
import { rowsOf } from '../value/mask.ts'
import { textOf, type Value } from '../value/value.ts'
import { all, Terms } from './condition.ts'
import { createMatcher, type Match } from './matcher.ts'

const context = { now: 1_700_000_000, timeZone: 'UTC' }

/** The field `row` of the rows that a search wants. */
const numbersOf = ({ among, places }: Match): readonly Value[] =>
  Array.from(places, (place) => among.value('row', place))

const rowsFound = (searches: readonly string[], batch: Batch): (readonly Value[])[] => {
  const terms = new Terms(context)
  const conditions = searches.map((text) => terms.condition(parseSearchTerms(text), terms.view(undefined)))
  const found: (readonly Value[])[] = searches.map(() => [])
  const matcher = createMatcher(conditions.map((condition) => ({ condition })))
  for (const match of matcher.match(batch)) found[match.search] = numbersOf(match)
  return found
}

const expected = (searches: readonly string[], batch: Batch): (readonly Value[])[] =>
  searches.map((text) =>
    [...rowsOf(compileSearch(parseSearchTerms(text), context)(batch))].map((row) => batch.value('row', row)),
  )

/** A batch whose parts hold every n-th row, as a block of mixed events does. */
function inParts(batch: Batch, count: number): Batch {
  const parts: BatchPart[] = Array.from({ length: Math.min(count, batch.length) }, (_, number) => {
    const rows = Uint32Array.from({ length: batch.length }, (_row, row) => row).filter(
      (row) => row % count === number,
    )
    return { rows, batch: batch.gather(rows) }
  })
  return new Batch(batch.length, [], {
    parts,
    names: () => batch.names(),
    read: (name) => batch.column(name),
    narrow: (rows) => {
      const few = batch.gather(rows)
      return { names: () => few.names(), read: (name) => few.column(name) }
    },
  })
}

const events = Batch.fromRows([
  {
    row: '0',
    source: 'Security',
    EventCode: '4688',
    process: 'CMD.EXE /c whoami',
    tag: ['process', 'report'],
  },
  {
    row: '1',
    source: 'Security',
    EventCode: '4688',
    process: 'powershell -enc AAAA',
    tag: ['process', 'report'],
  },
  { row: '2', source: 'Security', EventCode: '4624', user: 'alice', n: '5' },
  { row: '3', source: 'System', EventCode: '7045', _raw: 'a service was installed', n: '05' },
])

test.each([1, 2, 3])('many searches find what each finds alone, in blocks of %i parts', (count) => {
  const searches = [
    'source=Security EventCode=4688 process="*whoami*"',
    'tag=process process IN ("*-enc *", cmd.exe)',
    'EventCode=4688',
    'EventCode=4624 NOT user=bob',
    '(EventCode=4688 process=*cmd*) OR (EventCode=7045 "service was")',
    'n=5',
    'user!=bob',
    'process=*',
    '*',
    'source=Elsewhere',
    'NOT EventCode=*',
    'n>4 source=S*',
  ]
  const batch = inParts(events, count)
  const found = rowsFound(searches, batch)
  expect(found).toEqual(expected(searches, batch))
  expect(found[0]).toEqual(['0'])
  expect(found[4]).toEqual(['0', '3'])
})

test('terms on the fields of a dataset are tested on what the dataset makes of the events', () => {
  const dataset: DataModelDataset = {
    model: 'Endpoint',
    path: 'Processes',
    constraint: parseSearchTerms('tag=process'),
    fields: ['Processes.process'],
    map: (batch) =>
      new Batch(batch.length, [], {
        names: () => ['Processes.process'],
        read: (name) => {
          const column = name === 'Processes.process' ? batch.column('process') : undefined
          return column && mapColumn(column, (value) => textOf(value)?.toUpperCase())
        },
      }),
  }
  const terms = new Terms(context)
  const where = parseSearchTerms('Processes.process=CASE(CMD*)')
  const condition = all([
    terms.condition(dataset.constraint, terms.view(undefined)),
    terms.condition(where, terms.view(dataset)),
  ])
  expect(createMatcher([{ condition }]).match(inParts(events, 2))).toMatchObject([
    { search: 0, among: { length: 1 }, places: { length: 1 } },
  ])
})

test('a term is looked up by its exact texts, its numbers and the longest pieces between its stars', () => {
  const terms = new Terms(context)
  const condition = terms.condition(
    parseSearchTerms('f IN ("*ab*", 7, x, 10.0.0.0/8)'),
    terms.view(undefined),
  )
  expect(condition).toMatchObject({
    term: {
      needles: [
        { kind: 'piece', text: 'ab' },
        { kind: 'number', value: 7 },
        { kind: 'exact', text: 'x' },
        { kind: 'test' },
      ],
    },
  })
})

// ---- any searches over any events

const word = fc.constantFrom(
  'a',
  'A',
  'ab',
  'b',
  'Ab',
  '1',
  '01',
  '1.0',
  '10',
  '10.0.0.1',
  'İ',
  'ς',
  'Σ',
  'K',
  'x y',
)
const literal = fc.oneof(
  word,
  fc.constantFrom('*', 'a*', '*b', '*a*', 'a*b', '*Σ', '*ς*', '10.0.0.0/8', '1*', '* *', 'İ*', '*k*'),
)
const field = fc.constantFrom('source', 'EventCode', 'tag', 'f', 'g')
const quoted = (text: string): string => `"${text}"`

const single = fc.oneof(
  fc
    .tuple(field, fc.constantFrom('=', '!=', '=', '=', '<', '>='), literal)
    .map(([name, operator, value]) => `${name}${operator}${quoted(value)}`),
  fc
    .tuple(field, fc.array(literal, { minLength: 1, maxLength: 3 }))
    .map(([name, values]) => `${name} IN (${values.map(quoted).join(', ')})`),
  fc.tuple(field, word).map(([name, value]) => `${name}=CASE(${quoted(value)})`),
  literal.map(quoted),
)

const { search } = fc.letrec<{ search: string }>((tie) => ({
  search: fc.oneof(
    { maxDepth: 3 },
    single,
    fc.tuple(tie('search'), tie('search')).map(([a, b]) => `(${a} ${b})`),
    fc.tuple(tie('search'), tie('search')).map(([a, b]) => `(${a} OR ${b})`),
    tie('search').map((inner) => `(NOT ${inner})`),
  ),
}))

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(undefined),
  word,
  word,
  fc.constantFrom<Value>(1, 10),
  fc.array(word, { minLength: 2, maxLength: 3 }),
)

const batches = fc
  .integer({ min: 1, max: 8 })
  .chain((length) =>
    fc.tuple(
      fc.constant(length),
      fc.array(fc.array(value, { minLength: length, maxLength: length }), { minLength: 5, maxLength: 5 }),
      fc.array(fc.constantFrom('plain', 'dict', 'const', 'none'), { minLength: 5, maxLength: 5 }),
      fc.array(word, { minLength: length, maxLength: length }),
      fc.integer({ min: 1, max: 4 }),
    ),
  )
  .map(([length, columns, kinds, raw, parts]) => {
    const names = ['source', 'EventCode', 'tag', 'f', 'g']
    const made = names.flatMap((name, index) => {
      const values = columns[index]!
      const kind = kinds[index]!
      if (kind === 'none') return []
      const column = kind === 'plain' ? plain(values) : kind === 'dict' ? dictOf(values) : constant(values[0])
      return [[name, column] as const]
    })
    const numbers = Array.from({ length }, (_, row) => String(row))
    const whole = new Batch(length, [...made, ['_raw', plain(raw)], ['row', plain(numbers)]])
    return parts === 1 ? whole : inParts(whole, parts)
  })

test('any searches over any events find what each finds alone', () => {
  fc.assert(
    fc.property(
      fc.array(search, { minLength: 1, maxLength: 6 }),
      fc.array(batches, { minLength: 1, maxLength: 3 }),
      (searches, blocks) => {
        // One matcher for all blocks, since it remembers kinds and values.
        const terms = new Terms(context)
        const expressions = searches.map((text) => parseSearchTerms(text))
        const matcher = createMatcher(
          expressions.map((expression) => ({
            condition: terms.condition(expression, terms.view(undefined)),
          })),
        )
        for (const batch of blocks) {
          const found = new Map(matcher.match(batch).map((match) => [match.search, numbersOf(match)]))
          expressions.forEach((expression, number) => {
            const mask = compileSearch(expression, context)(batch)
            const wanted = [...rowsOf(mask)].map((row) => batch.value('row', row))
            expect(found.get(number) ?? [], printSearch(expression)).toEqual(wanted)
          })
        }
      },
    ),
    { numRuns: 400 },
  )
})
