// Sums over fields: which fields of a batch count, and the sum of a column, for addtotals and addcoltotals.

import type { Batch } from '../../../value/batch.ts'
import { numberOf, type Value } from '../../../value/value.ts'
import { forEachNumber } from '../../stats/each-value.ts'
import { anyFieldTest, isInternal } from './field-patterns.ts'

/** Which fields are summed: those that fit the patterns; without patterns all but internal ones. */
export function summedFields(patterns: readonly string[]): (name: string) => boolean {
  return patterns.length === 0 ? (name) => !isInternal(name) : anyFieldTest(patterns)
}

/** Adds up columns over all batches. A column without any number has no sum. */
export class ColumnSums {
  readonly #isSummed: (name: string) => boolean
  readonly #sums = new Map<string, number>()

  constructor(isSummed: (name: string) => boolean) {
    this.#isSummed = isSummed
  }

  add(batch: Batch): void {
    for (const name of batch.names()) {
      if (!this.#isSummed(name)) continue
      let sum = this.#sums.get(name)
      const input = {
        column: batch.column(name),
        length: batch.length,
        groups: new Uint32Array(batch.length),
      }
      forEachNumber(input, (_group, number) => {
        sum = (sum ?? 0) + number
      })
      if (sum !== undefined) this.#sums.set(name, sum)
    }
  }

  /** The summary row: the sums, and the label in its field. */
  row(labelField: string | undefined, label: string): ReadonlyMap<string, Value> {
    const row = new Map<string, Value>(this.#sums)
    if (labelField !== undefined) row.set(labelField, label)
    return row
  }
}

/** The sum of the numbers among values of one row. */
export function sumOf(values: readonly Value[]): number {
  return values.reduce<number>((sum, value) => sum + (numberOf(value) ?? 0), 0)
}
