// asinh()

import { defineMathFunction } from '../math-function.ts'

export const asinh = defineMathFunction({
  name: 'asinh',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The inverse hyperbolic sine.',
  examples: [{ expression: 'asinh(0)', result: '0' }],
  compute: Math.asinh,
})
