// tanh()

import { defineMathFunction } from '../math-function.ts'

export const tanh = defineMathFunction({
  name: 'tanh',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The hyperbolic tangent.',
  examples: [{ expression: 'tanh(0)', result: '0' }],
  compute: Math.tanh,
})
