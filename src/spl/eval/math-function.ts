// The form that functions of numbers share: numbers in, a number out, null for anything that is no number.

import { numberOf, type Value } from '../../value/value.ts'
import {
  defineFunction,
  type EvalFunction,
  type FunctionCategory,
  type FunctionExample,
  type Parameter,
} from './function.ts'
import { digitsBeforePoint, measured, quantityOf, settle, significantDigitsOf } from './precision.ts'

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

/**
 * The angle functions round to the significant digits of decimals written into the search: atan(0.50) is 0.46, also
 * beside whole numbers, which are exact. (Search Reference: Trig and Hyperbolic functions, examples)
 */
function roundedAsWritten(result: Value, constants: readonly Value[]): Value {
  if (typeof result !== 'number') return result
  const quantities = constants.map(quantityOf).filter((quantity) => quantity !== undefined)
  const digits = Math.min(...quantities.map(significantDigitsOf))
  return settle(measured(result, digits - digitsBeforePoint(result)))
}

export function defineMathFunction({ parameters, compute, ...definition }: MathFunction): EvalFunction {
  const call = ([first, second]: readonly Value[]): Value => {
    const a = numberOf(first)
    if (a === undefined) return undefined
    if (second === undefined) return compute(a)
    const b = numberOf(second)
    return b === undefined ? undefined : compute(a, b)
  }
  return defineFunction({
    ...definition,
    parameters: parameters.map((parameter) => ({
      type: 'number',
      asWritten: definition.category === 'trigonometric',
      ...(typeof parameter === 'string' ? { name: parameter } : parameter),
    })),
    returns: 'number',
    call,
    prepare: (constants) =>
      definition.category === 'trigonometric' && constants.every((constant) => constant !== undefined)
        ? (args) => roundedAsWritten(call(args), args)
        : undefined,
  })
}
