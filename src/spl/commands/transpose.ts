// Turns rows into columns and columns into rows.

import { Batch } from '../../value/batch.ts'
import { plain } from '../../value/column.ts'
import { textOf, type Value } from '../../value/value.ts'
import type { ArgumentReader, Options } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'

const optionSchema = { column_name: 'string', header_field: 'string', include_empty: 'boolean' } as const

interface TransposeArguments {
  readonly limit: number
  readonly options: Options<typeof optionSchema>
}

export const transpose = defineCommand<TransposeArguments>({
  name: 'transpose',
  type: 'transforming',
  summary: 'Turns each of the first rows into a column, and each field into a row.',
  syntax: 'transpose [<int>] [column_name=<string>] [header_field=<field>] [include_empty=<bool>]',
  options: {
    column_name: 'The name of the field with the names of the fields. Default: column.',
    header_field: 'The field whose values name the new columns. Default: row 1, row 2, …',
    include_empty: 'Whether fields without any value make a row. Default: true.',
  },
  examples: [
    {
      search: '* | table host count | transpose',
      input: [
        { host: 'a', count: '5' },
        { host: 'b', count: '7' },
      ],
      output: [
        { column: 'host', 'row 1': 'a', 'row 2': 'b' },
        { column: 'count', 'row 1': '5', 'row 2': '7' },
      ],
    },
    {
      search: '* | table host count | transpose header_field=host column_name=measure',
      input: [
        { host: 'a', count: '5' },
        { host: 'b', count: '7' },
      ],
      output: [{ measure: 'count', a: '5', b: '7' }],
    },
  ],

  parse(reader: ArgumentReader) {
    const before = reader.options(optionSchema)
    const limit = reader.integer() ?? 5
    if (limit < 0)
      reader.fail('bad-argument', `transpose needs a number of rows, 0 or more, found "${limit}".`)
    return { limit, options: { ...before, ...reader.options(optionSchema) } }
  },

  needs: () => 'all',

  async *run({ limit, options }, input) {
    const {
      column_name: columnName = 'column',
      header_field: headerField,
      include_empty: includeEmpty = true,
    } = options
    const rows: Map<string, Value>[] = []
    const fields = new Set<string>()
    for await (const batch of input) {
      for (const name of batch.names()) fields.add(name)
      const left = limit === 0 ? batch.length : Math.min(batch.length, limit - rows.length)
      for (let row = 0; row < left; row++) rows.push(batch.row(row))
      if (limit !== 0 && rows.length >= limit) break
    }
    if (headerField !== undefined) fields.delete(headerField)
    const isEmpty = (name: string): boolean => rows.every((row) => (textOf(row.get(name)) ?? '') === '')
    const names = [...fields].filter((name) => includeEmpty || !isEmpty(name))
    if (rows.length === 0 || names.length === 0) return
    const headers = rows.map((row, index) =>
      headerField === undefined ? `row ${index + 1}` : (textOf(row.get(headerField)) ?? `row ${index + 1}`),
    )
    // Of rows with the same header, the last one stays.
    const columns = new Map(
      rows.map((row, index) => [headers[index]!, plain(names.map((name) => row.get(name)))]),
    )
    yield new Batch(names.length, [[columnName, plain(names)], ...columns])
  },
})
