// search user!=*  ·  where x=null()  ·  where "a"="b"  —  conditions that cannot be true, or that no row can change.

import type { Call, Expression } from '../../syntax/ast.ts'
import type { Finding, Rule } from '../rule.ts'
import { comparisonsOf, eachExpression, expressionsOf } from '../walk.ts'

export const neverTrue: Rule = function* ({ command }) {
  for (const term of comparisonsOf(command)) {
    if (term.kind !== 'Comparison' || term.operator !== '!=' || term.value !== '*') continue
    yield {
      code: 'never-true',
      severity: 'warning',
      message: `${term.field}!=* is never true: != needs the field, and every value fits "*".`,
      span: term.span,
      help: `Write NOT ${term.field}=* for events without the field.`,
    }
  }
  for (const root of expressionsOf(command)) {
    for (const expression of eachExpression(root)) yield* check(expression)
  }
}

const isLiteral = ({ kind }: Expression): boolean => kind === 'String' || kind === 'Number'

const isNull = (expression: Expression): boolean =>
  (expression.kind === 'Call' && expression.name === 'null') ||
  (expression.kind === 'Field' && expression.name.toLowerCase() === 'null')

/** Functions that ask about their first argument, which is a field as a rule. */
const asking = new Set(['isnull', 'isnotnull', 'match', 'like'])

function* check(expression: Expression): Iterable<Finding> {
  if (expression.kind === 'Binary' && /^[!<>]?=$|^[<>]$/.test(expression.operator)) {
    const { left, right, operator, span } = expression
    if (isNull(left) || isNull(right)) {
      yield {
        code: 'never-true',
        severity: 'warning',
        message: `A comparison with null by ${operator} is never true.`,
        span,
        help: `Use ${operator === '!=' ? 'isnotnull' : 'isnull'}(field).`,
      }
    } else if (isLiteral(left) && isLiteral(right) && !isTautology(left, right)) {
      yield {
        code: 'never-true',
        severity: 'warning',
        message: 'This compares two texts that are always the same, so no row changes the result.',
        span,
        help: 'A field is written without quotation marks, or in single ones.',
      }
    }
  } else if (expression.kind === 'Call' && asking.has(expression.name)) yield* askedText(expression)
}

/** `1=1`, which people write where a condition is needed. */
const isTautology = (left: Expression, right: Expression): boolean =>
  left.kind === 'Number' && right.kind === 'Number' && left.value === right.value

function* askedText({ name, args: [subject], span }: Call): Iterable<Finding> {
  if (subject?.kind !== 'String') return
  yield {
    code: 'never-true',
    severity: 'warning',
    message: `${name}() asks about the text "${subject.value}", so no row changes the result.`,
    span,
    help: `A field is written without quotation marks, or in single ones: '${subject.value}'.`,
  }
}
