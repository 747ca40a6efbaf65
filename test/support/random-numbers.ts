// Random numbers that a seed repeats, for fuzzers. Mulberry32, public domain.

/** Gives a whole number from 0 up to, not including, `limit`. */
export type RandomNumbers = (limit: number) => number

export function randomNumbers(seed: number): RandomNumbers {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }
}

/** One of the items. */
export const pick = <Item>(random: RandomNumbers, items: readonly Item[]): Item =>
  items[random(items.length)]!
