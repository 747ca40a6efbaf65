// Regular expressions of match(), replace() and mvfind(): PCRE through the translator, compiled once per pattern.

import { SearchError } from '../../diagnostics/diagnostic.ts'
import type { Value } from '../../value/value.ts'
import { type CompiledRegex, cachedPcre, compilePcre, warnAtBudget } from '../regex/pcre.ts'
import type { ExpressionContext } from '../run/context.ts'
import { text } from './arguments.ts'
import { bounded } from './bounded-cache.ts'
import type { Constant } from './function.ts'

/** Gives the compiled regex of a pattern argument; undefined when it is not valid. */
export type PatternReader = (pattern: Value) => CompiledRegex | undefined

/**
 * Reads the pattern of a call.
 *
 * A constant pattern is compiled at once and a wrong one refused. A pattern that comes from the rows is compiled when
 * it is met; a wrong one is no reason to stop, so it warns and the result is null.
 *
 * @throws SearchError for a constant pattern that is wrong
 */
export function patternReader(pattern: Constant | undefined, context: ExpressionContext): PatternReader {
  const options = { onBudget: warnAtBudget((diagnostic) => context.warn(diagnostic)) }
  if (pattern !== undefined) {
    const regex = cachedPcre(text(pattern.value), options)
    for (const warning of regex.warnings) context.warn(warning)
    return () => regex
  }
  const fromData = bounded((source: string): { regex?: CompiledRegex } => {
    try {
      return { regex: compilePcre(source, options) }
    } catch (error) {
      if (!(error instanceof SearchError)) throw error
      for (const diagnostic of error.diagnostics) context.warn({ ...diagnostic, severity: 'warning' })
      return {}
    }
  })
  return (source) => fromData(text(source)).regex
}
