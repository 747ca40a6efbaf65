// The form that functions of numbers share: numbers in, a number out, null for anything that is no number.

import { numberOf, type Value } from '../../value/value.ts'
import {
  defineFunction,
  type EvalFunction,
  type FunctionCategory,
  type FunctionExample,
  type Parameter,
} from './function.ts'

interface MathFunction {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly category: Extract<FunctionCategory, 'mathematical' | 'trigonometric'>
  /** The names of the parameters; all take numbers. */
  readonly parameters: readonly (string | Pick<Parameter, 'name' | 'optional'>)[]
  readonly summary: string
  readonly examples: readonly FunctionExample[]
  compute(first: number, second?: number): number | undefined
}

export function defineMathFunction({ parameters, compute, ...definition }: MathFunction): EvalFunction {
  return defineFunction({
    ...definition,
    parameters: parameters.map((parameter) => ({
      type: 'number',
      ...(typeof parameter === 'string' ? { name: parameter } : parameter),
    })),
    returns: 'number',
    call: ([first, second]): Value => {
      const a = numberOf(first)
      if (a === undefined) return undefined
      if (second === undefined) return compute(a)
      const b = numberOf(second)
      return b === undefined ? undefined : compute(a, b)
    },
  })
}
