// How much memory searches may hold together. What they hold is estimated by those who hold it, from the sizes of texts
// and the numbers of rows and groups, so that the same evidence ends the same way on every machine.

import { type SearchError, searchError } from '../../diagnostics/diagnostic.ts'

/** What the program, its content and the blocks in hand take, about; the rest of a process's memory is for searches. */
const ownBytes = 320 * 1024 * 1024

/** Searches may hold this much however little the process may take. */
const leastBytes = 32 * 1024 * 1024

/** Bytes shared by searches that run at the same time. */
export class MemoryBudget {
  readonly #processBytes: number
  readonly #bytes: number
  readonly #shares = new Set<MemoryShare>()
  #held = 0

  /** @param processBytes what the process may take as a whole, about */
  constructor(processBytes: number) {
    this.#processBytes = processBytes
    this.#bytes = Math.max(leastBytes, processBytes - ownBytes)
  }

  /** Admits a search. */
  share(): MemoryShare {
    const share = new MemoryShare((one, more) => this.#grow(one, more))
    this.#shares.add(share)
    return share
  }

  #grow(share: MemoryShare, more: number): void {
    this.#held += more
    while (this.#held > this.#bytes) {
      let largest = share
      for (const one of this.#shares) if (one.bytes > largest.bytes) largest = one
      // What it holds counts as free: it ends as soon as it is its turn.
      this.#held -= largest.bytes
      this.#shares.delete(largest)
      largest.stop(this.#refusal(largest.bytes))
    }
  }

  #refusal(bytes: number): SearchError {
    const megabytes = (count: number): string => `${Math.round(count / 1024 / 1024)} MiB`
    return searchError(
      'limit-reached',
      `The search held about ${megabytes(bytes)} of rows, groups and values, more than any other, when all searches together held ${megabytes(this.#bytes)}.`,
      `Keep fewer rows and fields, group by fewer fields, or raise --max-memory (limits.max_memory), now ${megabytes(this.#processBytes)}.`,
    )
  }
}

/** One search's part in a budget. */
export class MemoryShare {
  readonly #grow: (share: MemoryShare, more: number) => void
  readonly #byHolder = new Map<object, number>()
  #bytes = 0
  #refusal: SearchError | undefined

  constructor(grow: (share: MemoryShare, more: number) => void) {
    this.#grow = grow
  }

  get bytes(): number {
    return this.#bytes
  }

  /**
   * Says how much a part of the search holds from now on, about.
   * @throws SearchError when this search has to make room
   */
  hold(holder: object, bytes: number): void {
    this.check()
    const more = bytes - (this.#byHolder.get(holder) ?? 0)
    if (more === 0) return
    this.#byHolder.set(holder, bytes)
    this.#bytes += more
    this.#grow(this, more)
    this.check()
  }

  /** @throws SearchError when this search had to make room */
  check(): void {
    if (this.#refusal !== undefined) throw this.#refusal
  }

  /** The search has ended. */
  end(): void {
    if (this.#refusal !== undefined) return
    for (const holder of this.#byHolder.keys()) this.hold(holder, 0)
  }

  /** The search must end. */
  stop(refusal: SearchError): void {
    this.#refusal = refusal
  }
}
