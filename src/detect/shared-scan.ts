// One pass over the evidence for many searches. It is an event source itself: searches that are started together and ask
// for events are served by the same pass, each with the rows that its own filter wants. A search that asks again later (a
// join, a subsearch) is served by the next pass, together with all others that do.

import { assert } from '../diagnostics/diagnostic.ts'
import type { DataModelDataset, EventSource, Scan, ScanRequest, WantedFields } from '../spl/host.ts'
import { timeTest } from '../spl/match/single-term.ts'
import type { ExpressionContext } from '../spl/run/context.ts'
import type { Batch } from '../value/batch.ts'
import { all, type Condition, Terms } from './condition.ts'
import { createMatcher } from './matcher.ts'

/** A search that takes part, and what was counted for it. */
export interface Participant {
  /** The source to run this search over. */
  readonly source: EventSource
  /** Events that passed the search's first filter. */
  readonly matchedEvents: number
  /** Must be called once when the search has ended, however it did: the others wait for it. */
  finish(): void
}

export interface SharedScan {
  /** Enrols a search. All must be enrolled before `run`. */
  enrol(): Participant
  /** Reads the evidence as often as the enrolled searches need it. Resolves when all have finished. */
  run(): Promise<void>
  /** How many passes were made. */
  readonly passes: number
}

/** A request for events and the channel that serves it. */
interface Subscription {
  readonly member: Member
  readonly channel: Channel
  readonly fields: WantedFields
  readonly condition: Condition
  /** The events are wanted as rows of this dataset. */
  readonly dataset: DataModelDataset | undefined
  readonly countsMatches: boolean
}

/** One enrolled search. */
class Member {
  matchedEvents = 0
  isFinished = false
  hasAsked = false
  /** Waits for a coming pass: what the present pass has for it is kept until then. */
  isWaiting = false
  readonly channels = new Set<Channel>()
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
  let waiting: Subscription[] = []
  let passes = 0
  let settled: () => void = () => {}

  /** Whether every search has ended or waits for a pass. */
  const isSettled = (): boolean => [...members].every((member) => member.isFinished || member.isWaiting)
  const settle = (): void => {
    if (isSettled()) settled()
  }

  const subscribe = (member: Member, request: ScanRequest): Channel => {
    const channel = new Channel()
    const condition = conditionOf(request, terms)
    const countsMatches = !member.hasAsked
    member.hasAsked = true
    member.isWaiting = true
    for (const other of member.channels) other.buffer()
    member.channels.add(channel)
    waiting.push({
      member,
      channel,
      fields: request.fields,
      condition,
      dataset: request.asDataset?.dataset,
      countsMatches,
    })
    settle()
    return channel
  }

  const enrol = (): Participant => {
    const member = new Member()
    members.add(member)
    return {
      source: { scan: (request) => memberScan(member, request, subscribe) },
      get matchedEvents() {
        return member.matchedEvents
      },
      finish() {
        member.isFinished = true
        for (const channel of member.channels) channel.leave()
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
        if (waiting.length === 0) return
        const served = waiting
        waiting = []
        for (const { member } of served) member.isWaiting = false
        passes++
        await pass(source, served, signal)
      }
    },
  }
}

async function* memberScanBatches(
  member: Member,
  request: ScanRequest,
  subscribe: (member: Member, request: ScanRequest) => Channel,
): AsyncGenerator<Batch> {
  const channel = subscribe(member, request)
  try {
    yield* channel.read()
  } finally {
    channel.leave()
    member.channels.delete(channel)
  }
}

function memberScan(
  member: Member,
  request: ScanRequest,
  subscribe: (member: Member, request: ScanRequest) => Channel,
): Scan {
  return {
    batches: memberScanBatches(member, request, subscribe),
    applied: { filter: true, times: true, asDataset: true },
  }
}

/** Which events a request wants. */
function conditionOf({ filter, asDataset, earliest, latest }: ScanRequest, terms: Terms): Condition {
  return all([
    filter === undefined || terms.condition(filter, terms.view(undefined)),
    asDataset?.where === undefined || terms.condition(asDataset.where, terms.view(asDataset.dataset)),
    (earliest === undefined && latest === undefined) ||
      terms.test(`from ${earliest} to ${latest}`, '_time', timeTest(earliest, latest)),
  ])
}

/** Reads the evidence once and gives every subscription its rows. Ends early when nobody listens any more. */
async function pass(
  source: EventSource,
  served: readonly Subscription[],
  signal: AbortSignal,
): Promise<void> {
  const fields = allFields(served)
  const matcher = createMatcher(served.map(({ condition }) => condition))
  try {
    for await (const batch of source.scan({ fields, signal }).batches) {
      if (signal.aborted || served.every(({ channel }) => channel.isLeft)) break
      const handed: Promise<void>[] = []
      for (const { search, rows } of matcher.match(batch)) {
        const { member, channel, fields: wanted, dataset, countsMatches } = served[search]!
        if (channel.isLeft) continue
        if (countsMatches) member.matchedEvents += rows.length
        const asWanted = dataset === undefined ? rows : dataset.map(rows)
        // A pipeline holds on to its last rows until the next ones come, and with them it would hold a whole block: with
        // hundreds of pipelines that was 900 MB.
        handed.push(channel.push(wanted === 'all' ? asWanted : asWanted.detach(wanted), wanted))
      }
      if (handed.length > 0) await Promise.all(handed)
    }
  } catch (error) {
    for (const { channel } of served) channel.fail(error)
    return
  }
  for (const { channel } of served) channel.end()
}

function allFields(served: readonly Subscription[]): WantedFields {
  const all = new Set<string>()
  for (const { fields } of served) {
    if (fields === 'all') return 'all'
    for (const name of fields) all.add(name)
  }
  return all
}

/**
 * Hands batches from the pass to one reader. The pass waits until the reader asks for more, unless the reader waits for
 * another pass: then the batches are kept, without the blocks that they came from.
 */
class Channel {
  readonly #batches: Batch[] = []
  #isBuffering = false
  #isEnded = false
  #error: unknown
  #taken: (() => void) | undefined
  #arrived: (() => void) | undefined
  isLeft = false

  /** Resolves when the reader has come back for more. */
  push(batch: Batch, fields: WantedFields): Promise<void> {
    if (this.isLeft) return Promise.resolve()
    assert(this.#taken === undefined, 'a batch was pushed before the one before it was taken')
    this.#batches.push(this.#isBuffering && fields === 'all' ? batch.detach('all') : batch)
    this.#arrived?.()
    if (this.#isBuffering) return Promise.resolve()
    return new Promise((resolve) => {
      this.#taken = resolve
    })
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

  async *read(): AsyncGenerator<Batch> {
    for (;;) {
      const batch = this.#batches.shift()
      if (batch !== undefined) {
        yield batch
        if (this.#batches.length === 0) this.#release()
        continue
      }
      if (this.#error !== undefined) throw this.#error
      if (this.#isEnded) return
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
      this.#arrived = undefined
    }
  }

  #release(): void {
    this.#taken?.()
    this.#taken = undefined
  }
}
