// Keeps or removes fields. Columns that are not asked for are never read.

import { hasWildcard } from '../../base/text/wildcard.ts'
import { Batch } from '../../value/batch.ts'
import { without } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { requiredFieldNames } from './shared/field-names.ts'
import { anyFieldTest, internalFields, wantedOf } from './shared/field-patterns.ts'

export const fields = defineCommand({
  name: 'fields',
  type: 'distributable streaming',
  summary: 'Keeps the listed fields and the internal ones, or removes the listed fields.',
  syntax: 'fields [+|-] <wc-field-list>',
  examples: [
    {
      search: '* | fields user, s*',
      input: [{ user: 'alice', src: '10.0.0.1', status: '200', bytes: '12' }],
      output: [{ user: 'alice', src: '10.0.0.1', status: '200' }],
    },
    {
      search: '* | fields - s*',
      input: [{ user: 'alice', src: '10.0.0.1', status: '200', bytes: '12' }],
      output: [{ user: 'alice', bytes: '12' }],
    },
  ],

  parse(reader) {
    reader.skipBlanks()
    const removes = reader.take('-')
    if (!removes) reader.take('+')
    return { removes, patterns: requiredFieldNames(reader) }
  },

  needs: ({ removes, patterns }, wanted) =>
    removes
      ? without(
          wanted,
          patterns.filter((pattern) => !hasWildcard(pattern)),
        )
      : wantedOf([...patterns, ...internalFields], wanted),

  async *run({ removes, patterns }, input) {
    const isListed = anyFieldTest(patterns)
    // Not whatever begins with _ stays: a scan reads the fields that `needs` names, and a row must not depend on that.
    const isKept = removes
      ? (name: string) => !isListed(name)
      : anyFieldTest([...patterns, ...internalFields])
    for await (const batch of input) {
      const reader = {
        names: () => batch.names().filter(isKept),
        read: (name: string) => (isKept(name) ? batch.column(name) : undefined),
      }
      yield new Batch(batch.length, [], reader, batch.origins)
    }
  },
})
