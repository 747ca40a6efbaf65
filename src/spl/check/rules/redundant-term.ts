// process_name IN (cmd.exe, "*cmd*")  —  a value that another one of the same list already covers.

import { compileWildcard } from '../../../base/text/wildcard.ts'
import type { Span } from '../../../diagnostics/source.ts'
import type { SearchExpression } from '../../syntax/ast.ts'
import type { Finding, Rule } from '../rule.ts'
import { eachTerm, searchTermsOf } from '../walk.ts'

export const redundantTerm: Rule = function* ({ command }) {
  for (const root of searchTermsOf(command)) {
    for (const term of eachTerm(root)) {
      for (const { field, values, span } of alternatives(term)) {
        for (const found of covered(values)) yield describe(field, found, span)
      }
    }
  }
}

interface Alternatives {
  readonly field: string
  readonly values: readonly string[]
  readonly span: Span
}

/** The values of a field of which any one is enough. */
function alternatives(term: SearchExpression): readonly Alternatives[] {
  if (term.kind === 'In') return [{ field: term.field, values: term.values, span: term.span }]
  if (term.kind !== 'Or') return []
  const byField = new Map<string, { values: string[]; start: number; end: number }>()
  for (const part of term.terms) {
    if (
      part.kind !== 'Comparison' ||
      part.operator !== '=' ||
      part.mode !== 'plain' ||
      part.subsearch !== undefined
    )
      continue
    const known = byField.get(part.field)
    if (known === undefined) byField.set(part.field, { values: [part.value], ...part.span })
    else {
      known.values.push(part.value)
      known.end = part.span.end
    }
  }
  return [...byField].map(([field, { values, start, end }]) => ({ field, values, span: { start, end } }))
}

/** The values that another one covers. Of two equal ones the later is the needless one. */
function covered(values: readonly string[]): { value: string; by: string }[] {
  const folded = values.map((value) => value.toLowerCase())
  const firstPlace = new Map<string, number>()
  for (const [index, value] of folded.entries()) if (!firstPlace.has(value)) firstPlace.set(value, index)
  const wildcards = values.flatMap((value, place) =>
    value.includes('*') ? [{ place, covers: coverage(value) }] : [],
  )
  if (wildcards.length * values.length > mostTests) wildcards.length = 0
  return values.flatMap((value, index) => {
    const same = firstPlace.get(folded[index]!)!
    const wildcard = wildcards.find(({ place, covers }) => folded[place] !== folded[index] && covers(value))
    const places = [...(same < index ? [same] : []), ...(wildcard === undefined ? [] : [wildcard.place])]
    return places.length === 0 ? [] : [{ value, by: values[Math.min(...places)]! }]
  })
}

/** A list of thousands of wildcards is a machine's: nobody would tidy it up, and the check would take longer than the scan. */
const mostTests = 1_000_000

/**
 * Says of other values whether every text that fits them fits this one. A star of the value stands for unknown text, which
 * only a star of the pattern is sure to take; as no other part of a pattern fits a star, the plain test says just that.
 */
function coverage(pattern: string): (value: string) => boolean {
  return compileWildcard(pattern, { ignoreCase: true })
}

function describe(field: string, { value, by }: { value: string; by: string }, span: Span): Finding {
  const isSame = value.toLowerCase() === by.toLowerCase()
  return {
    code: 'redundant-term',
    severity: 'note',
    message: isSame
      ? `${field} lists "${value}" twice.`
      : `${field}="${value}" adds nothing: "${by}" covers it.`,
    span,
  }
}
