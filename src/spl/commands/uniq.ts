// Drops rows that repeat the row before them.

import type { Batch } from '../../value/batch.ts'
import { defineCommand } from './command.ts'
import { rowKeys } from './shared/row-keys.ts'

export const uniq = defineCommand({
  name: 'uniq',
  type: 'centralized streaming',
  summary: 'Drops every row that is the same in all fields as the row before it.',
  syntax: 'uniq',
  examples: [
    {
      search: '* | uniq',
      input: [{ n: '1' }, { n: '1' }, { n: '2' }, { n: '1' }],
      output: [{ n: '1' }, { n: '2' }, { n: '1' }],
    },
  ],

  parse: () => ({}),

  async *run(_args, input) {
    let previous: Batch | undefined
    for await (const batch of input) {
      if (batch.length === 0) continue
      const names = batch.names()
      const keys = rowKeys(batch, names, { nulls: true })
      const kept = new Uint8Array(batch.length)
      kept[0] = previous !== undefined && lastRow(previous) === lastRow(batch.slice(0, 1)) ? 0 : 1
      let before = keys(0)
      for (let row = 1; row < batch.length; row++) {
        const key = keys(row)
        kept[row] = key === before ? 0 : 1
        before = key
      }
      previous = batch.slice(batch.length - 1, batch.length).detach('all')
      const rest = batch.filter(kept)
      if (rest.length > 0) yield rest
    }
  },
})

/** The last row as text, without regard to the order of its fields: batches may differ in that. */
function lastRow(batch: Batch): string {
  const fields = [...batch.row(batch.length - 1)].sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(fields)
}
