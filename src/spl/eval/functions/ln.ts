// ln()

import { defineMathFunction } from '../math-function.ts'

export const ln = defineMathFunction({
  name: 'ln',
  category: 'mathematical',
  parameters: ['num'],
  summary: 'The natural logarithm.',
  examples: [{ expression: 'ln(1)', result: '0' }],
  compute: Math.log,
})
