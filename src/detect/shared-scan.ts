// One pass over the evidence for many searches. It is an event source itself: searches that are started together and ask
// for events are served by the same pass, each with the rows that its own filter wants. What a search says it will ask
// for later (join, append) is gathered in the same pass. A search that asks again all the same (a subsearch whose result
// is part of the next filter) is served by the next pass, together with all others that do.

import { assert } from '../diagnostics/diagnostic.ts'
import type { EventSource, ScanRequest, WantedFields } from '../spl/host.ts'
import type { ExpressionContext } from '../spl/run/context.ts'
import type { MemoryShare } from '../spl/run/memory.ts'
import { printSearch } from '../spl/syntax/print.ts'
import type { Batch } from '../value/batch.ts'
import { Terms } from './condition.ts'
import { createRowFinder, type FoundRows, isFindingSource, type RowRequest, wantedOf } from './row-finder.ts'

/** A search that takes part, and what was counted for it. */
export interface Participant {
  /** The source to run this search over. */
  readonly source: EventSource
  /** Events that passed the search's first filter. */
  readonly matchedEvents: number
  /**
   * Waits for events that a request wants; false when there are none. When the search then makes the same request, it is
   * given them. Absent: the search has to make its request to know.
   */
  awaitEvents?(request: RowRequest): Promise<boolean>
  /** Must be called once when the search has ended, however it did: the others wait for it. */
  finish(): void
}

export interface SharedScan {
  /**
   * Enrols a search. All must be enrolled before `run`.
   * @param memory bears what is kept for it
   */
  enrol(memory?: MemoryShare): Participant
  /** Reads the evidence as often as the enrolled searches need it. Resolves when all have finished. */
  run(): Promise<void>
  /** How many passes were made. */
  readonly passes: number
}

/** Rows that all searches together may have gathered before they ask for them. Beyond it they are served by later passes. */
const mostGatheredRows = 20_000

/** Takes the rows that a pass finds for one request. */
interface Taker {
  readonly isLeft: boolean
  /** Resolves when the next rows may come. */
  push(rows: Batch): Promise<void> | undefined
  end(): void
  fail(error: unknown): void
}

/** A request for events, and who takes them. */
interface Subscription {
  readonly request: RowRequest
  readonly taker: Taker
  /** The search's number. Those are served in order, whenever they asked. */
  readonly order: number
}

/** One enrolled search. */
class Member {
  readonly order: number
  readonly memory: MemoryShare | undefined
  matchedEvents = 0
  isFinished = false
  hasAsked = false
  /** Waits for a coming pass: what the present pass has for it is kept until then. */
  isWaiting = false
  readonly channels = new Set<Channel>()
  /** What it said it would ask for, by what was said. */
  readonly gatherings = new Map<string, Gathering>()
  /** What was asked for in its place, before it began. */
  awaited: { readonly request: RowRequest; readonly channel: Channel } | undefined

  constructor(order: number, memory: MemoryShare | undefined) {
    this.order = order
    this.memory = memory
  }

  /** From now on no pass waits for the readers that are there: they do not come back before the search has more. */
  keepForReaders(): void {
    for (const channel of this.channels) channel.buffer()
  }
}

/**
 * Makes a shared scan over a source.
 */
