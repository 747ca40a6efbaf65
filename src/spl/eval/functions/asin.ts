// asin()

import { defineMathFunction } from '../math-function.ts'

export const asin = defineMathFunction({
  name: 'asin',
  category: 'trigonometric',
  parameters: ['x'],
  summary: 'The angle in radians whose sine is x.',
  examples: [{ expression: 'asin(0)', result: '0' }],
  compute: Math.asin,
})
