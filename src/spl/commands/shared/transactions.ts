// Groups events into transactions. Events are seen from the newest to the oldest, as the conditions are stated for that
// order: an event that ends a transaction opens it, one that starts it closes it.
// Search Reference: transaction. Reading the arguments and rendering the groups is left to the command.

/** What groups events. Absent: no such condition. */
export interface TransactionRules {
  /** An event that shares no field with a transaction begins one of its own, though nothing contradicts. */
  readonly connected: boolean
  /** Seconds from the first to the last event. */
  readonly maxspan: number | undefined
  /** Seconds between one event and the next. */
  readonly maxpause: number | undefined
  readonly maxevents: number
  readonly hasStart: boolean
  readonly hasEnd: boolean
  /** Events that start or end a transaction must share a field with it. */
  readonly unifyends: boolean
}

/** What is known of one event. */
export interface TransactionEvent {
  readonly row: number
  /** Epoch seconds. */
  readonly time: number
  /** The texts of the fields that group, by their position; undefined where the event lacks one. */
  readonly keys: readonly (readonly string[] | undefined)[]
  readonly starts: boolean
  readonly ends: boolean
}

export interface Transaction {
  /** Rows from the newest to the oldest event. */
  readonly rows: number[]
  /** Begins and ends as the rules say. */
  readonly isComplete: boolean
  /** Complete, and ended by a start, maxspan, maxpause or maxevents rather than by the end of the data: closed_txn */
  readonly isClosed: boolean
}

interface OpenTransaction {
  readonly rows: number[]
  readonly values: (Set<string> | undefined)[]
  readonly latest: number
  earliest: number
  readonly hasEnd: boolean
}

/** @param fieldCount how many fields group; with none all events belong together */
export class TransactionBuilder {
  readonly #rules: TransactionRules
  readonly #fieldCount: number
  readonly closed: Transaction[] = []
  /** Rows that are in no transaction: they have none of the fields. */
  readonly orphans: number[] = []
  /** Open transactions by `position:text` of their values, so that an event finds its own without seeing all. */
  readonly #byValue = new Map<string, Set<OpenTransaction>>()
  readonly #open = new Set<OpenTransaction>()

  constructor(rules: TransactionRules, fieldCount: number) {
    this.#rules = rules
    this.#fieldCount = fieldCount
  }

  /** Takes the next older event. */
  add(event: TransactionEvent): void {
    const { hasStart, hasEnd, unifyends } = this.#rules
    const starts = hasStart && event.starts
    const ends = hasEnd && event.ends
    const hasKeys = this.#fieldCount === 0 || event.keys.some((texts) => texts !== undefined)
    if (!hasKeys && (unifyends || (!starts && !ends))) {
      this.orphans.push(event.row)
      return
    }
    let open = hasKeys ? this.#findOpen(event) : [...this.#open].at(-1)
    if (open !== undefined && !this.#fitsIn(event, open)) {
      this.#close(open, false, true)
      open = undefined
    }
    if (open !== undefined && ends && !starts) {
      // The transaction at hand is newer than this end: it has no start.
      this.#close(open, false, false)
      open = undefined
    }
    if (open === undefined) open = this.#begin(event, ends)
    else this.#join(open, event)
    if (starts) this.#close(open, true, true)
    else if (open.rows.length >= this.#rules.maxevents) this.#close(open, false, true)
  }

  /** Closes what is still open. */
  finish(): void {
    for (const open of [...this.#open]) this.#close(open, false, false)
  }

  #fitsIn({ time }: TransactionEvent, { latest, earliest }: OpenTransaction): boolean {
    const { maxspan, maxpause } = this.#rules
    if (maxspan !== undefined && latest - time > maxspan) return false
    return maxpause === undefined || earliest - time <= maxpause
  }

  /** The open transaction an event belongs to, the one that was opened last when there are several. */
  #findOpen(event: TransactionEvent): OpenTransaction | undefined {
    if (this.#fieldCount === 0) return [...this.#open].at(-1)
    let found: OpenTransaction | undefined
    for (const open of this.#candidates(event)) if (isConsistent(event, open)) found = open
    return found
  }

  #candidates(event: TransactionEvent): Iterable<OpenTransaction> {
    if (!this.#rules.connected) return this.#open
    const candidates = new Set<OpenTransaction>()
    event.keys.forEach((texts, position) => {
      for (const text of texts ?? [])
        for (const open of this.#byValue.get(`${position}:${text}`) ?? []) candidates.add(open)
    })
    return candidates
  }

  #begin(event: TransactionEvent, hasEnd: boolean): OpenTransaction {
    const open: OpenTransaction = {
      rows: [],
      values: event.keys.map(() => undefined),
      latest: event.time,
      earliest: event.time,
      hasEnd,
    }
    this.#open.add(open)
    this.#join(open, event)
    return open
  }

  #join(open: OpenTransaction, event: TransactionEvent): void {
    open.rows.push(event.row)
    if (!Number.isNaN(event.time)) open.earliest = event.time
    event.keys.forEach((texts, position) => {
      if (texts === undefined) return
      const values = open.values[position] ?? new Set<string>()
      open.values[position] = values
      for (const text of texts) {
        if (values.has(text)) continue
        values.add(text)
        const key = `${position}:${text}`
        const others = this.#byValue.get(key)
        if (others === undefined) this.#byValue.set(key, new Set([open]))
        else others.add(open)
      }
    })
  }

  #close(open: OpenTransaction, hasStart: boolean, byRule: boolean): void {
    this.#open.delete(open)
    open.values.forEach((values, position) => {
      for (const text of values ?? []) {
        const key = `${position}:${text}`
        const others = this.#byValue.get(key)
        others?.delete(open)
        if (others?.size === 0) this.#byValue.delete(key)
      }
    })
    const isComplete = (hasStart || !this.#rules.hasStart) && (open.hasEnd || !this.#rules.hasEnd)
    this.closed.push({ rows: open.rows, isComplete, isClosed: isComplete && byRule })
  }
}

/** Whether no field of the event contradicts the transaction: where both have a value, they share one. */
function isConsistent({ keys }: TransactionEvent, { values }: OpenTransaction): boolean {
  return keys.every((texts, position) => {
    const known = values[position]
    return texts === undefined || known === undefined || texts.some((text) => known.has(text))
  })
}
