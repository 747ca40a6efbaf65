// Turns rows into a table: a row for each value of one field, a column for each value of another.

import { Batch, batchRows } from '../../value/batch.ts'
import { plain } from '../../value/column.ts'
import { textOf, type Value } from '../../value/value.ts'
import { compareNaturally } from '../stats/text-order.ts'
import type { ArgumentReader, Options } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import { readFieldNames } from './shared/field-names.ts'

const optionSchema = { format: 'string', grouped: 'boolean', sep: 'string' } as const

interface TableArguments {
  readonly x: string
  readonly series: string
  readonly data: readonly string[]
  readonly options: Options<typeof optionSchema>
}

export const xyseries = defineCommand<TableArguments>({
  name: 'xyseries',
  aliases: ['maketable'],
  type: 'transforming',
  summary: 'Turns rows into a table: a row for each value of one field, a column for each value of another.',
  syntax:
    'xyseries [grouped=<bool>] <x-field> <y-name-field> <y-data-field>... [sep=<string>] [format=<string>]',
  options: {
    format: 'Names of columns when there are several data fields: $AGG$ is the data field, $VAL$ the value.',
    grouped:
      'Whether rows with the same x-field follow each other; then the table keeps their order. Default: false.',
    sep: 'What stands between data field and value in names of columns. Default: ": ".',
  },
  examples: [
    {
      search: '* | xyseries host status count',
      input: [
        { host: 'a', status: '200', count: '5' },
        { host: 'a', status: '404', count: '1' },
        { host: 'b', status: '200', count: '7' },
      ],
      output: [
        { host: 'a', '200': '5', '404': '1' },
        { host: 'b', '200': '7' },
      ],
    },
  ],

  parse(reader: ArgumentReader) {
    const options: Options<typeof optionSchema> = {}
    const names: string[] = []
    while (!reader.isDone) {
      Object.assign(options, reader.options(optionSchema))
      const more = readFieldNames(reader)
      if (more.length === 0 && reader.peekOption() === undefined) break
      names.push(...more)
    }
    const [x, series, ...data] = names
    if (x === undefined || series === undefined || data.length === 0) {
      reader.missing('a field for the rows, one for the columns, and at least one with the data')
    }
    return { x, series, data, options }
  },

  needs: ({ x, series, data }) => new Set([x, series, ...data]),

  async *run({ x, series, data, options }, input, context) {
    const rows = new Map<string, { readonly key: Value; readonly cells: Map<string, Value> }>()
    const columns = new Set<string>()
    for await (const batch of input) {
      context.signal.throwIfAborted()
      for (let row = 0; row < batch.length; row++) {
        const key = batch.value(x, row)
        const keyText = textOf(key)
        const name = textOf(batch.value(series, row))
        if (keyText === undefined || name === undefined) continue
        let known = rows.get(keyText)
        if (known === undefined) {
          known = { key, cells: new Map() }
          rows.set(keyText, known)
        }
        for (const field of data) {
          const value = batch.value(field, row)
          const column = columnName(field, name, data.length, options)
          columns.add(column)
          // Of rows with the same two values, the last one stays.
          if (value !== undefined) known.cells.set(column, value)
        }
      }
    }
    const ordered = [...rows.values()]
    if (options.grouped !== true) ordered.sort((a, b) => compareNaturally(a.key, b.key))
    const names = [...columns].filter((name) => name !== x).sort(compareNaturally)
    for (let start = 0; start < ordered.length; start += batchRows) {
      const part = ordered.slice(start, start + batchRows)
      yield new Batch(part.length, [
        [x, plain(part.map(({ key }) => key))],
        ...names.map((name) => [name, plain(part.map(({ cells }) => cells.get(name)))] as const),
      ])
    }
  },
})

function columnName(
  field: string,
  value: string,
  fields: number,
  options: Options<typeof optionSchema>,
): string {
  if (fields === 1 && options.format === undefined) return value
  const { sep = ': ', format = `$AGG$${sep}$VAL$` } = options
  return format.replace(/\$AGG\$|\$VAL\$/g, (part) => (part === '$AGG$' ? field : value))
}
