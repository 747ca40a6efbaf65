// sinh()

import { defineMathFunction } from '../math-function.ts'

export const sinh = defineMathFunction({
  name: 'sinh',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The hyperbolic sine.',
  examples: [{ expression: 'sinh(0)', result: '0' }],
  compute: Math.sinh,
})
