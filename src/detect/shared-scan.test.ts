import { expect, test } from 'vitest'
import { locatedText } from '../diagnostics/source.ts'
import type { EventSource } from '../spl/host.ts'
import { rowsSource } from '../spl/run/rows-source.ts'
import { parseSearch, runSearch } from '../spl/run/run.ts'
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

// ---- searches that read more than once

const nothingKnown = { get: () => undefined, names: () => [] }

/** The rows of searches that share a scan, and how often the evidence was read. */
async function runShared(
  searches: readonly string[],
): Promise<{ results: readonly (readonly string[])[]; passes: number }> {
  const shared = createSharedScan(countingSource(), context, signal)
  const run = async (text: string): Promise<readonly string[]> => {
    const participant = shared.enrol()
    const host = {
      source: participant.source,
      macros: nothingKnown,
      lookups: nothingKnown,
      dataModels: nothingKnown,
    }
    const { pipeline } = parseSearch(locatedText({ name: 'search', text }), nothingKnown, context)
    const read = async (): Promise<readonly string[]> => {
      const found: string[] = []
      for await (const batch of runSearch(pipeline, host, context))
        for (const row of batch.rows()) found.push([...row.values()].join(' '))
      return found
    }
    return finishing(participant, read())
  }
  const [results] = await Promise.all([Promise.all(searches.map(run)), shared.run()])
  return { results, passes: shared.passes }
}

test('what join and append read is found in the same pass as what comes before them', async () => {
  const { results, passes } = await runShared([
    'n<10 | stats count AS few BY parity | join parity [search n>=10 | stats count AS many BY parity]',
    'n<2 | table n | append [search n>97 | table n]',
    'n=5 | table n | append [search parity=odd | stats count]',
    'n<4 | table n parity | join parity [search n=50 OR n=51 | rename n AS m | table m parity]',
    'n=7 | table n',
  ])
  expect(results).toEqual([
    ['even 5 45', 'odd 5 45'],
    ['0', '1', '98', '99'],
    ['5', '50'],
    ['0 even 50', '1 odd 51', '2 even 50', '3 odd 51'],
    ['7'],
  ])
  expect(passes).toBe(1)
})

test('a filter that depends on a subsearch waits for the next pass', async () => {
  const { results, passes } = await runShared(['[search n=5 | fields n] | table n', 'n=3 | table n'])
  expect(results).toEqual([['5'], ['3']])
  expect(passes).toBe(2)
})

test('a filter without any event needs no pass', async () => {
  const { results, passes } = await runShared(['n=x | table n', 'NOT () | table n', 'n=3 | head 1 | table n'])
  expect(results).toEqual([[], [], ['3']])
  expect(passes).toBe(1)
})

test('a pipeline that is begun early and never asked for holds up nobody', async () => {
  const { results, passes } = await runShared([
    'n=1 | table n | head 1 | append [search nosuch | stats count BY n] | head 1',
    'n=3 | table n',
  ])
  expect(results).toEqual([['1'], ['3']])
  expect(passes).toBe(1)
})

const wanting = (terms: string) => ({ filter: parseSearchTerms(terms), fields: 'all' as const })

test('a search that waits for events is started with them, in the pass that finds them', async () => {
  const source = countingSource()
  const shared = createSharedScan(source, context, signal)
  const outcome = async (participant: Participant, terms: string): Promise<string[] | undefined> =>
    (await participant.awaitEvents!(wanting(terms))) ? await read(participant, terms) : undefined
  const [none, some, all] = [shared.enrol(), shared.enrol(), shared.enrol()]
  const [results] = await Promise.all([
    Promise.all([
      finishing(none, outcome(none, 'parity=prime')),
      finishing(some, outcome(some, 'n>=97')),
      finishing(all, outcome(all, '*')),
    ]),
    shared.run(),
  ])
  expect(results[0]).toBeUndefined()
  expect(results[1]).toEqual(['97', '98', '99'])
  expect(results[2]).toHaveLength(100)
  expect([none, some, all].map(({ matchedEvents }) => matchedEvents)).toEqual([0, 3, 100])
  expect(source.scans).toBe(1)
})

test('a search that waited for one thing and asks for another gets what it asks for', async () => {
  const source = countingSource()
  const shared = createSharedScan(source, context, signal)
  const participant = shared.enrol()
  const work = async (): Promise<string[]> => {
    expect(await participant.awaitEvents!(wanting('parity=odd'))).toBe(true)
    return await read(participant, 'n<3')
  }
  const [found] = await Promise.all([finishing(participant, work()), shared.run()])
  expect(found).toEqual(['0', '1', '2'])
  expect(participant.matchedEvents).toBe(3)
})

test('a search that waits for events hears of a source that fails', async () => {
  const failing: EventSource = {
    scan: () => ({
      // biome-ignore lint/correctness/useYield: it fails before it gives anything
      batches: (async function* () {
        throw new Error('the disk is gone')
      })(),
      applied: { filter: false, times: false },
    }),
  }
  const shared = createSharedScan(failing, context, signal)
  const participant = shared.enrol()
  const work = async (): Promise<string[]> => {
    expect(await participant.awaitEvents!(wanting('*'))).toBe(true)
    return await read(participant, '*')
  }
  await Promise.all([
    expect(finishing(participant, work())).rejects.toThrow('the disk is gone'),
    shared.run(),
  ])
})
