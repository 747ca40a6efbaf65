// Regular expressions of match(), replace() and mvfind(): PCRE through the translator, compiled once per pattern.

import { SearchError } from '../../diagnostics/diagnostic.ts'
import type { ExpressionContext } from '../run/context.ts'
import { compilePcre, type CompiledRegex } from '../regex/pcre.ts'
import { bounded } from './bounded-cache.ts'

/** A constant pattern: a wrong one is refused before the search runs. */
export const regexOf = (pattern: string): CompiledRegex => compilePcre(pattern)

const patternsFromData = bounded((pattern: string): CompiledRegex | SearchError => {
  try {
    return compilePcre(pattern)
  } catch (error) {
    if (error instanceof SearchError) return error
    throw error
  }
})

/** A pattern that comes from the rows: a wrong one is no reason to stop, so it warns and matches nothing. */
export function regexFromData(pattern: string, context: ExpressionContext): CompiledRegex | undefined {
  const regex = patternsFromData(pattern)
  if (!(regex instanceof SearchError)) return regex
  for (const diagnostic of regex.diagnostics) context.warn({ ...diagnostic, severity: 'warning' })
  return undefined
}
