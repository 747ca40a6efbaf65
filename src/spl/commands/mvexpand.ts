// Makes a row of each value of a multivalue field.

import { type Batch, batchRows } from '../../value/batch.ts'
import { plain, valuesOf } from '../../value/column.ts'
import { isMultivalue, type Value } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

export const mvexpand = defineCommand<{ readonly field: string; readonly limit: number | undefined }>({
  name: 'mvexpand',
  type: 'distributable streaming',
  summary: 'Makes a row of each value of a multivalue field; the other fields are copied.',
  syntax: 'mvexpand <field> [limit=<int>]',
  options: { limit: 'How many values of a row are used; 0 stands for all. Default: 0.' },
  examples: [
    {
      search: '* | mvexpand user',
      input: [{ n: '1', user: ['alice', 'bob'] }],
      output: [
        { n: '1', user: 'alice' },
        { n: '1', user: 'bob' },
      ],
    },
  ],

  parse(reader) {
    const before = reader.options({ limit: 'integer' })
    const field = reader.field()
    const { limit } = { ...before, ...reader.options({ limit: 'integer' }) }
    if (limit !== undefined && limit < 0) {
      reader.fail('bad-argument', `mvexpand needs a limit that is not negative, found "${limit}".`)
    }
    return { field, limit }
  },

  needs: ({ field }, wanted) => union(wanted, [field]),

  async *run({ field, limit }, input, context) {
    const most = (limit ?? context.limits.mvexpandLimit) || Number.POSITIVE_INFINITY
    for await (const batch of input) yield* expand(batch, field, most, context.signal)
  },
})

function* expand(batch: Batch, field: string, most: number, signal: AbortSignal): Iterable<Batch> {
  const column = batch.column(field)
  if (column === undefined) {
    yield batch
    return
  }
  let rows: number[] = []
  let values: Value[] = []
  const made = (): Batch => batch.gather(Uint32Array.from(rows)).with([[field, plain(values)]])
  for (const [row, value] of valuesOf(column, batch.length).entries()) {
    const items: readonly Value[] = isMultivalue(value) ? value.slice(0, most) : [value]
    for (const item of items) {
      rows.push(row)
      values.push(item)
      if (rows.length < batchRows) continue
      signal.throwIfAborted()
      yield made()
      rows = []
      values = []
    }
  }
  if (rows.length > 0) yield made()
}
