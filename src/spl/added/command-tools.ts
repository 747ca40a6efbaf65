// What a command of a user's own gets from Karst, so that its file needs no import and no package beside it.

import { searchError } from '../../diagnostics/diagnostic.ts'
import { Batch } from '../../value/batch.ts'
import { constant, mapColumn, nullColumn, plain, valuesOf } from '../../value/column.ts'
import { isMultivalue, multivalue, numberOf, textOf, textsOf } from '../../value/value.ts'

/** Everything that reads and makes rows, and the error of a search that is wrong. */
export const commandTools = {
  /** Rows as columns: `Batch.fromRows([{ user: 'alice' }])`, `batch.with([['user', column]])`. */
  Batch,
  /** The column of these values, by row. */
  plain,
  /** A column with the same value in every row. */
  constant,
  /** The column of a field that no row has. */
  nullColumn,
  /** Applies a pure function to a column, once per distinct value where values repeat. */
  mapColumn,
  /** The values of the first rows of a column. */
  valuesOf,
  /** The number that a value is or looks like. */
  numberOf,
  /** The text of a value. */
  textOf,
  /** The texts of a value: several for a multivalue. */
  textsOf,
  isMultivalue,
  /** Makes a value of texts. */
  multivalue,
  /** `throw searchError('bad-argument', 'What is wrong.', 'What to do.')` */
  searchError,
} as const

export type CommandTools = typeof commandTools
