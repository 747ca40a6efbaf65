// Adds the rows of a subsearch behind the rows at hand.

import type { Pipeline } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'
import {
  type SubsearchLimits,
  subsearchLimits,
  subsearchOptionTexts,
  subsearchRows,
  subsearchSchema,
} from './shared/run-subsearch.ts'

export const append = defineCommand<{ readonly limits: SubsearchLimits; readonly pipeline: Pipeline }>({
  name: 'append',
  type: 'dataset processing',
  summary: 'Adds the rows of a subsearch behind the rows at hand.',
  syntax: 'append [maxtime=<int>] [maxout=<int>] [timeout=<int>] [<subsearch>]',
  options: subsearchOptionTexts,
  missing: ['extendtimerange=true'],
  examples: [
    {
      search:
        '* | stats count by user | append [| makeresults | eval user="total", count=3 | table user count]',
      input: [{ user: 'alice' }, { user: 'bob' }],
      output: [
        { user: 'alice', count: '1' },
        { user: 'bob', count: '1' },
        { user: 'total', count: '3' },
      ],
    },
  ],

  parse(reader) {
    const before = reader.options(subsearchSchema)
    const pipeline = reader.subsearch()
    return { limits: subsearchLimits(reader, { ...before, ...reader.options(subsearchSchema) }), pipeline }
  },

  pipelines: ({ pipeline }) => [pipeline],
  needs: (_args, wanted) => wanted,

  async *run({ limits, pipeline }, input, context) {
    yield* input
    yield* subsearchRows(pipeline, limits, context, 'append')
  },
})
