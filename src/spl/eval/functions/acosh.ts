// acosh()

import { defineMathFunction } from '../math-function.ts'

export const acosh = defineMathFunction({
  name: 'acosh',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The inverse hyperbolic cosine.',
  examples: [{ expression: 'acosh(1)', result: '0' }],
  compute: Math.acosh,
})
