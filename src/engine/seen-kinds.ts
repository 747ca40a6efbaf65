// Remembers which kinds of events files hold, so that a later pass leaves out the files that have nothing for it.

import type { KindValues, PartKind } from '../detect/kinds.ts'

/** Kinds that are remembered; hostile logs have no end of them. */
const mostKinds = 10_000

/** Files whose kinds are remembered. */
const mostFiles = 200_000

/** The kinds of events in files that were read to their end. */
export class SeenKinds {
  readonly #numbers = new Map<string, number>()
  readonly #kinds: KindValues[] = []
  readonly #byFile = new Map<string, Set<number>>()
  readonly #whole = new Set<string>()
  /** Something was met that cannot be remembered: nothing is known of any file. */
  #isLost = false

  /** Notes the kinds in a block. @param kinds undefined when they are not known */
  add(kinds: readonly PartKind[] | undefined): void {
    if (this.#isLost) return
    if (kinds === undefined) {
      this.#forget()
      return
    }
    for (const { values, files } of kinds) {
      const number = this.#number(values)
      for (const file of files) {
        const known = this.#byFile.get(file)
        if (known === undefined) this.#byFile.set(file, new Set([number]))
        else known.add(number)
      }
    }
    if (this.#kinds.length > mostKinds || this.#byFile.size > mostFiles) this.#forget()
  }

  /** Notes that a file was read to its end. */
  addWhole(file: string): void {
    if (!this.#isLost) this.#whole.add(file)
  }

  /** Whether a file may hold events of a kind that is wanted. */
  mayHold(file: string, isWanted: (kind: KindValues) => boolean): boolean {
    if (this.#isLost || !this.#whole.has(file)) return true
    for (const number of this.#byFile.get(file) ?? []) if (isWanted(this.#kinds[number]!)) return true
    return false
  }

  #number(values: KindValues): number {
    // What differs is told apart from what all lack.
    const key = JSON.stringify(values.map((common) => common && [common.value ?? null]))
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#kinds.length
      this.#kinds.push(values)
      this.#numbers.set(key, number)
    }
    return number
  }

  #forget(): void {
    this.#isLost = true
    this.#numbers.clear()
    this.#kinds.length = 0
    this.#byFile.clear()
    this.#whole.clear()
  }
}
