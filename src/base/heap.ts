// Keeps the best few of many rows without sorting them all (`sort … | head 20`).
// What "best" means is the comparator's business.

/**
 * Keeps the `k` items that come first by `compare`; among equals, those added first.
 * Adding costs O(log k), memory is O(k).
 */
export class TopK<Item> {
  readonly #k: number
  readonly #compare: (a: Item, b: Item) => number
  /** A heap whose root is the item to drop next: the last in order of those kept. */
  readonly #heap: { readonly item: Item; readonly order: number }[] = []
  #added = 0

  /** @param compare negative when `a` comes before `b`, as for Array.sort */
  constructor(k: number, compare: (a: Item, b: Item) => number) {
    this.#k = k
    this.#compare = compare
  }

  /** How many items are kept now. */
  get size(): number {
    return this.#heap.length
  }

  /** Offers an item; says whether it was kept, possibly in the place of another. */
  add(item: Item): boolean {
    const entry = { item, order: this.#added++ }
    if (this.#heap.length < this.#k) {
      this.#heap.push(entry)
      this.#siftUp(this.#heap.length - 1)
      return true
    }
    // A later equal never replaces an earlier one.
    if (this.#k <= 0 || this.#compare(item, this.#heap[0]!.item) >= 0) return false
    this.#heap[0] = entry
    this.#siftDown(0)
    return true
  }

  /** The kept items in order; the heap stays as it is. */
  sorted(): Item[] {
    return this.#heap
      .toSorted((a, b) => this.#compare(a.item, b.item) || a.order - b.order)
      .map(({ item }) => item)
  }

  #comesAfter(a: number, b: number): boolean {
    const left = this.#heap[a]!
    const right = this.#heap[b]!
    return (this.#compare(left.item, right.item) || left.order - right.order) > 0
  }

  #siftUp(start: number): void {
    let index = start
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#comesAfter(index, parent)) return
      this.#swap(index, parent)
      index = parent
    }
  }

  #siftDown(start: number): void {
    let index = start
    for (;;) {
      let last = index
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.#heap.length && this.#comesAfter(child, last)) last = child
      }
      if (last === index) return
      this.#swap(index, last)
      index = last
    }
  }

  #swap(a: number, b: number): void {
    const held = this.#heap[a]!
    this.#heap[a] = this.#heap[b]!
    this.#heap[b] = held
  }
}
