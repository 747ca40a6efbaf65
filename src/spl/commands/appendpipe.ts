// Adds the rows that a pipeline makes of the rows at hand behind them.

import type { Batch } from '../../value/batch.ts'
import type { Pipeline } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'

export const appendpipe = defineCommand<{ readonly pipeline: Pipeline }>({
  name: 'appendpipe',
  type: 'transforming',
  summary: 'Runs a pipeline over the rows at hand and adds what it gives behind them.',
  syntax: 'appendpipe [run_in_preview=<bool>] [<subpipeline>]',
  options: { run_in_preview: 'Accepted, and without effect: there are no previews.' },
  examples: [
    {
      search: '* | table user n | appendpipe [stats sum(n) as n | eval user="total"]',
      input: [
        { user: 'alice', n: '1' },
        { user: 'bob', n: '2' },
      ],
      output: [
        { user: 'alice', n: '1' },
        { user: 'bob', n: '2' },
        { user: 'total', n: '3' },
      ],
    },
  ],

  parse(reader) {
    reader.options({ run_in_preview: 'boolean' })
    return { pipeline: reader.subpipeline() }
  },

  pipelines: ({ pipeline }) => [pipeline],

  async *run({ pipeline }, input, context) {
    const rows = await collectRows(input, context, 'appendpipe')
    yield* inBatches(rows)
    yield* context.runOver(pipeline, asyncBatches(rows))
  },
})

async function* asyncBatches(rows: Batch): AsyncIterable<Batch> {
  yield* inBatches(rows)
}
