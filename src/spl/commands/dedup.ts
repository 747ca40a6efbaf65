// Keeps the first rows of each combination of values.

import type { Batch } from '../../value/batch.ts'
import { nullColumn, plain, valuesOf } from '../../value/column.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { readFieldsAndOptions } from './shared/fields-and-options.ts'
import { rowKeys } from './shared/row-keys.ts'
import { readSortFields, type SortField, sortedRows } from './shared/sort-order.ts'

interface DedupArguments {
  readonly count: number
  readonly fields: readonly string[]
  readonly keepevents: boolean
  readonly keepempty: boolean
  readonly consecutive: boolean
  readonly sortby: readonly SortField[]
}

export const dedup = defineCommand<DedupArguments>({
  name: 'dedup',
  type: 'centralized streaming',
  summary:
    'Keeps the first row, or the first few, of each combination of values; rows without one of the fields go.',
  syntax:
    'dedup [<int>] <field-list> [keepevents=<bool>] [keepempty=<bool>] [consecutive=<bool>] [sortby (-|+)<field>…]',
  options: {
    keepevents: 'Keeps all rows, but removes the listed fields from those that would go. Default: false.',
    keepempty: 'Keeps every row in which one of the fields is missing. Default: false.',
    consecutive: 'Only rows that follow each other count as duplicates. Default: false.',
    sortby: 'Sorts first, so that the first in this order is the one that stays.',
  },
  examples: [
    {
      search: '* | dedup host sortby -_time | table host n',
      input: [
        { _time: '30', host: 'a', n: '3' },
        { _time: '20', host: 'b', n: '2' },
        { _time: '10', host: 'a', n: '1' },
      ],
      output: [
        { host: 'a', n: '3' },
        { host: 'b', n: '2' },
      ],
    },
  ],

  parse(reader) {
    const schema = { keepevents: 'boolean', keepempty: 'boolean', consecutive: 'boolean' } as const
    const count = reader.integer() ?? 1
    if (count < 1) reader.fail('bad-argument', `dedup needs a number of rows above 0, found "${count}".`)
    const { fields, options } = readFieldsAndOptions(reader, schema, ['sortby'])
    if (fields.length === 0) reader.missing('at least one field')
    const sortby = reader.keyword('sortby') ? readSortFields(reader) : []
    const { keepevents = false, keepempty = false, consecutive = false } = options
    return { count, fields, keepevents, keepempty, consecutive, sortby }
  },

  needs: ({ fields, sortby }, wanted) => union(wanted, [...fields, ...sortby.map(({ field }) => field)]),

  async *run({ count, fields, keepevents, keepempty, consecutive, sortby }, input, context) {
    const seen = new Map<string, number>()
    let seenBytes = 0
    let previous: string | undefined
    const isDuplicate = (key: string): boolean => {
      if (consecutive && key !== previous) {
        seen.clear()
        seenBytes = 0
      }
      previous = key
      const times = (seen.get(key) ?? 0) + 1
      if (times === 1) seenBytes += key.length + 60
      seen.set(key, times)
      return times > count
    }
    const thin = (batch: Batch): Batch => {
      const keys = rowKeys(batch, fields)
      const kept = new Uint8Array(batch.length)
      for (let row = 0; row < batch.length; row++) {
        const key = keys(row)
        if (key === undefined ? keepempty || keepevents : !isDuplicate(key)) kept[row] = 1
      }
      return keepevents ? clear(batch, fields, kept) : batch.filter(kept)
    }
    if (sortby.length > 0) {
      const rows = await collectRows(input, context, 'dedup sortby')
      yield* inBatches(thin(rows.gather(sortedRows(rows, sortby))))
      return
    }
    for await (const batch of input) {
      const kept = thin(batch)
      context.memory.hold(seen, seenBytes)
      if (kept.length > 0) yield kept
    }
  },
})

/** The batch with the fields null in the rows that are not marked. */
function clear(batch: Batch, fields: readonly string[], kept: Uint8Array): Batch {
  return batch.with(
    fields.map((name) => {
      const values = valuesOf(batch.column(name) ?? nullColumn, batch.length)
      return [name, plain(values.map((value, row) => (kept[row] === 1 ? value : undefined)))] as const
    }),
  )
}
