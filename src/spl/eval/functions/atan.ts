// atan()

import { defineMathFunction } from '../math-function.ts'

export const atan = defineMathFunction({
  name: 'atan',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The angle in radians whose tangent is x.',
  examples: [{ expression: 'atan(0)', result: '0' }],
  compute: Math.atan,
})
