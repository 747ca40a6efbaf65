// The transactions that are open, and which of them an event belongs to: no field of the event may contradict it, which
// means that where both have values of a field, they share one.
//
// Natural form: the last opened of all open transactions for which `isConsistent` holds, as `scan` below does it. With
// thousands of open transactions each event would look at each of them (bench/commands.ts: transaction). So they are
// indexed: transactions that know the same fields are found by their values in those of them that the event has, too.

import { PairNumbers } from '../../stats/pair-numbers.ts'

/** Which values an event has of a field, as numbers that stand for its texts; undefined for none. */
export type Key = number | readonly number[] | undefined

/** What the index keeps of an open transaction. The rest of it is the builder's. */
export interface TransactionState {
  /** Opened as the n-th. */
  order: number
  /** The values so far, by the position of the field. */
  readonly values: (number | Set<number> | undefined)[]
  /** The positions of the fields it is indexed by, as bits; -1 when it is in no index. */
  known: number
  isOpen: boolean
}

/** Transactions that know the same fields. */
interface Group<T> {
  /** The positions of these fields, as bits. */
  readonly known: number
  size: number
  /** One for each set of fields that events shared with them so far. */
  readonly indices: Map<number, Index<T>>
}

/**
 * Transactions of a group by their values in some of the fields that they know. Those in one place are in opening order;
 * what has closed or gone to another group since is left there until it comes to the end.
 */
interface Index<T> {
  readonly known: number
  readonly positions: readonly number[]
  /** Number the combinations of values of several fields; of one field, the value's own number is the place. */
  readonly pairs: PairNumbers
  readonly places: (T | T[] | undefined)[]
}

/** Fields are bits of a number. With more fields, no transaction is indexed. */
const mostIndexedFields = 30
/** An event or transaction with more combinations of values than this is looked for, or kept, outside the indices. */
const mostCombinations = 1000

/** All transactions that are open. `T` adds what the builder wants to know of one. */
export class OpenTransactions<T extends TransactionState> {
  readonly #fieldCount: number
  /** In opening order, with some that have closed since. */
  #opened: T[] = []
  #size = 0
  /** In the order of their last use, where that matters. */
  readonly #byUse: Set<T> | undefined
  readonly #groups = new Map<number, Group<T>>()
  /** Those that have too many combinations of values for an index. */
  readonly #unindexed = new Set<T>()
  #count = 0

  /** @param ordersByUse whether leastLatelyUsed() will be asked for */
  constructor(fieldCount: number, ordersByUse: boolean) {
    this.#fieldCount = fieldCount
    this.#byUse = ordersByUse ? new Set() : undefined
  }

  get size(): number {
    return this.#size
  }

  /** In opening order. */
  all(): readonly T[] {
    return this.#opened.filter(({ isOpen }) => isOpen)
  }

  add(opened: T): void {
    opened.order = this.#count++
    this.#size++
    this.#opened.push(opened)
    this.#byUse?.add(opened)
    this.#place(opened)
  }

  close(closed: T): void {
    closed.isOpen = false
    this.#size--
    this.#byUse?.delete(closed)
    if (closed.known < 0) this.#unindexed.delete(closed)
    else this.#forget(closed)
    while (this.#opened.at(-1)?.isOpen === false) this.#opened.pop()
    // Dropped when they are more than those that are open, so that each is passed over a few times at most.
    if (this.#opened.length > 2 * this.#size + 16) this.#opened = this.#opened.filter(({ isOpen }) => isOpen)
  }

  lastOpened(): T | undefined {
    return this.#opened.at(-1)
  }

  leastLatelyUsed(): T | undefined {
    return this.#byUse?.values().next().value
  }

  /** Makes a transaction the one used last. */
  use(open: T): void {
    this.#byUse?.delete(open)
    this.#byUse?.add(open)
  }

  /**
   * The open transaction that an event belongs to, the one that was opened last when there are several.
   * @param connected whether they must share a value, beyond not contradicting each other
   */
  find(keys: readonly Key[], connected: boolean): T | undefined {
    if (combinationCount(keys) > mostCombinations) return scan(this.all(), keys, connected)
    let found = this.#unindexed.size === 0 ? undefined : scan(this.#unindexed, keys, connected)
    const given = positionBits(keys)
    for (const group of this.#groups.values()) {
      const shared = group.known & given
      if (connected && shared === 0) continue
      const index = this.#indexOf(group, shared)
      for (const place of placesOf(keys, index)) {
        const last = lastIn(index, place)
        if (last !== undefined && (found === undefined || last.order > found.order)) found = last
      }
    }
    return found
  }

  /** Adds an event's values to a transaction. */
  learn(open: T, keys: readonly Key[]): void {
    const { values } = open
    if (keys.every((key, position) => hasValues(values[position], key))) return
    const added = keys.map((key, position) => addValues(values, position, key))
    if (!this.#place(open)) this.#indexAdded(open, added)
  }

  /** Puts a transaction into the group of those that know the same fields. False when it is there already. */
  #place(open: T): boolean {
    const isIndexed =
      this.#fieldCount <= mostIndexedFields && combinationCount(open.values) <= mostCombinations
    const known = isIndexed ? positionBits(open.values) : -1
    if (isIndexed && open.known === known) return false
    if (open.known >= 0) this.#forget(open)
    open.known = known
    if (isIndexed) this.#index(open)
    else this.#unindexed.add(open)
    return true
  }

  #index(open: T): void {
    let group = this.#groups.get(open.known)
    if (group === undefined) {
      group = { known: open.known, size: 0, indices: new Map() }
      this.#groups.set(open.known, group)
    }
    group.size++
    for (const index of group.indices.values()) put(index, open, open.values)
  }

  /** Puts a transaction into the places of combinations that it did not have before. */
  #indexAdded(open: T, added: readonly (readonly number[])[]): void {
    for (const index of this.#groups.get(open.known)!.indices.values()) {
      const values: (number | Iterable<number> | undefined)[] = [...open.values]
      // Combinations with a new value in the first place, then those with an old one there and a new one in the second…
      for (const position of index.positions) {
        const fresh = added[position]!
        if (fresh.length === 0) continue
        put(
          index,
          open,
          values.map((value, at) => (at === position ? fresh : value)),
        )
        values[position] = idsOf(values[position]).filter((id) => !fresh.includes(id))
      }
    }
  }

