// The aggregate mode, with its state.

import type { Value } from '../../../value/value.ts'
import { type Accumulator, type AggregateInput, defineAggregate } from '../aggregate.ts'
import { forEachText } from '../each-value.ts'

class Frequencies implements Accumulator {
  readonly #counts: (Map<string, number> | undefined)[] = []
  heldBytes = 0

  add(input: AggregateInput): void {
    forEachText(input, (group, text) => this.#count(group, text, 1))
  }

  merge(other: Frequencies, groupOf: Uint32Array): void {
    groupOf.forEach((target, group) => {
      for (const [text, count] of other.#counts[group] ?? []) this.#count(target, text, count)
    })
  }

  result(group: number): Value {
    let most: string | undefined
    let highest = 0
    for (const [text, count] of this.#counts[group] ?? []) {
      // Of values that are equally frequent, the one that came first: which Splunk takes is not documented.
      if (count <= highest) continue
      highest = count
      most = text
    }
    return most
  }

  #count(group: number, text: string, count: number): void {
    let counts = this.#counts[group]
    if (counts === undefined) {
      counts = new Map()
      this.#counts[group] = counts
    }
    const known = counts.get(text)
    if (known === undefined) this.heldBytes += text.length + 100
    counts.set(text, (known ?? 0) + count)
  }
}

export const mode = defineAggregate({
  name: 'mode',
  summary: 'The most frequent value of a field, as text.',
  leftOpen: ['Which of several values that are equally frequent it gives: the one that came first.'],
  syntax: 'mode(<field>)',
  examples: [{ call: 'mode(x)', values: ['a', 'b', 'b', 'c'], result: 'b' }],
  create: () => new Frequencies(),
})
