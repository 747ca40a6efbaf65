// Tells the scan which fields later steps look at, so that the source decodes no others.

import { definitionOf } from '../../commands/index.ts'
import type { WantedFields } from '../../host.ts'
import { searchFields } from '../../match/search-fields.ts'
import type { Plan } from '../plan.ts'
import { union } from '../wanted-fields.ts'

/** Walks the plan from its end; comes last, since other rewrites change what is needed. */
export function keepNeededFields(plan: Plan): Plan {
  const [scan, ...steps] = plan.steps
  if (scan?.op !== 'scan') return plan
  let wanted: WantedFields = 'all'
  for (const step of steps.toReversed()) {
    if (step.op === 'scan') return plan
    // What a subsearch puts into a command may look at any field.
    const isKnown = step.command.subsearches.length === 0
    wanted = (isKnown ? definitionOf(step.command)?.needs?.(step.command.args, wanted) : undefined) ?? 'all'
  }
  const fields = scan.filter === undefined ? wanted : union(wanted, searchFields(scan.filter))
  return { steps: [{ ...scan, fields }, ...steps] }
}
