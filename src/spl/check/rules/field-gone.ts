// … | stats count by host | where dest="x"  —  a field is used where it no longer exists.

import { suggest } from '../../../base/suggest.ts'
import { hasWildcard } from '../../../base/text/wildcard.ts'
import type { Span } from '../../../diagnostics/source.ts'
import { definitionOf } from '../../commands/index.ts'
import type { Expression, Pipeline } from '../../syntax/ast.ts'
import { fieldsAfter } from '../field-effects.ts'
import { type Fields, listFields, mayHave, withFields } from '../fields.ts'
import { placeOf } from '../place.ts'
import type { CheckContext, Finding, Rule, Step } from '../rule.ts'
import { comparisonsOf, eachExpression, expressionsOf } from '../walk.ts'

/** A field that a command reads. */
interface Read {
  readonly name: string
  readonly span: Span
  /** What happens when the field is not there: `nothing`, if the command then simply does less. */
  readonly consequence: 'nothing' | 'matters'
}

/** Functions that are asked about fields which may be missing. */
const expectingNull = new Set(['coalesce', 'isnull', 'isnotnull', 'nullif', 'typeof', 'mvappend', 'validate'])

/** Bare words that content writes for null and the truth values, and which are fields that nobody has. */
const looksLikeConstant = /^(null|true|false)$/i

export const fieldGone: Rule = function* (step, context) {
  for (const { name, span, consequence } of readsOf(step)) {
    if (mayHave(step.before, name) || looksLikeConstant.test(name)) continue
    yield describe(name, span, consequence, step)
  }
  yield* joinedFields(step, context)
}

/** join compares fields that both sides must have. */
function* joinedFields({ command }: Step, context: CheckContext): Iterable<Finding> {
  if (command.name !== 'join') return
  const { fields, pipeline } = command.args as { fields: readonly string[]; pipeline: Pipeline }
  const found = fieldsAfter(pipeline, context)
  for (const name of fields) {
    if (mayHave(found, name)) continue
    yield {
      code: 'field-gone',
      severity: 'warning',
      message: `The subsearch of join gives no field "${name}", so nothing is joined; it gives ${listFields(found) || 'no fields'}.`,
      span: placeOf(command, name),
      label: 'not there',
    }
  }
}

function describe(
  name: string,
  span: Span,
  consequence: Read['consequence'],
  { before, command }: Step,
): Finding {
  const remover = before.gone.get(name) ?? before.closedBy
  const where = remover === undefined ? 'here' : `after ${remover.name}`
  const present = before.known === undefined ? '' : `; the results have ${listFields(before) || 'no fields'}`
  const [nearest] = suggest(name, before.known ?? [])
  const help = nearest === undefined ? undefined : `Did you mean "${nearest}"?`
  const rest = { span, label: 'not there', ...(help === undefined ? {} : { help }) }
  if (consequence === 'nothing') {
    const effect =
      command.name === 'table'
        ? `The column "${name}" of table is always empty`
        : `${command.name} has nothing to do for "${name}"`
    return {
      ...rest,
      code: 'no-effect',
      severity: 'note',
      message: `${effect}: the field is not available ${where}${present}.`,
    }
  }
  return {
    ...rest,
    code: 'field-gone',
    severity: 'warning',
    message: `Field "${name}" is not available ${where}${present}.`,
  }
}

function readsOf(step: Step): readonly Read[] {
  const { command, before } = step
  if (before.known === undefined && before.gone.size === 0) return []
  const named = (names: Iterable<string>, consequence: Read['consequence']): Read[] =>
    [...names]
      .filter((name) => !hasWildcard(name))
      .map((name) => ({ name, span: placeOf(command, name), consequence }))

  switch (command.name) {
    case 'eval':
      return evalReads(step)
    case 'where':
      return expressionsOf(command).flatMap(expressionReads)
    case 'search':
      return [...comparisonsOf(command)].map(({ field, span }) => ({
        name: field,
        span,
        consequence: 'matters',
      }))
    case 'fields':
    case 'table': {
      const { patterns, removes = false } = command.args as { patterns: readonly string[]; removes?: boolean }
      return removes ? [] : named(patterns, 'nothing')
    }
    case 'rename': {
      const { renamings } = command.args as { renamings: readonly { from: string }[] }
      return named(
        renamings.map(({ from }) => from),
        'matters',
      )
    }
    case 'lookup': {
      const { inputs } = command.args as { inputs: readonly { field: string }[] }
      return named(
        inputs.map(({ field }) => field),
        'matters',
      )
    }
    case 'join':
      return named((command.args as { fields: readonly string[] }).fields, 'matters')
    // These make the field if it is not there, or write it beside those they read.
    case 'fillnull':
    case 'strcat':
    case 'addtotals':
    case 'fieldformat':
    case 'outputlookup':
      return []
    default: {
      const needed = definitionOf(command)?.needs?.(command.args, new Set())
      if (needed === undefined || needed === 'all') return []
      const isHarmless = ['convert', 'sort', 'makemv', 'nomv', 'mvexpand', 'replace', 'filldown'].includes(
        command.name,
      )
      return named(needed, isHarmless ? 'nothing' : 'matters')
    }
  }
}

/** Each assignment sees those before it. */
function evalReads({ command, before }: Step): readonly Read[] {
  const { assignments } = command.args as {
    assignments: readonly { field: string | object; expression: Expression }[]
  }
  let fields: Fields = before
  return assignments.flatMap(({ field, expression }) => {
    const reads = expressionReads(expression).filter(({ name }) => !mayHave(fields, name))
    if (typeof field === 'string') fields = withFields(fields, [field])
    return reads
  })
}

/** The fields that an expression needs. One that it asks for by isnull() or isnotnull() it expects to be missing. */
function expressionReads(expression: Expression): readonly Read[] {
  const expected = new Set<string>()
  for (const part of eachExpression(expression)) {
    if (part.kind !== 'Call' || !expectingNull.has(part.name)) continue
    for (const argument of part.args) if (argument.kind === 'Field') expected.add(argument.name)
  }
  const reads: Read[] = []
  for (const part of eachExpression(expression)) {
    if (part.kind === 'Field' && !expected.has(part.name))
      reads.push({ name: part.name, span: part.span, consequence: 'matters' })
  }
  return reads
}
