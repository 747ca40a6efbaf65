// Events of one kind from one collector have the same keys in the same order. What follows from the keys alone is worked
// out once for all of them.

import { textOf } from '../text/encoding.ts'
import type { ObjectScanner } from './object-scanner.ts'

/** What is remembered of objects with the same keys, and what was made of the keys. */
export interface KeyList<Meaning> {
  readonly keys: readonly string[]
  readonly meaning: Meaning
}

/** Kinds of events that are remembered. Hostile logs may bring endless new ones. */
const mostLists = 1000

/** The lists of keys that were met, by what the scanner tells of the object that it scanned last. */
export class KeyLists<Meaning> {
  private readonly lists = new Map<number, KeyList<Meaning>>()
  private readonly mean: (keys: readonly string[]) => Meaning

  /** @param mean works out what follows from the keys of an object, in their order */
  constructor(mean: (keys: readonly string[]) => Meaning) {
    this.mean = mean
  }

  of(bytes: Buffer, scanner: ObjectScanner): KeyList<Meaning> {
    const known = this.lists.get(scanner.keysHash)
    if (known !== undefined && hasKeys(bytes, scanner, known.keys)) return known
    const keys = Array.from({ length: scanner.memberCount }, (_, member) =>
      textOf(bytes, scanner.keyFrom(member), scanner.keyTo(member)),
    )
    const list = { keys, meaning: this.mean(keys) }
    if (this.lists.size >= mostLists) this.lists.clear()
    this.lists.set(scanner.keysHash, list)
    return list
  }
}

/** Whether the object has exactly these keys. Keys beyond ASCII are never found equal. */
function hasKeys(bytes: Buffer, scanner: ObjectScanner, keys: readonly string[]): boolean {
  if (keys.length !== scanner.memberCount) return false
  for (let member = 0; member < keys.length; member++) {
    const key = keys[member]!
    const from = scanner.keyFrom(member)
    if (key.length !== scanner.keyTo(member) - from) return false
    for (let index = 0; index < key.length; index++) {
      if (bytes[from + index] !== key.charCodeAt(index)) return false
    }
  }
  return true
}
