// Puts fields into rows that are found in a text of the row: what spath, extract, xmlkv and their like share.

import type { Batch } from '../../../value/batch.ts'
import { plain, valuesOf } from '../../../value/column.ts'
import { multivalue, type Value } from '../../../value/value.ts'
import type { RunContext } from '../../run/context.ts'

/** Is told a field and one of its texts; a field that comes again gets one text more. */
export type FieldVisitor = (name: string, text: string) => void

/** How many new fields a batch may get: their names are data, and data is hostile. */
const mostFields = 2000

/**
 * Extracts fields of a column's texts. What is found replaces the values that a row has; rows in which a field is not
 * found keep theirs.
 *
 * @param extract  visits the fields of a value; it is called once for equal values
 * @param options  keepsOld: a row's own value wins over what is found
 */
export function extractFields(
  batch: Batch,
  input: string,
  extract: (value: Value, visit: FieldVisitor) => void,
  context: RunContext,
  options: { readonly keepsOld?: boolean } = {},
): Batch {
  const column = batch.column(input)
  if (column === undefined) return batch
  const known = new Map<Value, ReadonlyMap<string, string[]>>()
  const changed = new Map<string, Value[]>()
  let isFull = false
  for (const [row, value] of valuesOf(column, batch.length).entries()) {
    if (value === undefined) continue
    let fields = known.get(value)
    if (fields === undefined) {
      fields = fieldsOf(value, extract)
      known.set(value, fields)
    }
    for (const [name, texts] of fields) {
      let cells = changed.get(name)
      if (cells === undefined) {
        if (changed.size >= mostFields) {
          isFull = true
          continue
        }
        const old = batch.column(name)
        cells =
          old === undefined
            ? new Array<Value>(batch.length).fill(undefined)
            : [...valuesOf(old, batch.length)]
        changed.set(name, cells)
      }
      if (options.keepsOld !== true || cells[row] === undefined) cells[row] = multivalue(texts)
    }
  }
  if (isFull) {
    context.warn({
      code: 'limit-reached',
      severity: 'warning',
      message: `More than ${mostFields} fields were found in "${input}"; the further ones were left out.`,
      labels: [],
    })
  }
  return batch.with([...changed].map(([name, cells]) => [name, plain(cells)] as const))
}

function fieldsOf(
  value: Value,
  extract: (value: Value, visit: FieldVisitor) => void,
): ReadonlyMap<string, string[]> {
  const fields = new Map<string, string[]>()
  extract(value, (name, text) => {
    if (name === '') return
    const texts = fields.get(name)
    if (texts === undefined) fields.set(name, [text])
    else texts.push(text)
  })
  return fields
}
