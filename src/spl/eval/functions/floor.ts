// floor()

import { defineMathFunction } from '../math-function.ts'

export const floor = defineMathFunction({
  name: 'floor',
  category: 'mathematical',
  parameters: ['num'],
  summary: 'The nearest whole number below.',
  examples: [
    { expression: 'floor(1.9)', result: '1' },
    { expression: 'floor(-1.5)', result: '-2' },
  ],
  compute: Math.floor,
})
