// The form that sum() and avg() share: the numbers among the arguments and in multivalues, everything else ignored.
// (Search Reference: Mathematical functions, Statistical eval functions)

import { numberOf } from '../../value/value.ts'
import { singleValues } from './arguments.ts'
import { defineFunction, type EvalFunction, type FunctionCategory, type FunctionExample } from './function.ts'

interface NumbersFunction {
  readonly name: string
  readonly category: FunctionCategory
  readonly summary: string
  readonly examples: readonly FunctionExample[]
  /** @param numbers at least one */
  readonly compute: (numbers: readonly number[]) => number
}

export function defineNumbersFunction({ compute, ...definition }: NumbersFunction): EvalFunction {
  return defineFunction({
    ...definition,
    parameters: [{ name: 'num', type: 'number', repeated: true }],
    returns: 'number',
    check: (call, compiler) => {
      const quoted = call.args.find(({ kind }) => kind === 'String')
      if (quoted === undefined) return
      compiler.fail(
        'bad-argument',
        `${call.name}() takes numbers and fields, not a text in double quotation marks.`,
        quoted.span,
        'Wrap it in tonumber().',
      )
    },
    acceptsNull: true,
    call: (args) => {
      const numbers = singleValues(args)
        .map(numberOf)
        .filter((number) => number !== undefined)
      return numbers.length === 0 ? undefined : compute(numbers)
    },
  })
}

export const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)
