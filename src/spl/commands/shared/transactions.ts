// Groups events into transactions. Events are seen from the newest to the oldest, as the conditions are stated for that
// order: an event that ends a transaction opens it, one that starts it closes it.
// Search Reference: transaction. Reading the arguments and rendering the groups is left to the command; finding an
// event's transaction among thousands that are open, to open-transactions.ts.

import { firstValues, type Key, OpenTransactions, type TransactionState } from './open-transactions.ts'

/** What groups events. Absent: no such condition. */
export interface TransactionRules {
  /** An event that shares no field with a transaction begins one of its own, though nothing contradicts. */
  readonly connected: boolean
  /** Seconds from the first to the last event. */
  readonly maxspan: number | undefined
  /** Seconds between one event and the next. */
  readonly maxpause: number | undefined
  readonly maxevents: number | undefined
  readonly hasStart: boolean
  readonly hasEnd: boolean
  /** Events that start or end a transaction must share a field with it. */
  readonly unifyends: boolean
  /** How many transactions may be open, and how many events they may hold: beyond, the one least lately used goes. */
  readonly maxopentxn: number | undefined
  readonly maxopenevents: number | undefined
}

/** What is known of one event. */
export interface TransactionEvent {
  readonly row: number
  /** Epoch seconds. */
  readonly time: number
  /** Which values it has of the fields that group, by their position; undefined where it lacks one. */
  readonly keys: readonly Key[]
  readonly starts: boolean
  readonly ends: boolean
}

export interface Transaction {
  /** Rows from the newest to the oldest event. */
  readonly rows: readonly number[]
  /** Begins and ends as the rules say, and was not given up for want of room. */
  readonly isComplete: boolean
  /** Complete, and ended by a start, maxspan, maxpause or maxevents rather than by the end of the data: closed_txn */
  readonly isClosed: boolean
}

interface OpenTransaction extends TransactionState {
  readonly rows: number[]
  readonly latest: number
  earliest: number
  readonly hasEnd: boolean
}

/** @param fieldCount how many fields group; with none all events belong together */
export class TransactionBuilder {
  readonly #rules: TransactionRules
  readonly #fieldCount: number
  readonly #hasRoomLimits: boolean
  readonly closed: Transaction[] = []
  /** Rows that are in no transaction: they have none of the fields. */
  readonly orphans: number[] = []
  readonly #open: OpenTransactions<OpenTransaction>
  /** How many events the open transactions hold. */
  #openEvents = 0

  constructor(rules: TransactionRules, fieldCount: number) {
    this.#rules = rules
    this.#fieldCount = fieldCount
    this.#hasRoomLimits = rules.maxopentxn !== undefined || rules.maxopenevents !== undefined
    this.#open = new OpenTransactions(fieldCount, this.#hasRoomLimits)
  }

  /** Takes the next older event. */
  add(event: TransactionEvent): void {
    const { hasStart, hasEnd, unifyends, connected, maxevents } = this.#rules
    const starts = hasStart && event.starts
    const ends = hasEnd && event.ends
    const hasKeys = this.#fieldCount === 0 || event.keys.some((key) => key !== undefined)
    if (!hasKeys && (unifyends || (!starts && !ends))) {
      this.orphans.push(event.row)
      return
    }
    let open =
      hasKeys && this.#fieldCount > 0 ? this.#open.find(event.keys, connected) : this.#open.lastOpened()
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
    this.#openEvents++
    if (starts) this.#close(open, true, true)
    else if (maxevents !== undefined && open.rows.length >= maxevents) this.#close(open, false, true)
    else if (this.#hasRoomLimits) this.#makeRoom()
  }

  /** Closes what is still open. It is the last call. */
  finish(): void {
    for (const open of this.#open.all()) this.#give(open, false, false)
  }

  #fitsIn({ time }: TransactionEvent, { latest, earliest }: OpenTransaction): boolean {
    const { maxspan, maxpause } = this.#rules
    if (maxspan !== undefined && latest - time > maxspan) return false
    return maxpause === undefined || earliest - time <= maxpause
  }

  #begin({ row, time, keys }: TransactionEvent, hasEnd: boolean): OpenTransaction {
    const open: OpenTransaction = {
      rows: [row],
      latest: time,
      earliest: time,
      hasEnd,
      order: 0,
      values: firstValues(keys),
      known: -1,
      isOpen: true,
    }
    this.#open.add(open)
    return open
  }

  #join(open: OpenTransaction, { row, time, keys }: TransactionEvent): void {
    open.rows.push(row)
    if (!Number.isNaN(time)) open.earliest = time
    this.#open.learn(open, keys)
    this.#open.use(open)
  }

  #makeRoom(): void {
    const { maxopentxn = Number.POSITIVE_INFINITY, maxopenevents = Number.POSITIVE_INFINITY } = this.#rules
    while (this.#open.size > maxopentxn || this.#openEvents > maxopenevents) {
      const open = this.#open.leastLatelyUsed()
      if (open === undefined) return
      this.#remove(open)
      this.closed.push({ rows: open.rows, isComplete: false, isClosed: false })
    }
  }

  #close(open: OpenTransaction, hasStart: boolean, byRule: boolean): void {
    this.#remove(open)
    this.#give(open, hasStart, byRule)
  }

  #give(open: OpenTransaction, hasStart: boolean, byRule: boolean): void {
    const isComplete = (hasStart || !this.#rules.hasStart) && (open.hasEnd || !this.#rules.hasEnd)
    this.closed.push({ rows: open.rows, isComplete, isClosed: isComplete && byRule })
  }

  #remove(open: OpenTransaction): void {
    this.#open.close(open)
    this.#openEvents -= open.rows.length
  }
}
