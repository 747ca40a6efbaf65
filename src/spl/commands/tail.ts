// Keeps the last rows. Only as many batches are held as are needed for them.

import { type Batch, concatBatches } from '../../value/batch.ts'
import { defineCommand } from './command.ts'
import { inBatches } from './shared/collect-rows.ts'

export const tail = defineCommand({
  name: 'tail',
  type: 'dataset processing',
  summary: 'Keeps the last rows and gives them in reverse order.',
  syntax: 'tail [<N>]',
  examples: [
    {
      search: '* | tail 2',
      input: [{ n: '1' }, { n: '2' }, { n: '3' }],
      output: [{ n: '3' }, { n: '2' }],
    },
  ],

  parse(reader) {
    const count = reader.integer() ?? 10
    if (count < 0)
      reader.fail('bad-argument', `tail needs a number of rows that is not negative, found "${count}".`)
    return { count }
  },

  needs: (_args, wanted) => wanted,

  async *run({ count }, input) {
    let held: Batch[] = []
    let rows = 0
    for await (const batch of input) {
      if (batch.length === 0) continue
      held.push(batch.slice(batch.length - Math.min(count, batch.length), batch.length).detach('all'))
      rows += held.at(-1)!.length
      while (held.length > 1 && rows - held[0]!.length >= count) rows -= held.shift()!.length
      // Many small batches become one, so that dropping them stays cheap.
      if (held.length > 64) held = [concatBatches(held)]
    }
    const all = concatBatches(held)
    const length = Math.min(count, all.length)
    yield* inBatches(all.gather(Uint32Array.from({ length }, (_, index) => all.length - 1 - index)))
  },
})
