// * | search a=1 | …  →  scan with filter a=1: the source may then skip what cannot match.

import { globalTimeModifiers } from '../../match/time-modifiers.ts'
import { searchTerms } from '../build.ts'
import type { Plan } from '../plan.ts'

/**
 * Moves `search` commands that directly follow the scan into its filter, unless they wait for subsearches, or state a time:
 * the filter of the scan says which time range the search has, a later earliest= only which rows stay.
 */
export function pushSearchIntoScan(plan: Plan): Plan {
  const [scan, next, ...rest] = plan.steps
  if (scan?.op !== 'scan' || next?.op !== 'command' || next.command.name !== 'search') return plan
  if (next.command.subsearches.length > 0) return plan
  const terms = searchTerms(next.command)
  if (globalTimeModifiers(terms).length > 0) return plan
  const filter = scan.filter === undefined ? terms : { kind: 'And' as const, terms: [scan.filter, terms] }
  return pushSearchIntoScan({ steps: [{ ...scan, filter }, ...rest] })
}
