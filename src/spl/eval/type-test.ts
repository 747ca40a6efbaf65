// The form that the functions which ask for a value's type share. A field that looks like a number is one; a text in
// double quotation marks is a text. (Search Reference: Informational functions)

import { constant } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import { mapOne } from './columns.ts'
import { defineSpecialFunction, type EvalFunction, type FunctionExample } from './function.ts'

interface TypeFunction {
  readonly name: string
  readonly summary: string
  readonly examples: readonly FunctionExample[]
  readonly returns: 'Boolean' | 'string'
  /** @param isQuoted the argument is a text in double quotation marks */
  readonly ask: (value: Value, isQuoted: boolean) => Value
}

export function defineTypeFunction({ ask, ...definition }: TypeFunction): EvalFunction {
  return defineSpecialFunction({
    ...definition,
    category: 'informational',
    parameters: [{ name: 'value', type: 'any' }],
    compile: ({ args: [argument] }, compiler) => {
      if (argument?.kind === 'String') {
        const answer = constant(ask(argument.value, true))
        return () => answer
      }
      const values = compiler.compile(argument!)
      return (batch) => mapOne(values(batch), batch.length, (value) => ask(value, false))
    },
  })
}

/** Whether a value is a number without decimals: `5`, not `5.0`. */
export function isWhole(value: Value): boolean {
  return typeof value === 'number'
    ? Number.isInteger(value)
    : typeof value === 'string' && /^[+-]?\d+$/.test(value)
}
