// hypot()

import { defineMathFunction } from '../math-function.ts'

export const hypot = defineMathFunction({
  name: 'hypot',
  category: 'trigonometric',
  parameters: ['x', 'y'],
  summary: 'The long side of a right triangle with the short sides x and y.',
  examples: [{ expression: 'hypot(3, 4)', result: '5' }],
  compute: (x, y) => Math.hypot(x, y!),
})
