// Distinct texts by group: the state behind dc, values and estdc.

import { searchError } from '../../diagnostics/diagnostic.ts'
import type { Value } from '../../value/value.ts'
import type { Accumulator, AggregateInput } from './aggregate.ts'
import { forEachText } from './each-value.ts'

/** What a set takes in V8, and each of its entries beside the text itself. */
const setBytes = 250
const entryBytes = 40

/** Keeps each group's distinct texts. A group with one text, the most common kind, holds no set. */
export class TextSets implements Accumulator {
  readonly #finish: (texts: ReadonlySet<string>) => Value
  readonly #sets: (string | Set<string> | undefined)[] = []
  readonly #most: number
  /** Texts in sets, all groups together. */
  #count = 0
  heldBytes = 0

  /** @param most texts that all groups together may hold, those of groups with one text not counted */
  constructor(finish: (texts: ReadonlySet<string>) => Value, most: number) {
    this.#finish = finish
    this.#most = most
  }

  add(input: AggregateInput): void {
    const sets = this.#sets
    forEachText(input, (group, text) => {
      const known = sets[group]
      if (known === undefined) {
        sets[group] = text
        this.heldBytes += text.length
      } else if (typeof known !== 'string') {
        const before = known.size
        known.add(text)
        if (known.size === before) return
        this.heldBytes += text.length + entryBytes
        if (++this.#count > this.#most) this.#refuse()
      } else if (known !== text) {
        sets[group] = new Set([known, text])
        this.heldBytes += text.length + setBytes
        this.#count += 2
      }
    })
  }

  #refuse(): never {
    throw searchError(
      'limit-reached',
      `dc() or values() would hold more than ${this.#most} different values.`,
      'Keep fewer rows or shorten the values before it, or raise limits.max_rows.',
    )
  }

  merge(other: TextSets, groupOf: Uint32Array): void {
    groupOf.forEach((target, group) => {
      const added = other.#sets[group]
      if (added === undefined) return
      const known = this.#sets[target]
      if (known === undefined) this.#sets[target] = typeof added === 'string' ? added : new Set(added)
      else this.#sets[target] = new Set([...asSet(known), ...asSet(added)])
    })
  }

  result(group: number): Value {
    return this.#finish(asSet(this.#sets[group]))
  }
}

function asSet(texts: string | Set<string> | undefined): ReadonlySet<string> {
  if (texts === undefined) return new Set()
  return typeof texts === 'string' ? new Set([texts]) : texts
}
