// Aggregates that are asked for after every row: over all rows so far, or over a window of the last ones.
// When a row counts and when everything starts anew is the business of streamstats.

import { type Column, plain } from '../../value/column.ts'
import { multivalue, numberOf, textsOf, type Value } from '../../value/value.ts'
import type { Accumulator } from './aggregate.ts'

/** One aggregate of the command. */
export interface RunningTerm {
  /** Makes what it accumulates in. */
  create(): Accumulator
  readonly usesTime: boolean
  /** Whether a value that is no number makes it null: `allnum`. */
  readonly numbersOnly: boolean
}

/** What the aggregates see of a row: a value for each of them. */
export interface RunningRow {
  readonly groups: readonly number[]
  readonly values: readonly Value[]
  readonly time: number | undefined
}

/** The state of aggregates between rows. */
export interface RunningState {
  /** Takes in a row. */
  add(row: RunningRow): void
  /** The results for the groups of a row, one for each aggregate. */
  results(row: RunningRow): readonly Value[]
  /** Goes on as if there had been no rows. */
  reset(): void
}

/** All rows so far count. */
export class Cumulative implements RunningState {
  readonly #terms: readonly RunningTerm[]
  #accumulators: (Accumulator | undefined)[] = []
  #textGroups: Set<number>[] = []

  constructor(terms: readonly RunningTerm[]) {
    this.#terms = terms
  }

  add({ groups, values, time }: RunningRow): void {
    this.#terms.forEach((term, index) => {
      const accumulator = this.#accumulator(index)
      const column: Column = { kind: 'const', value: values[index] }
      const times: Column | undefined = term.usesTime ? { kind: 'const', value: time } : undefined
      for (const group of groups) {
        accumulator.add({ length: 1, column, times, groups: Uint32Array.of(group), groupCount: group + 1 })
        if (term.numbersOnly && hasText(values[index])) this.#texts(index).add(group)
      }
    })
  }

  results({ groups }: RunningRow): readonly Value[] {
    return this.#terms.map((_, index) =>
      together(
        groups.map((group) =>
          this.#texts(index).has(group) ? undefined : this.#accumulator(index).result(group),
        ),
      ),
    )
  }

  reset(): void {
    this.#accumulators = []
    this.#textGroups = []
  }

  #accumulator(index: number): Accumulator {
    let accumulator = this.#accumulators[index]
    if (accumulator === undefined) {
      accumulator = this.#terms[index]!.create()
      this.#accumulators[index] = accumulator
    }
    return accumulator
  }

  #texts(index: number): Set<number> {
    this.#textGroups[index] ??= new Set()
    return this.#textGroups[index]
  }
}

/** Which of the last rows count. */
export interface WindowSize {
  /** At most so many; undefined: any number. */
  readonly rows: number | undefined
  /** Only rows less than so many seconds away; undefined: any time. */
  readonly seconds: number | undefined
  /** Whether every group has a window of its own. Otherwise rows of all groups take places in one. */
  readonly byGroup: boolean
}

/** The last rows count. */
export class Windowed implements RunningState {
  readonly #terms: readonly RunningTerm[]
  readonly #size: WindowSize
  /** The windows, oldest row first. */
  readonly #windows = new Map<number | undefined, RunningRow[]>()

  constructor(terms: readonly RunningTerm[], size: WindowSize) {
    this.#terms = terms
    this.#size = size
  }

  add(row: RunningRow): void {
    for (const key of this.#size.byGroup ? row.groups : [undefined]) {
      const window = this.#window(key)
      window.push(row)
      if (this.#size.rows !== undefined && window.length > this.#size.rows) window.shift()
    }
  }

  results(row: RunningRow): readonly Value[] {
    const byGroup = row.groups.map((group) => {
      const window = this.#window(this.#size.byGroup ? group : undefined)
      this.#dropDistant(window, row.time)
      return this.#ofRows(window.filter(({ groups }) => groups.includes(group)))
    })
    return this.#terms.map((_, index) => together(byGroup.map((results) => results[index])))
  }

  reset(): void {
    this.#windows.clear()
  }

  #window(key: number | undefined): RunningRow[] {
    let window = this.#windows.get(key)
    if (window === undefined) {
      window = []
      this.#windows.set(key, window)
    }
    return window
  }

  #dropDistant(window: RunningRow[], time: number | undefined): void {
    const { seconds } = this.#size
    if (seconds === undefined || time === undefined) return
    const near = window.findIndex((row) => row.time !== undefined && Math.abs(time - row.time) < seconds)
    window.splice(0, near === -1 ? window.length : near)
  }

  #ofRows(rows: readonly RunningRow[]): readonly Value[] {
    const groups = new Uint32Array(rows.length)
    const times = plain(rows.map(({ time }) => time))
    return this.#terms.map((term, index) => {
      const values = rows.map((row) => row.values[index])
      if (term.numbersOnly && values.some(hasText)) return undefined
      const accumulator = term.create()
      if (rows.length > 0) {
        const column = plain(values)
        accumulator.add({
          length: rows.length,
          column,
          times: term.usesTime ? times : undefined,
          groups,
          groupCount: 1,
        })
      }
      return accumulator.result(0)
    })
  }
}

const hasText = (value: Value): boolean => textsOf(value).some((text) => numberOf(text) === undefined)

/** The result of a row; one in several groups has that of each. */
function together(results: readonly Value[]): Value {
  return results.length === 1 ? results[0] : multivalue(results.flatMap((result) => textsOf(result)))
}
