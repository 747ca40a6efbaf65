// * | search a=1 | …  →  scan with filter a=1: the source may then skip what cannot match.

import { searchTerms } from '../build.ts'
import type { Plan } from '../plan.ts'

/** Moves `search` commands that directly follow the scan into its filter, unless they wait for subsearches. */
export function pushSearchIntoScan(plan: Plan): Plan {
  const [scan, next, ...rest] = plan.steps
  if (scan?.op !== 'scan' || next?.op !== 'command' || next.command.name !== 'search') return plan
  if (next.command.subsearches.length > 0) return plan
  const terms = searchTerms(next.command)
  const filter = scan.filter === undefined ? terms : { kind: 'And' as const, terms: [scan.filter, terms] }
  return pushSearchIntoScan({ steps: [{ ...scan, filter }, ...rest] })
}
