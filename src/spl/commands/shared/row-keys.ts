// A text per row that is the same exactly when the row's values of some fields are: for dedup, join, mvcombine, set.

import type { Batch } from '../../../value/batch.ts'
import { nullColumn, valueAt } from '../../../value/column.ts'
import { isMultivalue, scalarText, type Value } from '../../../value/value.ts'

/**
 * Gives the key of a row; undefined when one of the fields is null. Values compare as text, with regard to case.
 * @param options nulls: null is a value like any other, so that every row has a key
 */
export function rowKeys(
  batch: Batch,
  fields: readonly string[],
  { nulls = false }: { readonly nulls?: boolean } = {},
): (row: number) => string | undefined {
  const columns = fields.map((name) => batch.column(name) ?? nullColumn)
  return (row) => {
    let key = ''
    for (const column of columns) {
      const part = valueKey(valueAt(column, row)) ?? (nulls ? '-' : undefined)
      if (part === undefined) return undefined
      key += part
    }
    return key
  }
}

/** A text that no other value has, whatever is put behind it. Undefined for null. */
function valueKey(value: Value): string | undefined {
  if (value === undefined) return undefined
  if (!isMultivalue(value)) {
    const text = scalarText(value)
    return `${text.length}:${text}`
  }
  return value.length === 0 ? undefined : `[${value.map((text) => `${text.length}:${text}`).join('')}]`
}
