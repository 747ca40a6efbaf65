import { expect, test } from 'vitest'
import type { EventSource } from '../spl/host.ts'
import { rowsSource } from '../spl/run/rows-source.ts'
import { parseSearchTerms } from '../spl/syntax/parser.ts'
import { createSharedScan, type Participant } from './shared-scan.ts'

const context = { now: 1_700_000_000, timeZone: 'UTC' }
const signal = new AbortController().signal
const rows = Array.from({ length: 100 }, (_, n) => ({
  n: String(n),
  parity: n % 2 === 0 ? 'even' : 'odd',
  _time: n,
}))

/** A source that counts how often it is read, and how many batches it gave. */
function countingSource(): EventSource & { scans: number; batches: number } {
  const inner = rowsSource(rows, { batchRows: 7 })
  const source = {
    scans: 0,
    batches: 0,
    scan(request: Parameters<EventSource['scan']>[0]) {
      source.scans++
      const { batches, applied } = inner.scan(request)
      async function* counted() {
        for await (const batch of batches) {
          source.batches++
          yield batch
        }
      }
      return { batches: counted(), applied }
    },
  }
  return source
}

async function read(
  { source }: Participant,
  terms: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const found: string[] = []
  const { batches } = source.scan({ filter: parseSearchTerms(terms), fields: 'all', signal })
  for await (const batch of batches) {
    for (const row of batch.rows()) found.push(String(row.get('n')))
    if (found.length >= limit) break
  }
  return found
}

const finishing = async <Result>(participant: Participant, work: Promise<Result>): Promise<Result> => {
  try {
    return await work
  } finally {
    participant.finish()
  }
}

test('many searches share one pass, and each gets its own rows', async () => {
  const source = countingSource()
  const shared = createSharedScan(source, context, signal)
  const participants = Array.from({ length: 20 }, () => shared.enrol())
  const work = participants.map((participant, i) =>
    finishing(participant, read(participant, i % 2 === 0 ? 'parity=even' : `n=${i}`)),
  )
  const [results] = await Promise.all([Promise.all(work), shared.run()])
  expect(source.scans).toBe(1)
  expect(results[0]).toHaveLength(50)
  expect(results[7]).toEqual(['7'])
  expect(participants.map(({ matchedEvents }) => matchedEvents).slice(0, 4)).toEqual([50, 1, 50, 1])
})

test('a search that reads again while it reads does not block: its rows are kept for it', async () => {
  const source = countingSource()
  const shared = createSharedScan(source, context, signal)
  const nested = shared.enrol()
  const simple = shared.enrol()
  async function readNested(): Promise<string[]> {
    const found: string[] = []
    const { batches } = nested.source.scan({ filter: parseSearchTerms('parity=even'), fields: 'all', signal })
    let others: string[] | undefined
    for await (const batch of batches) {
      others ??= await read(nested, 'parity=odd')
      for (const row of batch.rows()) found.push(String(row.get('n')))
    }
    return [...found, ...(others ?? [])]
  }
  const [both, plain] = await Promise.all([
    finishing(nested, readNested()),
    finishing(simple, read(simple, 'n=99')),
    shared.run(),
  ])
  expect(both).toHaveLength(100)
  expect(new Set(both).size).toBe(100)
  expect(plain).toEqual(['99'])
  expect(shared.passes).toBe(2)
  expect(nested.matchedEvents).toBe(50)
})

test('the pass ends when nobody listens any more', async () => {
  const source = countingSource()
  const shared = createSharedScan(source, context, signal)
  const participant = shared.enrol()
  const [found] = await Promise.all([finishing(participant, read(participant, '*', 5)), shared.run()])
  expect(found).toHaveLength(7)
  expect(source.batches).toBeLessThan(4)
})

test('a search that never asks for events does not hold up the others', async () => {
  const source = countingSource()
  const shared = createSharedScan(source, context, signal)
  const idle = shared.enrol()
  const reader = shared.enrol()
  const [, found] = await Promise.all([
    finishing(idle, Promise.resolve(1)),
    finishing(reader, read(reader, '*')),
    shared.run(),
  ])
  expect(found).toHaveLength(100)
})

test('an error of the evidence reaches every search that reads it', async () => {
  const broken: EventSource = {
    scan: () => ({
      batches: (async function* () {
        yield* rowsSource(rows.slice(0, 3)).scan({ fields: 'all', signal }).batches
        throw new Error('the disk is gone')
      })(),
      applied: { filter: false, times: false },
    }),
  }
  const shared = createSharedScan(broken, context, signal)
  const work = [shared.enrol(), shared.enrol()].map((participant) =>
    finishing(participant, read(participant, '*')),
  )
  const [results] = await Promise.all([Promise.allSettled(work), shared.run()])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('times are applied: earliest inclusive, latest exclusive', async () => {
  const shared = createSharedScan(countingSource(), context, signal)
  const participant = shared.enrol()
  const readRange = async (): Promise<number> => {
    let count = 0
    for await (const batch of participant.source.scan({ fields: 'all', earliest: 10, latest: 20, signal })
      .batches)
      count += batch.length
    return count
  }
  const [count] = await Promise.all([finishing(participant, readRange()), shared.run()])
  expect(count).toBe(10)
})
