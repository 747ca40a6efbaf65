// process="*-e*"  —  so little text between wildcards that it fits nearly everything.

import type { Span } from '../../../diagnostics/source.ts'
import type { Rule } from '../rule.ts'
import { comparisonsOf } from '../walk.ts'

export const broadWildcard: Rule = function* ({ command }) {
  for (const term of comparisonsOf(command)) {
    if (term.kind === 'Comparison' && term.operator !== '=') continue
    for (const value of term.kind === 'In' ? term.values : [term.value]) {
      if (isBroad(value)) yield describe(term.field, value, term.span)
    }
  }
}

/** One or two characters, a letter or digit among them, between two stars. `"* -a *"` has four. */
function isBroad(value: string): boolean {
  const inner = /^\*+([^*]{1,2})\*+$/.exec(value)?.[1]
  return inner !== undefined && /[A-Za-z0-9]/.test(inner)
}

const describe = (field: string, value: string, span: Span) =>
  ({
    code: 'broad-wildcard',
    severity: 'warning',
    message: `${field}="${value}" fits every value with "${value.replaceAll('*', '')}" anywhere in it.`,
    span,
    help: 'Add what stands around it, such as a blank or the end of the value.',
  }) as const
