// What must be the case for a condition to hold, in terms that can be looked up: of all terms that a search demands, the
// ones that the fewest events pass. Only events with such a witness are looked at any further.

import type { Needle } from '../spl/match/single-term.ts'
import type { Condition, Term } from './condition.ts'

/** Terms of which at least one passes wherever the condition holds. */
export interface Witness {
  readonly terms: readonly Term[]
  /** A guess how many of all events have it, 0 to 1. */
  readonly share: number
}

/** The best witness of a condition; undefined when it demands nothing. */
export function witnessOf(condition: Condition): Witness | undefined {
  if (typeof condition === 'boolean') return undefined
  switch (condition.kind) {
    case 'term':
      return { terms: [condition.term], share: shareOf(condition.term) }
    case 'not':
      return undefined
    case 'all': {
      let best: Witness | undefined
      for (const inner of condition.inner) {
        const witness = witnessOf(inner)
        if (witness !== undefined && (best === undefined || witness.share < best.share)) best = witness
      }
      return best
    }
    case 'any': {
      const terms = new Set<Term>()
      let share = 0
      for (const inner of condition.inner) {
        const witness = witnessOf(inner)
        if (witness === undefined) return undefined
        for (const term of witness.terms) terms.add(term)
        share += witness.share
      }
      return { terms: [...terms], share }
    }
  }
}

/** Whether the witness says all that the condition does. */
export function isWholeCondition(condition: Condition): boolean {
  if (typeof condition === 'boolean') return false
  return condition.kind === 'term' || (condition.kind === 'any' && condition.inner.every(isWholeCondition))
}

function shareOf({ field, needles }: Term): number {
  const share = needles.reduce((sum, needle) => sum + shareOfNeedle(needle), 0)
  // The text of an event is long, has everything in it, and must be made first.
  return field === '_raw' ? share + 1 : share
}

function shareOfNeedle(needle: Needle): number {
  switch (needle.kind) {
    case 'exact':
      return 0.01
    case 'number':
      return 0.03
    case 'piece':
      return Math.max(0.002, 0.4 * 0.8 ** needle.text.length)
    case 'test':
      return 0.9
  }
}
