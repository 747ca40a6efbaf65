// What a lookup table holds after rows were written into it. Where it is kept is left to lookups.ts.
// Search Reference: outputlookup

import { searchError } from '../diagnostics/diagnostic.ts'
import type { LookupWriting, LookupWritten } from '../spl/host.ts'

/** The rows of a table by columns; a cell without a value is ''. */
export interface TableContent {
  readonly fields: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface WrittenTable extends TableContent {
  readonly outcome: LookupWritten
}

/** The field with the key of a record in a KV store. */
const keyName = '_key'

/**
 * Puts rows into a table.
 * @param before  what the table held; undefined where there was none
 * @param collection  the table is a KV store collection: its records have keys. `fields` are those of its definition
 * @throws SearchError for a key in a table without keys
 */
export function writtenTable(
  name: string,
  before: TableContent | undefined,
  given: TableContent,
  how: LookupWriting,
  collection: { readonly fields: readonly string[] } | undefined,
): WrittenTable {
  const { append, keyField } = how
  if (collection === undefined) {
    if (keyField !== undefined) {
      throw searchError(
        'bad-argument',
        `"key_field" needs a lookup of a KV store collection, and "${name}" is a file.`,
        'Define the lookup with "collection" in transforms.conf.',
      )
    }
    return writtenFile(before, withoutField(given, keyName), append)
  }
  return writtenCollection(before, given, how, collection.fields)
}

/** A file that rows are added to keeps its columns; a file that is replaced gets those of the rows. */
function writtenFile(before: TableContent | undefined, given: TableContent, append: boolean): WrittenTable {
  if (!append || before === undefined || before.fields.length === 0) {
    // Without any row the search has no columns either, and the table keeps those that it had.
    const fields = given.fields.length === 0 ? (before?.fields ?? []) : given.fields
    return { fields, rows: given.rows, outcome: { droppedFields: [], skippedRows: 0 } }
  }
  const { fields } = before
  return {
    fields,
    rows: [...before.rows, ...reordered(given, fields)],
    outcome: { droppedFields: given.fields.filter((field) => !fields.includes(field)), skippedRows: 0 },
  }
}

function writtenCollection(
  before: TableContent | undefined,
  given: TableContent,
  { append, keyField, allowUpdates }: LookupWriting,
  stated: readonly string[],
): WrittenTable {
  const old = append ? before : undefined
  const hasKeys =
    keyField !== undefined ||
    [stated, old?.fields ?? [], given.fields].some((names) => names.includes(keyName))
  const fields = [
    ...new Set([
      ...(old?.fields ?? []),
      ...(given.fields.length === 0 ? (before?.fields ?? stated) : given.fields),
      ...(hasKeys ? [keyName] : []),
    ]),
  ]
  const rows = old === undefined ? [] : reordered(old, fields)
  if (!hasKeys) {
    const all = [...rows, ...reordered(given, fields)]
    return { fields, rows: all, outcome: { droppedFields: [], skippedRows: 0 } }
  }
  const keyColumn = fields.indexOf(keyName)
  const places = new Map(rows.map((row, place) => [row[keyColumn] ?? '', place]))
  let skippedRows = 0
  let next = 1
  const newKey = (): string => {
    for (;;) {
      const key = String(next++).padStart(24, '0')
      if (!places.has(key)) return key
    }
  }
  const source = given.fields.indexOf(keyField ?? keyName)
  reordered(given, fields).forEach((cells, index) => {
    const key = given.rows[index]![source] || newKey()
    const row = cells.map((cell, column) => (column === keyColumn ? key : cell))
    const place = places.get(key)
    if (place === undefined) {
      places.set(key, rows.length)
      rows.push(row)
    } else if (allowUpdates) rows[place] = row
    else skippedRows++
  })
  return { fields, rows, outcome: { droppedFields: [], skippedRows } }
}

const reordered = (table: TableContent, fields: readonly string[]): (readonly string[])[] => {
  const places = fields.map((field) => table.fields.indexOf(field))
  return table.rows.map((row) => places.map((place) => row[place] ?? ''))
}

function withoutField({ fields, rows }: TableContent, name: string): TableContent {
  const at = fields.indexOf(name)
  if (at < 0) return { fields, rows }
  return {
    fields: fields.filter((_, column) => column !== at),
    rows: rows.map((row) => row.filter((_, column) => column !== at)),
  }
}
