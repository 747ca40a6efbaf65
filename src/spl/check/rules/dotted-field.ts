// where process.name="cmd.exe"  ·  isnull(a.b)  —  a field name with a dot that is read as two fields joined.

import type { Expression } from '../../syntax/ast.ts'
import type { Rule } from '../rule.ts'
import { eachExpression, expressionsOf } from '../walk.ts'

export const dottedField: Rule = function* ({ command }) {
  for (const root of expressionsOf(command)) {
    for (const expression of eachExpression(root)) {
      for (const operand of comparedIn(expression)) {
        const name = dottedName(operand)
        if (name === undefined) continue
        yield {
          code: 'suspicious',
          severity: 'warning',
          message: `${name} is read as fields that are joined, not as one field.`,
          span: operand.span,
          help: `A field with a dot in its name stands in single quotation marks: '${name}'.`,
        }
      }
    }
  }
}

/** Functions that ask about their first argument. */
const asking = new Set(['cidrmatch', 'isnotnull', 'isnull', 'like', 'match', 'mvcount', 'mvfind', 'mvindex'])

/** What is compared or asked about. To join two fields for that alone is rare; to assign what is joined is not. */
function comparedIn(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'Binary':
      return /^[!<>]?=$|^[<>]$|^LIKE$/.test(expression.operator) ? [expression.left, expression.right] : []
    case 'InExpression':
      return [expression.operand]
    case 'Call':
      return asking.has(expression.name) ? expression.args : []
    default:
      return []
  }
}

/** `a.b.c` of words without blanks or quotation marks between them. */
function dottedName(expression: Expression): string | undefined {
  if (expression.kind !== 'Binary' || expression.operator !== '.') return undefined
  const { left, right } = expression
  const before = left.kind === 'Field' && isBare(left) ? left.name : dottedName(left)
  if (before === undefined || right.kind !== 'Field' || !isBare(right)) return undefined
  return right.span.start === left.span.end + 1 ? `${before}.${right.name}` : undefined
}

const isBare = ({ name, span }: Extract<Expression, { kind: 'Field' }>): boolean =>
  span.end - span.start === name.length
