// cosh()

import { defineMathFunction } from '../math-function.ts'

export const cosh = defineMathFunction({
  name: 'cosh',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The hyperbolic cosine.',
  examples: [{ expression: 'cosh(0)', result: '1' }],
  compute: Math.cosh,
})
