// tan()

import { defineMathFunction } from '../math-function.ts'

export const tan = defineMathFunction({
  name: 'tan',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The tangent of an angle in radians.',
  examples: [{ expression: 'tan(0)', result: '0' }],
  compute: Math.tan,
})
