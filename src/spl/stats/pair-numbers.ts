// Numbers pairs of numbers in the order in which they are first met.

/** The least number of slots; a power of two. */
const leastSlots = 16

/**
 * A hash table of pairs of numbers below 2^32. Natural form: a Map keyed by `before * 2^26 + after`, whose keys are no
 * small integers: that took four times as long, and was a sixth of the time of a scan with many detections.
 */
export class PairNumbers {
  readonly #before: number[] = []
  readonly #after: number[] = []
  /** Numbers of pairs, -1 where a slot is free; open addressing. */
  #slots = new Int32Array(leastSlots).fill(-1)
  /** Pairs come from evidence: nobody outside can know which of them collide. */
  readonly #seed = Math.floor(Math.random() * 0x1_0000_0000)

  get count(): number {
    return this.#before.length
  }

  /** What the table takes, in bytes, about. */
  get heldBytes(): number {
    return this.#slots.length * 4 + this.#before.length * 16
  }

  /** The pair that has a number. */
  pair(number: number): readonly [before: number, after: number] {
    return [this.#before[number]!, this.#after[number]!]
  }

  /** The number of a pair; the next free one when it is new. */
  numberOf(before: number, after: number): number {
    const slots = this.#slots
    const last = slots.length - 1
    for (let slot = this.#hash(before, after) & last; ; slot = (slot + 1) & last) {
      const number = slots[slot]!
      if (number === -1) return this.#insert(slot, before, after)
      if (this.#before[number] === before && this.#after[number] === after) return number
    }
  }

  #insert(slot: number, before: number, after: number): number {
    const number = this.#before.length
    this.#before.push(before)
    this.#after.push(after)
    this.#slots[slot] = number
    if (this.#before.length * 2 > this.#slots.length) this.#grow()
    return number
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const last = slots.length - 1
    for (let number = 0; number < this.#before.length; number++) {
      let slot = this.#hash(this.#before[number]!, this.#after[number]!) & last
      while (slots[slot] !== -1) slot = (slot + 1) & last
      slots[slot] = number
    }
    this.#slots = slots
  }

  /** The mixing steps of MurmurHash3 (public domain, Austin Appleby). */
  #hash(before: number, after: number): number {
    let hash = Math.imul(before ^ this.#seed, 0xcc9e2d51)
    hash = (hash << 15) | (hash >>> 17)
    hash = Math.imul(hash, 0x1b873593) ^ after
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return (hash ^ (hash >>> 16)) >>> 0
  }
}
