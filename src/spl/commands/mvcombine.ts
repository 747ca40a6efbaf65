// Joins rows that differ in one field only.

import { nullColumn, plain, valuesOf } from '../../value/column.ts'
import { multivalue, textsOf } from '../../value/value.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { rowKeys } from './shared/row-keys.ts'

export interface MvcombineArguments {
  readonly field: string
  /** Stands between the values when nomv follows at once. */
  readonly delimiter: string
}

export const mvcombine = defineCommand<MvcombineArguments>({
  name: 'mvcombine',
  type: 'transforming',
  summary: 'Joins rows that are the same in all fields but one, whose values become a multivalue field.',
  syntax: 'mvcombine [delim=<string>] <field>',
  options: { delim: 'What a nomv right after it puts between the values. Default: a space.' },
  examples: [
    {
      search: '* | mvcombine user',
      input: [
        { host: 'a', user: 'alice' },
        { host: 'b', user: 'carol' },
        { host: 'a', user: 'bob' },
      ],
      output: [
        { host: 'a', user: ['alice', 'bob'] },
        { host: 'b', user: 'carol' },
      ],
    },
  ],

  parse(reader) {
    const before = reader.options({ delim: 'string' })
    const field = reader.field()
    const after = reader.options({ delim: 'string' })
    return { field, delimiter: after.delim ?? before.delim ?? ' ' }
  },

  async *run({ field }, input, context) {
    const rows = await collectRows(input, context, 'mvcombine')
    const others = rows.names().filter((name) => name !== field)
    const keys = rowKeys(rows, others, { nulls: true })
    const values = valuesOf(rows.column(field) ?? nullColumn, rows.length)
    const groups = new Map<string, { readonly row: number; readonly texts: string[] }>()
    for (let row = 0; row < rows.length; row++) {
      // A row without the field is no part of a group.
      const key = values[row] === undefined ? `row ${row}` : keys(row)!
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { row, texts: [...textsOf(values[row])] })
      else group.texts.push(...textsOf(values[row]))
    }
    const combined = [...groups.values()]
    const first = rows.gather(Uint32Array.from(combined, ({ row }) => row))
    yield* inBatches(first.with([[field, plain(combined.map(({ texts }) => multivalue(texts)))]]))
  },
})
