// sqrt()

import { defineMathFunction } from '../math-function.ts'

export const sqrt = defineMathFunction({
  name: 'sqrt',
  category: 'mathematical',
  parameters: ['num'],
  summary: 'The square root.',
  examples: [{ expression: 'sqrt(9)', result: '3' }],
  compute: Math.sqrt,
})