export function createSharedScan(
  source: EventSource,
  context: Pick<ExpressionContext, 'now' | 'timeZone'>,
  signal: AbortSignal,
): SharedScan {
  const members = new Set<Member>()
  const terms = new Terms(context)
  const budget = { rows: mostGatheredRows }
  let waiting: Subscription[] = []
  let passes = 0
  let settled: () => void = () => {}

  /** Whether every search has ended or waits for a pass. */
  const isSettled = (): boolean => {
    for (const { isFinished, isWaiting } of members) if (!isFinished && !isWaiting) return false
    return true
  }
  const settle = (): void => {
    if (isSettled()) settled()
  }

  const expect = (member: Member, request: ScanRequest): void => {
    const key = keyOf(request)
    if (member.gatherings.has(key)) return
    const gathering = new Gathering(budget, request.fields)
    waiting.push({ request: rowRequest(request), taker: gathering, order: member.order })
    member.gatherings.set(key, gathering)
  }

  /** Rows that were gathered for a request, when they are all there. */
  const gatheredFor = async (member: Member, request: ScanRequest): Promise<Gathering | undefined> => {
    const key = keyOf(request)
    const gathering = member.gatherings.get(key)
    member.gatherings.delete(key)
    if (gathering === undefined || gathering.state === 'expected') {
      gathering?.leave()
      return undefined
    }
    member.keepForReaders()
    await gathering.ended
    return gathering.state === 'complete' ? gathering : undefined
  }

  const subscribe = (member: Member, request: RowRequest): Channel | undefined => {
    const isFirst = !member.hasAsked
    member.hasAsked = true
    // A filter that an empty subsearch has left without any event needs no pass. One that cannot be run is refused here, so
    // that the others go on.
    if (wantedOf(request, terms).condition === false) return undefined
    const channel = new Channel(request.fields, member.memory, (rows) => {
      if (isFirst) member.matchedEvents += rows
    })
    member.isWaiting = true
    member.keepForReaders()
    member.channels.add(channel)
    waiting.push({ request, taker: channel, order: member.order })
    settle()
    return channel
  }

  const awaitEvents = async (member: Member, request: RowRequest): Promise<boolean> => {
    const channel = subscribe(member, request)
    if (channel === undefined) return false
    member.awaited = { request, channel }
    return channel.arrives()
  }

  /** The channel of the request, when its events were awaited. */
  const awaitedFor = (member: Member, request: RowRequest): Channel | undefined => {
    const { awaited } = member
    if (awaited === undefined) return undefined
    member.awaited = undefined
    if (keyOf(awaited.request) === keyOf(request)) return awaited.channel
    // It wants something else after all, so that nothing was asked for yet.
    awaited.channel.leave()
    member.channels.delete(awaited.channel)
    member.hasAsked = false
    member.matchedEvents = 0
    return undefined
  }

  async function* memberBatches(member: Member, request: ScanRequest): AsyncGenerator<Batch> {
    const gathered = await gatheredFor(member, request)
    if (gathered !== undefined) {
      if (!member.hasAsked) member.matchedEvents += gathered.rows
      member.hasAsked = true
      yield* gathered.take()
      return
    }
    const channel = awaitedFor(member, request) ?? subscribe(member, rowRequest(request))
    if (channel === undefined) return
    try {
      yield* channel.read()
    } finally {
      channel.leave()
      member.channels.delete(channel)
    }
  }

  const enrol = (memory?: MemoryShare): Participant => {
    const member = new Member(members.size, memory)
    members.add(member)
    const applied = { filter: true, times: true, asDataset: true }
    return {
      source: {
        scan: (request) => ({ batches: memberBatches(member, request), applied }),
        expect: (request) => expect(member, request),
      },
      awaitEvents: (request) => awaitEvents(member, request),
      get matchedEvents() {
        return member.matchedEvents
      },
      finish() {
        member.isFinished = true
        for (const channel of member.channels) channel.leave()
        for (const gathering of member.gatherings.values()) gathering.leave()
        settle()
      },
    }
  }

  const allSettled = (): Promise<void> =>
    new Promise((resolve) => {
      settled = resolve
      settle()
    })

  return {
    enrol,
    get passes() {
      return passes
    },
    async run() {
      for (;;) {
        await allSettled()
        const served = waiting.filter(({ taker }) => !taker.isLeft).sort((a, b) => a.order - b.order)
        waiting = []
        // What was expected alone is not worth a pass: nobody waits for it.
        if (served.every(({ taker }) => taker instanceof Gathering)) return
        for (const member of members) member.isWaiting = false
        for (const { taker } of served) if (taker instanceof Gathering) taker.begin()
        passes++
        await pass(source, served, context, signal)
      }
    },
  }
}

const rowRequest = ({ signal: _, ...request }: ScanRequest): RowRequest => request

/** The same for requests that want the same. */
function keyOf({ filter, asDataset, earliest, latest, fields }: RowRequest): string {
  return JSON.stringify([
    filter && printSearch(filter),
    asDataset && [
      asDataset.dataset.model,
      asDataset.dataset.path,
      asDataset.where && printSearch(asDataset.where),
    ],
    earliest,
    latest,
    fields === 'all' ? fields : [...fields].sort(),
  ])
}

/** Reads the evidence once and gives every subscription its rows. Ends early when nobody listens any more. */
async function pass(
  source: EventSource,
  served: readonly Subscription[],
  context: Pick<ExpressionContext, 'now' | 'timeZone'>,
  signal: AbortSignal,
): Promise<void> {
  const requests = served.map(({ request }) => request)
  const isOpen = (request: number): boolean => !served[request]!.taker.isLeft
  const found = isFindingSource(source)
    ? source.find(requests, isOpen, signal)
    : findHere(source, requests, isOpen, context, signal)
  try {
    for await (const rowsOfBlock of found) {
      if (signal.aborted || served.every(({ taker }) => taker.isLeft)) break
      const handed: Promise<void>[] = []
      for (const { request, rows } of rowsOfBlock) {
        const { taker } = served[request]!
        const taken = taker.isLeft ? undefined : taker.push(rows)
        if (taken !== undefined) handed.push(taken)
      }
      if (handed.length > 0) await Promise.all(handed)
    }
  } catch (error) {
    for (const { taker } of served) taker.fail(error)
    return
  }
  for (const { taker } of served) taker.end()
}

async function* findHere(
  source: EventSource,
  requests: readonly RowRequest[],
  isOpen: (request: number) => boolean,
  context: Pick<ExpressionContext, 'now' | 'timeZone'>,
  signal: AbortSignal,
): AsyncGenerator<readonly FoundRows[]> {
  const finder = createRowFinder(requests, context)
  const { batches } = source.scan({ fields: allFields(requests), signal })
  for await (const block of batches) yield finder.find(block, isOpen)
}

