// lookup()

import { nullColumn } from '../../../value/column.ts'
import { numberOf, type Value } from '../../../value/value.ts'
import type { LookupTable } from '../../host.ts'
import { text } from '../arguments.ts'
import { mapMany } from '../columns.ts'
import { defineSpecialFunction } from '../function.ts'
import { isJsonArray, isJsonObject, type Json, parseContainer, printJson, valueOfJson } from '../json.ts'

export const lookup = defineSpecialFunction({
  name: 'lookup',
  category: 'comparison',
  parameters: [
    { name: 'lookup_table', type: 'string' },
    { name: 'json_object', type: 'JSON' },
    { name: 'json_array', type: 'JSON' },
  ],
  returns: 'any',
  summary: 'Looks fields up in a lookup table and gives the wanted columns as a JSON object.',
  examples: [],
  check: ({ args: [table] }, compiler) => {
    if (table?.kind === 'String') return
    compiler.fail(
      'bad-argument',
      'lookup() needs the name of a lookup in double quotation marks.',
      table!.span,
    )
  },
  compile: ({ args: [name, inputs, outputs] }, compiler) => {
    const tableName = name?.kind === 'String' ? name.value : ''
    const { lookups } = compiler.context
    if (lookups === undefined) {
      return compiler.fail('unsupported', 'lookup() cannot be used here: there are no lookups.', name!.span)
    }
    const table = lookups.get(tableName)
    if (table === undefined) {
      return compiler.fail(
        'missing-lookup',
        `Lookup "${tableName}" is not defined.`,
        name!.span,
        lookups.problem?.(tableName),
      )
    }
    const parts = [compiler.compile(inputs!), compiler.compile(outputs!)]
    return (batch) => {
      const time = (table.isTimed ? batch.column('_time') : undefined) ?? nullColumn
      return mapMany([...parts.map((part) => part(batch)), time], batch.length, ([wanted, columns, at]) =>
        lookUp(table, wanted, columns, numberOf(at)),
      )
    }
  },
})

function lookUp(table: LookupTable, inputs: Value, outputs: Value, time: number | undefined): Value {
  const wanted = parseContainer(text(inputs))
  const columns = parseContainer(text(outputs))
  if (wanted === undefined || !isJsonObject(wanted) || columns === undefined || !isJsonArray(columns))
    return undefined
  const values = [...wanted].map(([field, value]) => [field, valueOfJson(value)] as const)
  const rows = table.match(values, time)
  if (rows.length === 0) return undefined
  const found = new Map<string, Json>()
  for (const column of columns) {
    if (typeof column !== 'string') continue
    const cells = rows.flatMap((row) => row.get(column) ?? [])
    if (cells.length > 0) found.set(column, cells.length === 1 ? cells[0]! : cells)
  }
  return printJson(found)
}
