// Fills null values with the last value above them.

import { hasWildcard } from '../../base/text/wildcard.ts'
import { isShown } from '../../value/batch.ts'
import { type Column, nullColumn, plain, valuesOf } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { anyFieldTest } from './shared/field-patterns.ts'

export const filldown = defineCommand({
  name: 'filldown',
  type: 'centralized streaming',
  summary: 'Puts the last value above it where a field is null; without a list, in all fields.',
  syntax: 'filldown [<wc-field-list>]',
  examples: [
    {
      search: '* | filldown host',
      input: [{ n: '1', host: 'a' }, { n: '2' }, { n: '3', host: 'b' }],
      output: [
        { n: '1', host: 'a' },
        { n: '2', host: 'a' },
        { n: '3', host: 'b' },
      ],
    },
  ],

  parse(reader) {
    const patterns = reader.fieldList()
    return { patterns: patterns.length === 0 ? ['*'] : patterns }
  },

  needs: ({ patterns }, wanted) => (patterns.some(hasWildcard) ? 'all' : union(wanted, patterns)),

  async *run({ patterns }, input) {
    const isFilled = anyFieldTest(patterns)
    const last = new Map<string, Value>()
    for await (const batch of input) {
      const columns: [string, Column][] = []
      for (const name of new Set([...batch.names(), ...last.keys()])) {
        if (!isFilled(name)) continue
        let value = last.get(name)
        const filled = valuesOf(batch.column(name) ?? nullColumn, batch.length).map((own) => {
          if (isShown(own)) value = own
          return value
        })
        last.set(name, value)
        columns.push([name, plain(filled)])
      }
      yield batch.with(columns)
    }
  },
})
