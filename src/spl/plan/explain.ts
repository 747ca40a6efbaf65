// Tells in text what a search will do: its steps as written, and after each rewrite that changed them.

import type { WantedFields } from '../host.ts'
import { printCommand, printSearch } from '../syntax/print.ts'
import { rewrites } from './optimise.ts'
import type { Plan, Step } from './plan.ts'

/** A stage of planning, for people. */
export interface ExplainedStage {
  /** `as written`, or the rewrite's name. */
  readonly title: string
  readonly lines: readonly string[]
}

/** The plan as built and after each rewrite that changed it. */
export function explainPlan(plan: Plan): readonly ExplainedStage[] {
  const stages: ExplainedStage[] = [{ title: 'as written', lines: plan.steps.map(describeStep) }]
  let current = plan
  for (const [title, rewrite] of rewrites) {
    const next = rewrite(current)
    const lines = next.steps.map(describeStep)
    if (lines.join('\n') !== stages.at(-1)!.lines.join('\n')) stages.push({ title, lines })
    current = next
  }
  return stages
}

function describeStep(step: Step): string {
  switch (step.op) {
    case 'scan': {
      const filter = step.filter === undefined ? 'every event' : printSearch(step.filter)
      return `scan ${filter}; fields: ${describeFields(step.fields)}`
    }
    case 'command':
      return printCommand(step.command)
  }
}

function describeFields(fields: WantedFields): string {
  if (fields === 'all') return 'all'
  return [...fields].sort().join(', ') || 'none'
}
