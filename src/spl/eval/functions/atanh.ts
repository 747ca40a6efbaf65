// atanh()

import { defineMathFunction } from '../math-function.ts'

export const atanh = defineMathFunction({
  name: 'atanh',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The inverse hyperbolic tangent.',
  examples: [{ expression: 'atanh(0)', result: '0' }],
  compute: Math.atanh,
})
