// The form that case() and validate() share: conditions and values by turns.

import type { Call, Expression } from '../syntax/ast.ts'
import type { Compiler, Parameter } from './function.ts'

export const pairParameters: readonly Parameter[] = [
  { name: 'condition', type: 'Boolean' },
  { name: 'value', type: 'any' },
  { name: 'condition, value', type: 'any', optional: true, repeated: true },
]

export function checkPairs(call: Call, compiler: Pick<Compiler, 'fail'>): void {
  if (call.args.length % 2 === 0) return
  compiler.fail(
    'wrong-arity',
    `${call.name}() takes pairs of a condition and a value, found ${call.args.length} arguments.`,
    call.span,
    'A default needs a condition of its own: true(), "default".',
  )
}

export const conditionsAndValues = (
  args: readonly Expression[],
): { conditions: Expression[]; values: Expression[] } => ({
  conditions: args.filter((_, index) => index % 2 === 0),
  values: args.filter((_, index) => index % 2 === 1),
})
