// Finds the expressions and search terms in the arguments of commands, and walks through them.
// Arguments are plain data, so this needs to know no command: whatever holds an expression shows it.

import type { Command, Comparison, Expression, InList, SearchExpression } from '../syntax/ast.ts'

const expressionKinds: ReadonlySet<string> = new Set<Expression['kind']>([
  'Number', 'String', 'Field', 'Call', 'Unary', 'Binary', 'InExpression',
]) // biome-ignore format: a list

const searchKinds: ReadonlySet<string> = new Set<SearchExpression['kind']>([
  'And', 'Or', 'Not', 'Comparison', 'In', 'Keyword', 'TimeModifier',
]) // biome-ignore format: a list

/** Arguments are not deeper than this; expressions and pipelines in them are walked by others. */
const deepestArgument = 12

/** The expressions in a command's arguments, outermost ones only. */
export function expressionsOf({ args }: Command): readonly Expression[] {
  return roots(args, expressionKinds) as readonly Expression[]
}

/** The search terms in a command's arguments, outermost ones only. */
export function searchTermsOf({ args }: Command): readonly SearchExpression[] {
  return roots(args, searchKinds) as readonly SearchExpression[]
}

function roots(args: unknown, kinds: ReadonlySet<string>): unknown[] {
  const found: unknown[] = []
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > deepestArgument) return
    const kind = (value as { readonly kind?: unknown }).kind
    if (kind === 'Pipeline' || kind === 'Subsearch') return
    if (typeof kind === 'string' && kinds.has(kind)) found.push(value)
    else for (const part of Object.values(value)) look(part, depth + 1)
  }
  look(args, 0)
  return found
}

/** An expression and everything in it, outer before inner. */
export function* eachExpression(expression: Expression): Iterable<Expression> {
  const waiting = [expression]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next
    waiting.push(...expressionParts(next).toReversed())
  }
}

/** The expressions directly in an expression. */
export function expressionParts(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'Call':
      return expression.args
    case 'Unary':
      return [expression.operand]
    case 'Binary':
      return [expression.left, expression.right]
    case 'InExpression':
      return [expression.operand, ...expression.list]
    case 'Number':
    case 'String':
    case 'Field':
    case 'Subsearch':
      return []
  }
}

/** Search terms and everything in them, outer before inner. */
export function* eachTerm(terms: SearchExpression): Iterable<SearchExpression> {
  const waiting = [terms]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next
    if (next.kind === 'And' || next.kind === 'Or') waiting.push(...next.terms.toReversed())
    else if (next.kind === 'Not') waiting.push(next.term)
  }
}

/** Every comparison of a field in a command's search terms. */
export function* comparisonsOf(command: Command): Iterable<Comparison | InList> {
  for (const terms of searchTermsOf(command))
    for (const term of eachTerm(terms)) if (term.kind === 'Comparison' || term.kind === 'In') yield term
}
