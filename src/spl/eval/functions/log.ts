// log()

import { defineMathFunction } from '../math-function.ts'

export const log = defineMathFunction({
  name: 'log',
  category: 'mathematical',
  parameters: ['num', { name: 'base', optional: true }],
  summary: 'The logarithm to a base, 10 unless given.',
  examples: [
    { expression: 'log(1000)', result: '3' },
    { expression: 'log(8, 2)', result: '3' },
  ],
  compute: (number, base) =>
    base === undefined || base === 10
      ? Math.log10(number)
      : base === 2
        ? Math.log2(number)
        : Math.log(number) / Math.log(base),
})
