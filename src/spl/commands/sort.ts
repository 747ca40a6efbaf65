// Sorts all rows by fields.

import { TopK } from '../../base/heap.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { readSortFields, rowComparator, type SortField, sortedRows } from './shared/sort-order.ts'

interface SortArguments {
  /** 0: all. */
  readonly count: number
  /** Whether the search says how many. */
  readonly isStated: boolean
  readonly fields: readonly SortField[]
}

const defaultCount = 10_000

export const sort = defineCommand<SortArguments>({
  name: 'sort',
  type: 'dataset processing',
  summary:
    'Sorts rows by fields: numbers as numbers, IP addresses as addresses, anything else as text; missing values last.',
  syntax: 'sort [<count> | limit=<int>] (-|+)<field>, (-|+)<field>… [d|desc]',
  options: {
    limit: 'How many rows to keep; 0 keeps all. Default: 10000; a warning says when rows were cut.',
    'auto(field)':
      'Decides for each pair of values whether it compares numbers, addresses or text. The default.',
    'ip(field)': 'Compares addresses.',
    'num(field)': 'Compares numbers.',
    'str(field)': 'Compares text.',
  },
  examples: [
    {
      search: '* | sort - count, user',
      input: [
        { user: 'bob', count: '9' },
        { user: 'carol', count: '10' },
        { user: 'alice', count: '9' },
      ],
      output: [
        { user: 'carol', count: '10' },
        { user: 'alice', count: '9' },
        { user: 'bob', count: '9' },
      ],
      note: 'The minus belongs to `count` alone.',
    },
  ],

  parse(reader) {
    const { limit } = reader.options({ limit: 'integer' })
    const stated = limit ?? reader.integer()
    if (stated !== undefined && stated < 0) {
      reader.fail('bad-argument', `sort needs a number of rows that is not negative, found "${stated}".`)
    }
    const start = reader.position
    // A lone `d` is a field: without one there would be nothing to sort by.
    const isKeyword = (): boolean => {
      const before = reader.position
      if (before === start) return false
      const isLast = reader.keyword('desc', 'd') && reader.isDone
      reader.position = before
      return isLast
    }
    const listed = readSortFields(reader, isKeyword)
    if (listed.length === 0) reader.missing('at least one field')
    const isReversed = reader.keyword('desc', 'd')
    const fields = isReversed ? listed.map((field) => ({ ...field, descending: !field.descending })) : listed
    return { count: stated ?? defaultCount, isStated: stated !== undefined, fields }
  },

  needs: ({ fields }, wanted) =>
    union(
      wanted,
      fields.map(({ field }) => field),
    ),

  async *run({ count, isStated, fields }, input, context) {
    const rows = await collectRows(input, context, 'sort')
    if (!isStated && rows.length > count) {
      context.warn({
        code: 'limit-reached',
        severity: 'warning',
        message: `sort kept ${count} of ${rows.length} rows, its default.`,
        labels: [],
        help: 'Write "sort 0" to keep all rows.',
      })
    }
    if (count === 0 || rows.length <= count) {
      yield* inBatches(rows.gather(sortedRows(rows, fields)))
      return
    }
    const best = new TopK<number>(count, rowComparator(rows, fields))
    for (let row = 0; row < rows.length; row++) best.add(row)
    yield* inBatches(rows.gather(Uint32Array.from(best.sorted())))
  },
})
