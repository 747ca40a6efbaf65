// Runs several searches and merges their rows by time, the newest first.

import type { Batch } from '../../value/batch.ts'
import { numberOf } from '../../value/value.ts'
import type { Pipeline } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'

export const multisearch = defineCommand<{ readonly pipelines: readonly Pipeline[] }>({
  name: 'multisearch',
  type: 'generating',
  summary: 'Runs several searches and merges their rows by time.',
  syntax: 'multisearch <subsearch1> <subsearch2> [<subsearch3>…]',
  examples: [
    {
      search: '| multisearch [search n=1 | eval by="first"] [search n=2 | eval by="second"] | table n by',
      input: [{ n: '1' }, { n: '2' }],
      output: [
        { n: '1', by: 'first' },
        { n: '2', by: 'second' },
      ],
    },
  ],

  parse(reader) {
    const pipelines: Pipeline[] = []
    while (!reader.isDone) if (!reader.punctuation(',')) pipelines.push(reader.subsearch())
    if (pipelines.length < 2) reader.missing('at least two subsearches')
    return { pipelines }
  },

  pipelines: ({ pipelines }) => pipelines,

  async *run({ pipelines }, _input, context) {
    const streams = pipelines.map((pipeline) => new TimedStream(context.runPipeline(pipeline)))
    try {
      await Promise.all(streams.map((stream) => stream.fill()))
      for (;;) {
        const open = streams.filter((stream) => !stream.isDone)
        const first = open.reduce<TimedStream | undefined>(
          (best, stream) => (best === undefined || stream.time > best.time ? stream : best),
          undefined,
        )
        if (first === undefined) return
        const others = open.filter((stream) => stream !== first).map((stream) => stream.time)
        yield first.take(Math.max(...others, Number.NEGATIVE_INFINITY))
        await first.fill()
      }
    } finally {
      await Promise.all(streams.map((stream) => stream.close()))
    }
  },
})

/** The rows of one search and a place in them. */
class TimedStream {
  readonly #batches: AsyncIterator<Batch>
  #batch: Batch | undefined
  #row = 0
  isDone = false

  constructor(batches: AsyncIterable<Batch>) {
    this.#batches = batches[Symbol.asyncIterator]()
  }

  /** The time of the next row; rows without one come last. */
  get time(): number {
    return this.#timeAt(this.#row)
  }

  /** Makes sure that there is a next row, unless the search is done. */
  async fill(): Promise<void> {
    while (!this.isDone && (this.#batch === undefined || this.#row >= this.#batch.length)) {
      const { done, value } = await this.#batches.next()
      this.isDone = done === true
      this.#batch = done === true ? undefined : value
      this.#row = 0
    }
  }

  /** The rows that are not older than a time, at least one. */
  take(until: number): Batch {
    const batch = this.#batch!
    const start = this.#row
    do this.#row++
    while (this.#row < batch.length && this.#timeAt(this.#row) >= until)
    return batch.slice(start, this.#row)
  }

  async close(): Promise<void> {
    await this.#batches.return?.()
  }

  #timeAt(row: number): number {
    return numberOf(this.#batch?.value('_time', row)) ?? Number.NEGATIVE_INFINITY
  }
}
