// Compiles every expression of a search before it runs, so that unknown functions, wrong arguments and bad regular
// expressions are reported at once, with their place, and not by the first batch that meets them.

import { type Diagnostic, SearchError } from '../../diagnostics/diagnostic.ts'
import type { LocatedText } from '../../diagnostics/source.ts'
import { compileExpression } from '../eval/compile.ts'
import type { Lookups } from '../host.ts'
import type { ExpressionContext } from '../run/context.ts'
import type { Expression, Pipeline } from '../syntax/ast.ts'

const expressionKinds: ReadonlySet<unknown> = new Set(['Call', 'Unary', 'Binary', 'InExpression'])

/** Which lookups there are is known when the search runs: until then any will do. */
const anyLookup: Lookups = {
  get: (name) => ({ name, fields: [], isTimed: false, rows: () => [], match: () => [] }),
  names: () => [],
}

/**
 * Checks all expressions of a pipeline and of the pipelines inside it.
 * @throws SearchError with every error found
 */
export function checkExpressions(
  pipeline: Pipeline,
  locate: LocatedText,
  context: Pick<ExpressionContext, 'now' | 'timeZone'>,
): void {
  const errors: Diagnostic[] = []
  for (const expression of expressionsIn(pipeline)) {
    try {
      compileExpression(expression, { ...context, lookups: anyLookup, warn: () => {} }, { locate })
    } catch (error) {
      if (!(error instanceof SearchError)) throw error
      errors.push(...error.diagnostics)
    }
  }
  if (errors.length > 0) throw new SearchError(errors)
}

/** The outermost expressions in arguments, which are plain data. Those that wait for a subsearch are checked when it ran. */
function expressionsIn(data: unknown, found: Expression[] = []): Expression[] {
  if (typeof data !== 'object' || data === null) return found
  if (expressionKinds.has((data as { kind?: unknown }).kind)) {
    if (!containsSubsearch(data)) found.push(data as Expression)
  } else for (const value of Array.isArray(data) ? data : Object.values(data)) expressionsIn(value, found)
  return found
}

function containsSubsearch(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  return (data as { kind?: unknown }).kind === 'Subsearch' || Object.values(data).some(containsSubsearch)
}
