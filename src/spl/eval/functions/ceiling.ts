// ceiling()

import { defineMathFunction } from '../math-function.ts'

export const ceiling = defineMathFunction({
  name: 'ceiling',
  aliases: ['ceil'],
  category: 'mathematical',
  parameters: ['num'],
  summary: 'The nearest whole number above.',
  examples: [
    { expression: 'ceiling(1.1)', result: '2' },
    { expression: 'ceil(1.9)', result: '2' },
  ],
  compute: Math.ceil,
})
