// cos()

import { defineMathFunction } from '../math-function.ts'

export const cos = defineMathFunction({
  name: 'cos',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The cosine of an angle in radians.',
  examples: [{ expression: 'cos(0)', result: '1' }],
  compute: Math.cos,
})
