// The form that the bitwise functions share: whole numbers from 0 to 2^53-1 in, null for anything else.
// (Search Reference: Bitwise functions)

import { numberOf, type Value } from '../../value/value.ts'
import { defineFunction, type EvalFunction, type FunctionExample, type Parameter } from './function.ts'

/** 53 ones. */
export const allBits = (1n << 53n) - 1n

interface BitFunction {
  readonly name: string
  readonly parameters: readonly Omit<Parameter, 'type'>[]
  readonly summary: string
  readonly examples: readonly FunctionExample[]
  compute(first: bigint, ...more: bigint[]): bigint
}

export function defineBitFunction({ parameters, compute, ...definition }: BitFunction): EvalFunction {
  return defineFunction({
    ...definition,
    category: 'bitwise',
    parameters: parameters.map((parameter) => ({ ...parameter, type: 'number' })),
    returns: 'number',
    call: (args): Value => {
      const bits: bigint[] = []
      for (const argument of args) {
        const number = numberOf(argument)
        if (number === undefined || number < 0 || !Number.isSafeInteger(number)) return undefined
        bits.push(BigInt(number))
      }
      const [first = 0n, ...more] = bits
      return Number(compute(first, ...more) & allBits)
    },
  })
}

/** One or more values, combined from left to right. */
export const bitValues: readonly Omit<Parameter, 'type'>[] = [
  { name: 'value' },
  { name: 'value' },
  { name: 'value', optional: true, repeated: true },
]
