// Turns a parsed search into the plan that says the same, before any rewrite.

import { definitionOf } from '../commands/index.ts'
import type { MvcombineArguments } from '../commands/mvcombine.ts'
import type { NomvArguments } from '../commands/nomv.ts'
import type { Command, Pipeline, SearchExpression } from '../syntax/ast.ts'
import type { Plan, Step } from './plan.ts'

/** The plain plan: a first `search` becomes a scan, everything else follows as written. */
export function buildPlan({ commands }: Pipeline): Plan {
  const [first, ...others] = commands.map((command, index) => delimited(command, commands[index - 1]))
  if (first === undefined) return { steps: [] }
  // How a field is shown is settled last, so that commands in between see its plain values. Search Reference: fieldformat
  const isFormat = ({ name }: Command): boolean => name === 'fieldformat'
  const ordered = [...others.filter((command) => !isFormat(command)), ...others.filter(isFormat)]
  const steps: Step[] = ordered.map((command) => ({ op: 'command', command }))
  if (first.name === 'search')
    return { steps: [{ op: 'scan', filter: searchTerms(first), fields: 'all' }, ...steps] }
  const generates = definitionOf(first)?.type === 'generating'
  const start: Step[] = generates ? [] : [{ op: 'scan', fields: 'all' }]
  return { steps: [...start, { op: 'command', command: first }, ...steps] }
}

/** A nomv right after mvcombine shows the single value that mvcombine made. Search Reference: mvcombine, delim */
function delimited(command: Command, before: Command | undefined): Command {
  if (command.name !== 'nomv' || before?.name !== 'mvcombine') return command
  const args = command.args as NomvArguments
  const { field, delimiter } = before.args as MvcombineArguments
  return field === args.field ? { ...command, args: { ...args, delimiter } } : command
}

/** The terms of a `search` command. */
export const searchTerms = (command: Command): SearchExpression =>
  (command.args as { readonly terms: SearchExpression }).terms
