// Reads the rows of a lookup table.

import { compileSearch } from '../match/compile-search.ts'
import type { SearchExpression } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'
import { tableBatches } from './shared/datasets.ts'
import { findLookup } from './shared/find-lookup.ts'

interface InputlookupArguments {
  readonly table: string
  readonly append: boolean
  readonly start: number
  readonly max: number
  readonly where: SearchExpression | undefined
}

/** Search Reference: inputlookup, max */
const defaultMax = 1_000_000_000

export const inputlookup = defineCommand<InputlookupArguments>({
  name: 'inputlookup',
  type: 'generating',
  summary: 'Reads the rows of a lookup table; empty cells are null.',
  syntax:
    'inputlookup [append=<bool>] [strict=<bool>] [start=<int>] [max=<int>] <filename | tablename> [WHERE <search-query>]',
  options: {
    append: 'Adds the rows behind those at hand. Without it the command begins a search. Default: false.',
    strict: 'Accepted, and without effect: a lookup that is not there is always an error.',
    start: 'The first row to read, counted from 0. Default: 0.',
    max: 'How many rows to read. Default: 1000000000.',
  },
  examples: [
    {
      search: '| inputlookup assets.csv where owner=a*',
      lookups: { 'assets.csv': 'ip,owner\n10.0.0.1,alice\n10.0.0.2,bob\n' },
      output: [{ ip: '10.0.0.1', owner: 'alice' }],
    },
  ],

  parse(reader) {
    const schema = { append: 'boolean', strict: 'boolean', start: 'integer', max: 'integer' } as const
    let options = reader.options(schema)
    const table = reader.requiredWord('the name of a lookup').text
    options = { ...options, ...reader.options(schema) }
    const where = reader.keyword('where') ? reader.searchTerms() : undefined
    const { append = false, start = 0, max = defaultMax } = options
    if (start < 0 || max < 0)
      reader.fail('bad-argument', 'start and max of inputlookup must not be negative.')
    return { table, append, start, max, where }
  },

  mayFollow: ({ append }) => append,
  needs: (_args, wanted) => wanted,

  async *run({ table: name, start, max, where }, input, context) {
    yield* input
    const table = findLookup(context.lookups, name)
    const matches = where && compileSearch(where, context)
    let left = max
    for (const batch of tableBatches(table, start)) {
      context.signal.throwIfAborted()
      const kept = (matches === undefined ? batch : batch.filter(matches(batch))).slice(0, left)
      left -= kept.length
      if (kept.length > 0) yield kept
      if (left <= 0) return
    }
  },
})
