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
        // Of rows with the same time those of an earlier search come first.
        const place = streams.indexOf(first)
        const isNext = (time: number): boolean =>
          open.every((stream) => {
            const other = streams.indexOf(stream)
            return other === place || time > stream.time || (other > place && time === stream.time)
          })
        yield first.take(isNext)
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

  /** The next row and those that follow it for as long as their times allow. */
  take(isNext: (time: number) => boolean): Batch {
    const batch = this.#batch!
    const start = this.#row
    do this.#row++
    while (this.#row < batch.length && isNext(this.#timeAt(this.#row)))
    return batch.slice(start, this.#row)
  }

  async close(): Promise<void> {
    await this.#batches.return?.()
  }

  #timeAt(row: number): number {
    return numberOf(this.#batch?.value('_time', row)) ?? Number.NEGATIVE_INFINITY
  }
}
