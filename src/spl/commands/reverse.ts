// Turns the order of all rows around.

import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'

export const reverse = defineCommand({
  name: 'reverse',
  type: 'dataset processing',
  summary: 'Gives all rows in reverse order.',
  syntax: 'reverse',
  examples: [{ search: '* | reverse', input: [{ n: '1' }, { n: '2' }], output: [{ n: '2' }, { n: '1' }] }],

  parse: () => ({}),

  needs: (_args, wanted) => wanted,

  async *run(_args, input, context) {
    const rows = await collectRows(input, context, 'reverse')
    yield* inBatches(
      rows.gather(Uint32Array.from({ length: rows.length }, (_, index) => rows.length - 1 - index)),
    )
  },
})
