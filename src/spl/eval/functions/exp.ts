// exp()

import { defineMathFunction } from '../math-function.ts'

export const exp = defineMathFunction({
  name: 'exp',
  category: 'mathematical',
  parameters: ['num'],
  summary: "Euler's number to the power of a number.",
  examples: [{ expression: 'exp(0)', result: '1' }],
  compute: Math.exp,
})