  #forget(open: T): void {
    const group = this.#groups.get(open.known)!
    if (--group.size === 0) this.#groups.delete(open.known)
  }

  #indexOf(group: Group<T>, shared: number): Index<T> {
    let index = group.indices.get(shared)
    if (index === undefined) {
      const all = Array.from({ length: this.#fieldCount }, (_, position) => position)
      const positions = all.filter((position) => (shared & (1 << position)) !== 0)
      index = { known: group.known, positions, pairs: new PairNumbers(), places: [] }
      group.indices.set(shared, index)
      for (const open of this.all()) if (open.known === group.known) put(index, open, open.values)
    }
    return index
  }
}

/** The last opened of some transactions that an event does not contradict. */
function scan<T extends TransactionState>(
  among: Iterable<T>,
  keys: readonly Key[],
  connected: boolean,
): T | undefined {
  let found: T | undefined
  for (const open of among) {
    if (found !== undefined && open.order < found.order) continue
    if (isConsistent(keys, open.values, connected)) found = open
  }
  return found
}

function isConsistent(keys: readonly Key[], values: TransactionState['values'], connected: boolean): boolean {
  let isShared = false
  for (let position = 0; position < keys.length; position++) {
    const key = keys[position]
    const known = values[position]
    if (key === undefined || known === undefined) continue
    if (!idsOf(key).some((id) => (typeof known === 'number' ? known === id : known.has(id)))) return false
    isShared = true
  }
  return isShared || !connected
}

const idsOf = (ids: number | Iterable<number> | undefined): readonly number[] =>
  ids === undefined ? [] : typeof ids === 'number' ? [ids] : [...ids]

/** The positions that have a value, as bits. Wrong beyond 31 fields, for which it is not used. */
function positionBits(values: readonly unknown[]): number {
  let bits = 0
  for (let position = 0; position < values.length; position++) {
    if (values[position] !== undefined) bits |= 1 << position
  }
  return bits
}

function combinationCount(values: readonly (Key | Set<number>)[]): number {
  let count = 1
  for (const value of values) {
    if (typeof value === 'object') count *= value instanceof Set ? value.size : value.length
  }
  return count
}

/** The values of a transaction that has one event. */
export const firstValues = (keys: readonly Key[]): TransactionState['values'] =>
  keys.map((key) => (typeof key === 'object' ? new Set(key) : key))

/** Whether a field's values hold all of an event's. */
function hasValues(known: TransactionState['values'][number], key: Key): boolean {
  if (key === undefined || key === known) return true
  if (known === undefined) return false
  return idsOf(key).every((id) => (typeof known === 'number' ? known === id : known.has(id)))
}

/** Adds values of a field and gives those that are new. */
function addValues(values: TransactionState['values'], position: number, key: Key): readonly number[] {
  if (key === undefined) return []
  const known = values[position]
  if (typeof key === 'number' && (known === undefined || known === key)) {
    values[position] = key
    return known === undefined ? [key] : []
  }
  const all = known instanceof Set ? known : new Set(idsOf(known))
  const added = idsOf(key).filter((id) => !all.has(id))
  for (const id of added) all.add(id)
  values[position] = all
  return added
}

/** The places of an index that values lead to: one for each combination. */
function placesOf<T>(
  values: readonly (number | Iterable<number> | undefined)[],
  { positions, pairs }: Index<T>,
): readonly number[] {
  // Natural form: what follows the loop. Most fields have one value.
  let only = 0
  let index = 0
  for (; index < positions.length; index++) {
    const id = values[positions[index]!]
    if (typeof id !== 'number') break
    only = index === 0 ? id : pairs.numberOf(only, id)
  }
  if (index === positions.length) return [only]
  let places: readonly number[] = [0]
  positions.forEach((position, index) => {
    const ids = idsOf(values[position])
    places = index === 0 ? ids : places.flatMap((place) => ids.map((id) => pairs.numberOf(place, id)))
  })
  return places
}

/** Enters a transaction in its places. Those in one place stay in opening order, so that the last is the one wanted. */
function put<T extends TransactionState>(
  index: Index<T>,
  open: T,
  values: readonly (number | Iterable<number> | undefined)[],
): void {
  const { places } = index
  for (const place of placesOf(values, index)) {
    const there = places[place]
    if (there === undefined) {
      places[place] = open
      continue
    }
    const list = Array.isArray(there) ? there : [there]
    let at = list.length
    while (at > 0 && list[at - 1]!.order > open.order) at--
    list.splice(at, 0, open)
    places[place] = list
  }
}

/** The last transaction in a place; what was left behind there is dropped on the way. */
function lastIn<T extends TransactionState>({ places, known }: Index<T>, place: number): T | undefined {
  const there = places[place]
  if (there === undefined) return undefined
  const list = Array.isArray(there) ? there : [there]
  for (let last = list.at(-1); last !== undefined; last = list.at(-1)) {
    if (last.isOpen && last.known === known) return last
    list.pop()
  }
  places[place] = undefined
  return undefined
}