function allFields(requests: readonly RowRequest[]): WantedFields {
  const all = new Set<string>()
  for (const { fields } of requests) {
    if (fields === 'all') return 'all'
    for (const name of fields) all.add(name)
  }
  return all
}

/**
 * Hands batches from the pass to one reader. The pass waits until the reader asks for more, unless the reader waits for
 * another pass: then the batches are kept, without the blocks that they came from.
 */
class Channel implements Taker {
  readonly #fields: WantedFields
  readonly #memory: MemoryShare | undefined
  readonly #count: (rows: number) => void
  readonly #batches: Batch[] = []
  /** What the batches take that nobody waits for, about. */
  #keptBytes = 0
  #isBuffering = false
  #isEnded = false
  #error: unknown
  #taken: (() => void) | undefined
  #arrived: (() => void) | undefined
  isLeft = false

  constructor(fields: WantedFields, memory: MemoryShare | undefined, count: (rows: number) => void) {
    this.#fields = fields
    this.#memory = memory
    this.#count = count
  }

  push(batch: Batch): Promise<void> | undefined {
    assert(this.#taken === undefined, 'a batch was pushed before the one before it was taken')
    this.#count(batch.length)
    if (this.#isBuffering) {
      this.#keep(this.#fields === 'all' ? batch.detach('all') : batch)
      return undefined
    }
    this.#batches.push(batch)
    this.#arrived?.()
    return new Promise((resolve) => {
      this.#taken = resolve
    })
  }

  #keep(batch: Batch): void {
    this.#batches.push(batch)
    this.#keptBytes += batch.heldBytes()
    this.#arrived?.()
    try {
      this.#memory?.hold(this, this.#keptBytes)
    } catch (error) {
      this.#batches.length = 0
      this.fail(error)
    }
  }

  /** From now on batches are kept: the reader does not come back during this pass. */
  buffer(): void {
    this.#isBuffering = true
    this.#release()
  }

  end(): void {
    this.#isEnded = true
    this.#arrived?.()
  }

  fail(error: unknown): void {
    this.#error = error
    this.end()
  }

  /** The reader is gone. */
  leave(): void {
    this.isLeft = true
    this.#batches.length = 0
    this.#release()
  }

  /** Whether there are rows to read, as soon as that is known. An error is met by reading. */
  async arrives(): Promise<boolean> {
    while (this.#batches.length === 0 && !this.#isEnded) await this.#arrival()
    return this.#batches.length > 0 || this.#error !== undefined
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve
    })
  }

  async *read(): AsyncGenerator<Batch> {
    for (;;) {
      const batch = this.#batches.shift()
      if (batch !== undefined) {
        yield batch
        if (this.#keptBytes > 0 && this.#batches.length === 0) {
          this.#keptBytes = 0
          this.#memory?.hold(this, 0)
        }
        if (this.#batches.length === 0) this.#release()
        continue
      }
      if (this.#error !== undefined) throw this.#error
      if (this.#isEnded) return
      await this.#arrival()
      this.#arrived = undefined
    }
  }

  #release(): void {
    this.#taken?.()
    this.#taken = undefined
  }
}

/** Keeps the rows of a request that a search will make later, as long as there is room. */
class Gathering implements Taker {
  readonly #budget: { rows: number }
  readonly #fields: WantedFields
  readonly #batches: Batch[] = []
  #end: () => void = () => {}
  /** Resolves when the pass is over. */
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve
  })
  state: 'expected' | 'gathering' | 'complete' | 'given up' = 'expected'
  rows = 0

  constructor(budget: { rows: number }, fields: WantedFields) {
    this.#budget = budget
    this.#fields = fields
  }

  get isLeft(): boolean {
    return this.state === 'given up'
  }

  begin(): void {
    this.state = 'gathering'
  }

  push(batch: Batch): undefined {
    if (batch.length > this.#budget.rows) return this.leave()
    this.#budget.rows -= batch.length
    this.rows += batch.length
    this.#batches.push(this.#fields === 'all' ? batch.detach('all') : batch)
  }

  end(): void {
    if (this.state === 'gathering') this.state = 'complete'
    this.#end()
  }

  /** The request will be made again, and fail again. */
  fail(): void {
    this.leave()
    this.#end()
  }

  /** Lets go of the rows; the request, if it comes, is served by another pass. */
  leave(): undefined {
    this.state = 'given up'
    this.#budget.rows += this.rows
    this.rows = 0
    this.#batches.length = 0
  }

  /** Hands out the rows, once. */
  *take(): Generator<Batch> {
    for (let batch = this.#batches.shift(); batch !== undefined; batch = this.#batches.shift()) {
      this.#budget.rows += batch.length
      yield batch
    }
  }
}
