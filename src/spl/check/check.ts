// Checks a search that could be read: what runs, but surely means something else. Mistakes that keep a search from
// running are the parser's and the commands' business.

import { hasWildcard } from '../../base/text/wildcard.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { LocatedText } from '../../diagnostics/source.ts'
import { findCommand } from '../commands/index.ts'
import type { Pipeline } from '../syntax/ast.ts'
import { fieldsAfter, fieldsAfterCommand } from './field-effects.ts'
import { anyFields, type Fields, onlyFields } from './fields.ts'
import type { CheckContext, Finding } from './rule.ts'
import { rules } from './rules/index.ts'

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

/** The fields that the commands of a search make; undefined where a command makes fields whose names are not known. */
export function madeFields(pipeline: Pipeline, context: CheckContext = {}): ReadonlySet<string> | undefined {
  const made = new Set<string>()
  const [first, ...others] = pipeline.commands
  if (first === undefined) return made
  let fields = onlyFields([], first)
  for (const command of others) {
    // What a pattern renames depends on the events.
    if (command.name === 'rename' && hasWildcard(command.text)) return undefined
    fields = fieldsAfterCommand(command, fields, context)
    if (fields.known === undefined || fields.patterns.length > 0) return undefined
    for (const name of fields.known) made.add(name)
  }
  return made
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
  const own = findCommand(command.name)?.pipelines?.(command.args) ?? []
  return [...own, ...command.subsearches.map(({ pipeline }) => pipeline)]
}
