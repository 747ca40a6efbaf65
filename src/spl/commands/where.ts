// Keeps the rows for which an eval expression is true.

import { compilePredicate } from '../eval/compile.ts'
import { namedFields } from '../eval/named-fields.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

export const where = defineCommand({
  name: 'where',
  type: 'distributable streaming',
  summary: 'Keeps the rows for which an eval expression is true.',
  syntax: 'where <eval-expression>',
  examples: [
    {
      search: '* | where failures > logons | table user',
      input: [
        { user: 'alice', failures: '12', logons: '3' },
        { user: 'bob', failures: '2', logons: '10' },
        { user: 'carol', failures: '4' },
      ],
      output: [{ user: 'alice' }],
      note: 'Compares two fields, which search cannot. A comparison with a missing field is not true.',
    },
  ],

  parse: (reader) => ({ condition: reader.expression() }),

  needs: ({ condition }, wanted) => union(wanted, namedFields(condition)),

  async *run({ condition }, input, context) {
    const holds = compilePredicate(condition, context)
    for await (const batch of input) {
      const kept = batch.filter(holds(batch))
      if (kept.length > 0) yield kept
    }
  },
})
