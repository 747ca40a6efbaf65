// Texts that logs repeat in every event (names, channels, hosts, paths), made of their bytes once. What comes back is the
// same string each time, so it takes no memory again and is compared at once.

import { textOf } from './encoding.ts'

/** Longer texts repeat too seldom to be remembered. */
const longest = 64

/** How many bytes of a text tell its place in the memory. */
const sample = 16

/**
 * A memory for texts in UTF-8 bytes. It holds a fixed number of short ones: a newer text takes the place of an older one
 * that falls on the same number, so that hostile logs can only make it useless.
 *
 * Natural form: `make(textOf(bytes, from, to))`, which is 150 ns for 30 bytes where this takes 60, and garbage.
 */
export class RepeatedTexts {
  private readonly written: string[]
  private readonly made: string[]
  private readonly make: (text: string) => string

  /**
   * @param size how many texts are remembered, a power of two
   * @param make what is made of a text as it is written, done when it is not remembered
   */
  constructor(size: number, make: (text: string) => string = (text) => text) {
    this.written = new Array<string>(size).fill('')
    this.made = new Array<string>(size).fill(make(''))
    this.make = make
  }

  /** What is made of the text in the bytes from `from` up to `to`. */
  read(bytes: Buffer, from: number, to: number): string {
    const length = to - from
    if (length > longest) return this.make(textOf(bytes, from, to))
    let hash = length
    if (length <= sample) for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0
    else
      for (let part = 0; part < sample; part++)
        hash = (Math.imul(hash, 31) + bytes[from + ((part * length) >> 4)]!) | 0
    const place = (hash ^ (hash >>> 13)) & (this.written.length - 1)
    const known = this.written[place]!
    if (known.length === length && isAt(bytes, from, known)) return this.made[place]!
    const text = textOf(bytes, from, to)
    // Only characters of one byte can be compared with bytes.
    if (text.length < length || !isAt(bytes, from, text)) return this.make(text)
    this.written[place] = text
    this.made[place] = this.make(text)
    return this.made[place]!
  }
}

function isAt(bytes: Buffer, from: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[from + index] !== text.charCodeAt(index)) return false
  }
  return true
}
