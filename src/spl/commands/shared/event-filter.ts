// The conditions of transaction's startswith and endswith: search terms in quotation marks or parentheses, a word, or
// eval(…).

import type { Batch } from '../../../value/batch.ts'
import type { Mask } from '../../../value/mask.ts'
import { compilePredicate } from '../../eval/compile.ts'
import { namedFields } from '../../eval/named-fields.ts'
import { compileSearch } from '../../match/compile-search.ts'
import { searchFields } from '../../match/search-fields.ts'
import type { ExpressionContext } from '../../run/context.ts'
import { type ArgumentReader, skipQuoted } from '../../syntax/argument-reader.ts'
import type { Expression, SearchExpression } from '../../syntax/ast.ts'
import { parseSearchTerms } from '../../syntax/parser.ts'

export type EventFilter =
  | { readonly kind: 'terms'; readonly terms: SearchExpression }
  | { readonly kind: 'expression'; readonly expression: Expression }

/** Reads a condition; the option's name and `=` have been read. */
export function readEventFilter(reader: ArgumentReader, option: string): EventFilter {
  if (reader.keyword('eval')) return { kind: 'expression', expression: reader.expression() }
  reader.skipBlanks()
  const text =
    reader.peek() === '('
      ? parenthesised(reader)
      : reader.peek() === '"'
        ? reader.quoted('"').value
        : reader.match(/[^\s,]+/y)
  if (text === undefined) reader.missing(`a condition for "${option}"`)
  return { kind: 'terms', terms: parseSearchTerms(text as string, option) }
}

/** The text up to the parenthesis that closes the one that is next, both included. */
function parenthesised(reader: ArgumentReader): string {
  const start = reader.position
  let depth = 0
  for (let at = start; at < reader.end; at++) {
    const character = reader.text[at]
    if (character === '"') at = skipQuoted(reader.text, at, reader.end)
    else if (character === '(') depth++
    else if (character === ')' && --depth === 0) {
      reader.position = at + 1
      return reader.text.slice(start, at + 1)
    }
  }
  return reader.fail('syntax', 'The parenthesis is never closed.', { start, end: start + 1 })
}

/** The rows that fit a condition. */
export function compileEventFilter(filter: EventFilter, context: ExpressionContext): (batch: Batch) => Mask {
  switch (filter.kind) {
    case 'terms':
      return compileSearch(filter.terms, context)
    case 'expression':
      return compilePredicate(filter.expression, context)
  }
}

/** The fields that a condition looks at. */
export function filterFields(filter: EventFilter): ReadonlySet<string> {
  switch (filter.kind) {
    case 'terms':
      return searchFields(filter.terms)
    case 'expression':
      return namedFields(filter.expression)
  }
}
