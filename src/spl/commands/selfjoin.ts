// Joins rows with later rows that have the same values in some fields.

import { type Column, nullColumn, plain, valueAt } from '../../value/column.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { readFieldsAndOptions } from './shared/fields-and-options.ts'
import { rowKeys } from './shared/row-keys.ts'

interface SelfjoinArguments {
  readonly fields: readonly string[]
  readonly overwrite: boolean
  /** 0: all. */
  readonly max: number
  readonly keepsingle: boolean
}

export const selfjoin = defineCommand<SelfjoinArguments>({
  name: 'selfjoin',
  type: 'dataset processing',
  summary: 'Joins the first row of each combination of values with the rows after it that have the same.',
  syntax: 'selfjoin [overwrite=<bool>] [max=<int>] [keepsingle=<bool>] <field-list>',
  options: {
    overwrite: "Whether the later row's values win where both have a field. Default: true.",
    max: 'How many other rows a row is joined with; 0 stands for all. Default: 1.',
    keepsingle: 'Whether rows without another of the same values are kept. Default: false.',
  },
  examples: [
    {
      search: '* | selfjoin session',
      input: [
        { session: '1', user: 'alice' },
        { session: '2', user: 'bob' },
        { session: '1', src: '10.0.0.1' },
      ],
      output: [{ session: '1', user: 'alice', src: '10.0.0.1' }],
    },
  ],

  parse(reader) {
    const schema = { overwrite: 'boolean', max: 'integer', keepsingle: 'boolean' } as const
    const { fields, options } = readFieldsAndOptions(reader, schema)
    if (fields.length === 0) reader.missing('at least one field')
    const { overwrite = true, max = 1, keepsingle = false } = options
    if (max < 0) reader.fail('bad-argument', `selfjoin needs a max that is not negative, found "${max}".`)
    return { fields, overwrite, max, keepsingle }
  },

  async *run({ fields, overwrite, max, keepsingle }, input, context) {
    const rows = await collectRows(input, context, 'selfjoin')
    const keys = rowKeys(rows, fields)
    const groups = new Map<string, number[]>()
    for (let row = 0; row < rows.length; row++) {
      const key = keys(row)
      if (key === undefined) continue
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [row])
      else group.push(row)
    }
    const pairs = [...groups.values()].flatMap(([first = 0, ...others]) => {
      if (others.length === 0) return keepsingle ? [[first, first] as const] : []
      return (max === 0 ? others : others.slice(0, max)).map((other) => [first, other] as const)
    })
    const main = rows.gather(Uint32Array.from(pairs, ([first]) => first))
    const columns = rows.names().map((name): readonly [string, Column] => {
      const column = rows.column(name) ?? nullColumn
      return [
        name,
        plain(
          pairs.map(([first, other]) => {
            const [winner, loser] = overwrite ? [other, first] : [first, other]
            return valueAt(column, winner) ?? valueAt(column, loser)
          }),
        ),
      ]
    })
    yield* inBatches(main.with(columns))
  },
})
