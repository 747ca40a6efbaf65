// The aggregate list, with its state.

import { multivalue, type Value } from '../../../value/value.ts'
import { type Accumulator, type AggregateInput, defineAggregate } from '../aggregate.ts'
import { forEachText } from '../each-value.ts'

class Lists implements Accumulator {
  readonly #maxSize: number
  readonly #warn: () => void
  readonly #lists: (string[] | undefined)[] = []
  heldBytes = 0

  constructor(maxSize: number, warn: () => void) {
    this.#maxSize = maxSize
    this.#warn = warn
  }

  add(input: AggregateInput): void {
    forEachText(input, (group, text) => this.#append(group, text))
  }

  merge(other: Lists, groupOf: Uint32Array): void {
    groupOf.forEach((target, group) => {
      for (const text of other.#lists[group] ?? []) this.#append(target, text)
    })
  }

  result(group: number): Value {
    // A copy, as streamstats asks again after every row.
    return multivalue([...(this.#lists[group] ?? [])])
  }

  #append(group: number, text: string): void {
    const list = this.#lists[group]
    if (list !== undefined && this.#maxSize > 0 && list.length >= this.#maxSize) {
      this.#warn()
      return
    }
    if (list === undefined) this.#lists[group] = [text]
    else list.push(text)
    this.heldBytes += text.length + 16
  }
}

export const list = defineAggregate({
  name: 'list',
  summary:
    'The values of a field as a multivalue, in the order of the events, with duplicates. Stops at 100.',
  syntax: 'list(<field>)',
  examples: [{ call: 'list(x)', values: ['b', 'a', 'b'], result: ['b', 'a', 'b'] }],
  create: ({ limits: { listMaxsize }, warn }) => {
    const message = `list() keeps the first ${listMaxsize} values of a group (limit list_maxsize); there are more.`
    return new Lists(listMaxsize, () => warn(message))
  },
})
