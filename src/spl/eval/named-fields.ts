// Which fields an expression reads: for commands that say what they need, and for the functions that bind a field.

import { searchFields } from '../match/search-fields.ts'
import { isSearchError } from '../syntax/argument-reader.ts'
import type { Expression } from '../syntax/ast.ts'
import { parseSearchTerms } from '../syntax/parser.ts'

/** The fields that an expression names, in order; those of searchmatch() are the fields of its search. */
export function namedFields(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>()
  collect(expression, names)
  return names
}

function collect(expression: Expression, into: Set<string>): void {
  switch (expression.kind) {
    case 'Field':
      into.add(expression.name)
      return
    case 'Unary':
      collect(expression.operand, into)
      return
    case 'Binary':
      collect(expression.left, into)
      collect(expression.right, into)
      return
    case 'InExpression':
      for (const part of [expression.operand, ...expression.list]) collect(part, into)
      return
    case 'Call':
      for (const argument of expression.args) collect(argument, into)
      if (expression.name === 'searchmatch') collectSearch(expression.args[0], into)
      // A lookup may be bound to the time of the event.
      if (expression.name === 'lookup') into.add('_time')
      return
    case 'Number':
    case 'String':
    case 'Subsearch':
      return
  }
}

function collectSearch(search: Expression | undefined, into: Set<string>): void {
  if (search?.kind !== 'String') return
  try {
    for (const name of searchFields(parseSearchTerms(search.value))) into.add(name)
  } catch (error) {
    // A search that cannot be read is refused when the function is compiled, with its place.
    if (!isSearchError(error)) throw error
  }
}
