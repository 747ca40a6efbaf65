// where process="*cmd*"  —  a wildcard where it is plain text, or where another language's wildcards are meant.

import type { Expression, StringLiteral } from '../../syntax/ast.ts'
import type { Finding, Rule } from '../rule.ts'
import { eachExpression, expressionsOf } from '../walk.ts'

export const wrongWildcard: Rule = function* ({ command }) {
  for (const root of expressionsOf(command)) {
    for (const expression of eachExpression(root)) yield* check(expression)
  }
}

function* check(expression: Expression): Iterable<Finding> {
  switch (expression.kind) {
    case 'Binary': {
      const { operator, left, right } = expression
      if (operator === 'LIKE') {
        if (right.kind === 'String') yield* likePattern(right)
      } else if (operator === '=' || operator === '!=') {
        for (const side of [left, right]) if (side.kind === 'String') yield* compared(side)
      }
      return
    }
    case 'InExpression':
      for (const item of expression.list) if (item.kind === 'String') yield* compared(item)
      return
    case 'Call': {
      const [, pattern] = expression.args
      if (pattern?.kind !== 'String') return
      if (expression.name === 'like') yield* likePattern(pattern)
      else if (expression.name === 'match' || expression.name === 'replace')
        yield* regexPattern(expression.name, pattern)
      return
    }
    default:
  }
}

/** A text with a star at its beginning or end and letters beside it: nobody compares for that very star. */
const looksLikeGlob = (text: string): boolean =>
  /^\*.*[A-Za-z0-9]|[A-Za-z0-9].*\*$/s.test(text) && !/\s\*|\*\s/.test(text)

function* compared({ value, span }: StringLiteral): Iterable<Finding> {
  if (!looksLikeGlob(value)) return
  yield {
    code: 'wrong-wildcard',
    severity: 'warning',
    message: `"${value}" is compared as it stands: "*" is no wildcard in eval and where.`,
    span,
    help: `Use like(field, "${value.replaceAll('*', '%')}"), or the search command.`,
  }
}

function* likePattern({ value, span }: StringLiteral): Iterable<Finding> {
  if (!looksLikeGlob(value) || /[%_]/.test(value)) return
  yield {
    code: 'wrong-wildcard',
    severity: 'warning',
    message: `"*" in "${value}" stands for itself: the wildcards of like are % and _.`,
    span,
    help: `Write "${value.replaceAll('*', '%')}".`,
  }
}

function* regexPattern(name: string, { value, span }: StringLiteral): Iterable<Finding> {
  const other = (what: string, help: string): Finding => ({
    code: 'wrong-wildcard',
    severity: 'warning',
    message: `The pattern "${value}" of ${name}() is a regular expression, and ${what}.`,
    span,
    help,
  })
  // A word and a star at its end, and nothing else that only a regular expression has.
  if (/^[\w\s.:/-]*[A-Za-z0-9]\*$/.test(value)) {
    const last = value.at(-2)
    yield other(
      `"${last}*" in it stands for any number of "${last}", also none`,
      'Drop the star, or write ".*".',
    )
  } else if (/^%[\w\s.:\\/-]+%?$|^[\w\s.:\\/-]+%$/.test(value) && /[A-Za-z]/.test(value)) {
    yield other('"%" in it stands for itself', `Use like(field, "${value}").`)
  }
}
