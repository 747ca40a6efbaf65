// abs()

import { defineMathFunction } from '../math-function.ts'

export const abs = defineMathFunction({
  name: 'abs',
  category: 'mathematical',
  parameters: ['num'],
  summary: 'The distance of a number from zero.',
  examples: [
    { expression: 'abs(-5)', result: '5' },
    { expression: 'abs(2.5)', result: '2.5' },
  ],
  compute: Math.abs,
})
