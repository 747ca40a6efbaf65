// atan2()

import { defineMathFunction } from '../math-function.ts'

export const atan2 = defineMathFunction({
  name: 'atan2',
  category: 'trigonometric',
  parameters: ['y', 'x'],
  summary: 'The angle in radians of the point x, y, from -pi to pi.',
  examples: [{ expression: 'atan2(0, 1)', result: '0' }],
  compute: (y, x) => Math.atan2(y, x!),
})
