// searchmatch()

import { dict } from '../../../value/column.ts'
import { compileSearch } from '../../match/compile-search.ts'
import { parseSearchTerms } from '../../syntax/parser.ts'
import { defineSpecialFunction } from '../function.ts'

export const searchmatch = defineSpecialFunction({
  name: 'searchmatch',
  category: 'comparison',
  parameters: [{ name: 'search_str', type: 'string' }],
  returns: 'Boolean',
  summary: 'TRUE when the event matches search terms, as the search command would read them.',
  examples: [
    { expression: 'if(searchmatch("x=hi y=*"), "yes", "no")', fields: { x: 'hi', y: 'bye' }, result: 'yes' },
    { expression: 'if(searchmatch("x=HI OR x=ho"), "yes", "no")', fields: { x: 'hi' }, result: 'yes' },
  ],
  check: ({ args: [search] }, compiler) => {
    if (search?.kind === 'String') return
    compiler.fail(
      'unsupported',
      'searchmatch() needs its search as a text in double quotation marks.',
      search!.span,
      'A search that differs by event is not supported.',
    )
  },
  compile: ({ args: [search] }, { context }) => {
    const predicate = compileSearch(
      parseSearchTerms(search?.kind === 'String' ? search.value : '', 'searchmatch'),
      context,
    )
    return (batch) => dict([false, true], Uint32Array.from(predicate(batch)))
  },
})
