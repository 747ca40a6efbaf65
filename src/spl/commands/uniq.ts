// Drops rows that repeat the row before them.

import { defineCommand } from './command.ts'
import { valueKey } from './shared/row-keys.ts'

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
    let previous: string | undefined
    for await (const batch of input) {
      const kept = new Uint8Array(batch.length)
      for (let row = 0; row < batch.length; row++) {
        // Names are sorted, as batches may hold the same fields in another order.
        const key = [...batch.row(row)]
          .map(([name, value]) => `${name}=${valueKey(value) ?? ''}`)
          .sort()
          .join('\n')
        if (key !== previous) kept[row] = 1
        previous = key
      }
      const rest = batch.filter(kept)
      if (rest.length > 0) yield rest
    }
  },
})
