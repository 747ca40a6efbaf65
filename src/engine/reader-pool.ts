// The main thread's side of reading with several threads: hands out the evidence in units and gives what the readers find
// in the order of the units, so that it does not show how many readers there are.

import { Worker } from 'node:worker_threads'
import type { RowRequest } from '../detect/row-finder.ts'
import type { EvidencePlace, EvidenceProblem } from '../source/files.ts'
import { type FromReader, packRequest, type ReaderSetup, type ToReader, type Unit } from './scan-messages.ts'

/** A unit is whole files that have so many bytes together. */
const unitBytes = 8 * 1024 * 1024

/** Units that a reader has at hand, so that it need not wait for the next one. */
const unitsAtHand = 2

/** Whether this is run from its source. Node runs that only with a loader, which threads may not have. */
export const isSource: boolean = import.meta.url.endsWith('.ts')

/** The program of a reader. All folders, of the source and of the package, are equally deep. */
const program = new URL(`../engine/scan-worker.${isSource ? 'ts' : 'js'}`, import.meta.url)

/** What one unit gives, as it comes. */
class UnitQueue {
  readonly pass: number
  readonly unit: Unit
  readonly reader: Reader
  readonly #messages: FromReader[] = []
  #arrived: () => void = () => {}
  #failure: Error | undefined

  constructor(pass: number, unit: Unit, reader: Reader) {
    this.pass = pass
    this.unit = unit
    this.reader = reader
  }

  push(message: FromReader): void {
    this.#messages.push(message)
    this.#arrived()
  }

  fail(error: Error): void {
    this.#failure = error
    this.#arrived()
  }

  /** The next message, or why there is none. */
  async next(): Promise<FromReader | Error> {
    for (;;) {
      const message = this.#messages.shift() ?? this.#failure
      if (message !== undefined) return message
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
    }
  }
}

/** A thread that breaks down so often before it says anything will not say anything the next time either. */
const mostFailures = 3

/** One thread. When it runs out of memory, another takes its place. */
class Reader {
  readonly #setup: ReaderSetup
  readonly #heapMegabytes: number
  #worker: Worker
  #begin: ToReader | undefined
  /** Threads in a row that broke down before they said anything. */
  #failures = 0
  /** Why no thread can be started. */
  #broken: Error | undefined
  /** What it was given and has not finished. */
  readonly units: UnitQueue[] = []

  constructor(setup: ReaderSetup, heapMegabytes: number) {
    this.#setup = setup
    this.#heapMegabytes = heapMegabytes
    this.#worker = this.#start()
  }

  begin(message: ToReader): void {
    this.#begin = message
    this.units.length = 0
    this.#worker.postMessage(message)
  }

  give(queue: UnitQueue): void {
    if (this.#broken !== undefined) {
      queue.fail(this.#broken)
      return
    }
    this.units.push(queue)
    this.#worker.postMessage({ kind: 'unit', pass: queue.pass, unit: queue.unit } satisfies ToReader)
  }

  taken(pass: number): void {
    this.#worker.postMessage({ kind: 'taken', pass } satisfies ToReader)
  }

  close(): Promise<unknown> {
    return this.#worker.terminate()
  }

  #start(): Worker {
    const worker = new Worker(program, {
      workerData: this.#setup,
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMegabytes },
    })
    worker.on('message', (message: FromReader) => {
      this.#failures = 0
      const place = this.units.findIndex(({ unit }) => unit.number === message.unit)
      this.units[place]?.push(message)
      if (message.isLast && place >= 0) this.units.splice(place, 1)
    })
    worker.on('error', (error: Error) => {
      const [broken, ...others] = this.units.splice(0)
      if (++this.#failures >= mostFailures) {
        this.#broken = error
        for (const queue of [broken, ...others]) queue?.fail(error)
        return
      }
      this.#worker = this.#start()
      if (this.#begin !== undefined) this.#worker.postMessage(this.#begin)
      for (const queue of others) this.give(queue)
      broken?.fail(error)
    })
    return worker
  }
}

export interface ReaderPool {
  /** Reads the places once. Gives what the units give, in order; a unit that could not be read to its end, as an error. */
  pass(
    places: readonly (EvidencePlace | EvidenceProblem)[],
    requests: readonly RowRequest[],
  ): AsyncGenerator<FromReader | { readonly unit: Unit; readonly error: Error }, void, undefined>
  close(): Promise<void>
}

/**
 * Starts readers.
 * @param heapMegabytes what each may hold; one that needs more is replaced, and the unit that it read is given up
 */
export function startReaders(count: number, setup: ReaderSetup, heapMegabytes: number): ReaderPool {
  const readers = Array.from({ length: count }, () => new Reader(setup, heapMegabytes))
  let passes = 0
  let units = 0

  async function* pass(
    places: readonly (EvidencePlace | EvidenceProblem)[],
    requests: readonly RowRequest[],
  ): AsyncGenerator<FromReader | { readonly unit: Unit; readonly error: Error }, void, undefined> {
    const number = ++passes
    const begin: ToReader = { kind: 'pass', pass: number, requests: requests.map(packRequest) }
    for (const reader of readers) reader.begin(begin)
    const coming = unitsOf(places)
    const queues: UnitQueue[] = []
    const handOut = (): void => {
      for (;;) {
        const reader = readers.reduce((least, one) => (one.units.length < least.units.length ? one : least))
        const unit = reader.units.length < unitsAtHand ? coming.next().value : undefined
        if (unit === undefined) return
        const queue = new UnitQueue(number, unit, reader)
        queues.push(queue)
        reader.give(queue)
      }
    }
    handOut()
    for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) {
      for (;;) {
        const message = await queue.next()
        handOut()
        if (message instanceof Error) {
          yield { unit: queue.unit, error: message }
          break
        }
        yield message
        if (message.isLast) break
        queue.reader.taken(number)
      }
    }
  }

  function* unitsOf(places: readonly (EvidencePlace | EvidenceProblem)[]): Generator<Unit, undefined> {
    let unit: (EvidencePlace | EvidenceProblem)[] = []
    let bytes = 0
    for (const place of places) {
      unit.push(place)
      bytes += place.kind === 'place' ? (place.sizeBytes ?? 0) : 0
      if (bytes < unitBytes) continue
      yield { number: units++, places: unit }
      unit = []
      bytes = 0
    }
    if (unit.length > 0) yield { number: units++, places: unit }
  }

  return {
    pass,
    async close() {
      await Promise.all(readers.map((reader) => reader.close()))
    },
  }
}
