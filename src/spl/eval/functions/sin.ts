// sin()

import { defineMathFunction } from '../math-function.ts'

export const sin = defineMathFunction({
  name: 'sin',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The sine of an angle in radians.',
  examples: [{ expression: 'sin(0)', result: '0' }],
  compute: Math.sin,
})
