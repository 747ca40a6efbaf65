// Which fields the terms of a search look at.

import type { SearchExpression } from '../syntax/ast.ts'

/** The fields of search terms; `_raw` for words to look for, `_time` for time modifiers. */
export function searchFields(expression: SearchExpression): ReadonlySet<string> {
  const fields = new Set<string>()
  collect(expression, fields)
  return fields
}

function collect(expression: SearchExpression, into: Set<string>): void {
  switch (expression.kind) {
    case 'And':
    case 'Or':
      for (const term of expression.terms) collect(term, into)
      return
    case 'Not':
      collect(expression.term, into)
      return
    case 'Comparison':
    case 'In':
      into.add(expression.field)
      return
    case 'Keyword':
      if (expression.text !== '*') into.add('_raw')
      return
    case 'TimeModifier':
      into.add('_time')
      return
    case 'Subsearch':
      return
  }
}
