// acos()

import { defineMathFunction } from '../math-function.ts'

export const acos = defineMathFunction({
  name: 'acos',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The angle in radians whose cosine is x.',
  examples: [{ expression: 'acos(1)', result: '0' }],
  compute: Math.acos,
})
