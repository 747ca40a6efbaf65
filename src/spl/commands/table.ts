// Keeps the listed fields, in the order of the list.

import { Batch } from '../../value/batch.ts'
import { nullColumn } from '../../value/column.ts'
import { defineCommand } from './command.ts'
import { requiredFieldNames } from './shared/field-names.ts'
import { expandFields, wantedOf } from './shared/field-patterns.ts'

export const table = defineCommand({
  name: 'table',
  type: 'transforming',
  summary:
    'Keeps the listed fields only, in the order of the list; internal fields too go unless they are listed.',
  syntax: 'table <wc-field-list>',
  examples: [
    {
      search: '* | table user, b*',
      input: [{ bytes: '12', user: 'alice', src: '10.0.0.1' }],
      output: [{ user: 'alice', bytes: '12' }],
    },
  ],

  parse: (reader) => ({ patterns: requiredFieldNames(reader) }),

  needs: ({ patterns }, wanted) => wantedOf(patterns, wanted),

  async *run({ patterns }, input) {
    for await (const batch of input) {
      const columns = expandFields(patterns, () => batch.names()).map(
        (name) => [name, batch.column(name) ?? nullColumn] as const,
      )
      yield new Batch(batch.length, columns, undefined, batch.origins)
    }
  },
})
