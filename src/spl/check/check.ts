// Checks a search that could be read: what runs, but surely means something else. Mistakes that keep a search from
// running are the parser's and the commands' business.

import { hasWildcard } from '../../base/text/wildcard.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { LocatedText } from '../../diagnostics/source.ts'
import { definitionOf } from '../commands/index.ts'
import type { Command, Pipeline } from '../syntax/ast.ts'
import { fieldsAfter, fieldsAfterCommand } from './field-effects.ts'
import { anyFields, type Fields, mayHave, onlyFields } from './fields.ts'
import type { CheckContext, Finding } from './rule.ts'
import { rules } from './rules/index.ts'
import { comparisonsOf } from './walk.ts'

export type { Fields } from './fields.ts'
export { listFields, mayHave } from './fields.ts'
export type { CheckContext } from './rule.ts'

/** A search as `parseSearch` gives it. */
export interface CheckedSearch {
  /** The text after macro expansion, which the pipeline's spans refer to. */
  readonly expanded: LocatedText
  readonly pipeline: Pipeline
}

/** Warnings and notes about a search, in the order of its text. */
export function checkSearch({ expanded, pipeline }: CheckedSearch, context: CheckContext = {}): Diagnostic[] {
  const findings = [...checkPipeline(pipeline, anyFields, true, context)]
  const seen = new Set<string>()
  return findings
    .sort((a, b) => a.span.start - b.span.start)
    .filter(({ code, message }) => {
      // A field that is used five times is missing once.
      const key = `${code} ${message}`
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
    .map(({ code, severity, message, span, label, help }) => ({
      code,
      severity,
      message,
      labels: expanded.locate(span, label),
      ...(help === undefined ? {} : { help }),
    }))
}

/** The fields that the rows of a search may have. */
export const resultFields = (pipeline: Pipeline, context: CheckContext = {}): Fields =>
  fieldsAfter(pipeline, context)

/**
 * The fields of events that a search reads up to its first statistics. Undefined where that is not certain: it does not
 * begin with search terms, or a command makes fields whose names are not known.
 */
export function eventFields(pipeline: Pipeline, context: CheckContext = {}): ReadonlySet<string> | undefined {
  const [first, ...others] = pipeline.commands
  if (first?.name !== 'search') return undefined
  const read = new Set([...comparisonsOf(first)].map(({ field }) => field))
  let made: Fields = onlyFields([], first)
  for (const command of others) {
    // What a pattern renames depends on the events.
    if (command.name === 'rename' && hasWildcard(command.text)) return undefined
    const needed = neededBy(command)
    if (needed === 'all') return undefined
    for (const name of needed) if (!mayHave(made, name)) read.add(name)
    if (definitionOf(command)?.type === 'transforming') break
    made = fieldsAfterCommand(command, made, context)
    if (made.known === undefined || made.patterns.length > 0) return undefined
  }
  return read
}

/** What a command reads to do its own work. */
function neededBy(command: Command): ReadonlySet<string> | 'all' {
  switch (command.name) {
    case 'lookup': {
      const { inputs } = command.args as { readonly inputs: readonly { readonly field: string }[] }
      return new Set(inputs.map(({ field }) => field))
    }
    // It makes the fields that are not there.
    case 'fillnull':
      return new Set()
    case 'rename': {
      const { renamings } = command.args as { readonly renamings: readonly { readonly from: string }[] }
      return new Set(renamings.map(({ from }) => from))
    }
    case 'table': {
      const { patterns } = command.args as { readonly patterns: readonly string[] }
      return patterns.some(hasWildcard) ? 'all' : new Set(patterns)
    }
    default:
      return definitionOf(command)?.needs?.(command.args, new Set()) ?? 'all'
  }
}

function* checkPipeline(
  pipeline: Pipeline,
  start: Fields,
  isOutermost: boolean,
  context: CheckContext,
): Iterable<Finding> {
  let before = start
  for (const [index, command] of pipeline.commands.entries()) {
    for (const rule of rules) yield* rule({ command, pipeline, index, before, isOutermost }, context)
    // appendpipe continues with the rows at hand; every other pipeline in brackets begins anew.
    const inner = command.name === 'appendpipe' ? before : anyFields
    for (const nested of nestedPipelines(command)) yield* checkPipeline(nested, inner, false, context)
    before = fieldsAfterCommand(command, before, context)
  }
}

function nestedPipelines(command: Pipeline['commands'][number]): readonly Pipeline[] {
  const own = definitionOf(command)?.pipelines?.(command.args) ?? []
  return [...own, ...command.subsearches.map(({ pipeline }) => pipeline)]
}
