// Keeps the events that match search terms. At the beginning of a search it reads the events, too.

import { compileSearch } from '../match/compile-search.ts'
import { searchFields } from '../match/search-fields.ts'
import { union } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

export const search = defineCommand({
  name: 'search',
  type: 'distributable streaming',
  summary: 'Keeps the events that match search terms.',
  syntax: 'search <terms>',
  examples: [
    {
      search: '* | search user=a* status!=200 | table n',
      input: [
        { n: '1', user: 'alice', status: '200' },
        { n: '2', user: 'Anna', status: '404' },
        { n: '3', user: 'bob', status: '404' },
      ],
      output: [{ n: '2' }],
      note: 'Values compare without regard to case, and `*` is a wildcard.',
    },
    {
      search: '* | search a=1 b=2 OR c=3 | table n',
      input: [
        { n: '1', a: '1', b: '2' },
        { n: '2', a: '1', c: '3' },
        { n: '3', c: '3' },
      ],
      output: [{ n: '1' }, { n: '2' }],
      note: 'OR binds tighter than AND.',
    },
  ],

  parse: (reader) => ({ terms: reader.searchTerms() }),

  needs: ({ terms }, wanted) => union(wanted, searchFields(terms)),

  async *run({ terms }, input, context) {
    const matches = compileSearch(terms, context)
    for await (const batch of input) {
      const kept = batch.filter(matches(batch))
      if (kept.length > 0) yield kept
    }
  },
})
