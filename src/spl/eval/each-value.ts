// What mvfilter() and mvmap() share: an expression computed once for each single value of a field, in one batch.

import type { Batch } from '../../value/batch.ts'
import { type Column, plain, valuesOf } from '../../value/column.ts'
import { isMultivalue, textsOf, type Value } from '../../value/value.ts'

/** A batch with a row for each single value. */
export interface EachValue {
  /** The field holds one value per row; other fields hold what their row held. */
  readonly batch: Batch
  /** For each row of `batch` the row it came from, ascending. */
  readonly rows: Uint32Array
  /** The single values. */
  readonly values: readonly Value[]
}

/** Takes the values of a column apart under the name of a field. */
export function eachValue(batch: Batch, field: string, column: Column): EachValue {
  const rows: number[] = []
  const values: Value[] = []
  for (const [row, value] of valuesOf(column, batch.length).entries()) {
    // A single value stays what it is, so that a number is still a number.
    for (const item of isMultivalue(value) ? value : value === undefined ? [] : [value]) {
      rows.push(row)
      values.push(item)
    }
  }
  const gathered = Uint32Array.from(rows)
  return { batch: batch.gather(gathered).with([[field, plain(values)]]), rows: gathered, values }
}

/** Puts the texts that came from the same row together again. */
export function regroup(rows: Uint32Array, values: readonly Value[], length: number): string[][] {
  const groups = Array.from({ length }, (): string[] => [])
  for (let index = 0; index < rows.length; index++) groups[rows[index]!]!.push(...textsOf(values[index]))
  return groups
}
