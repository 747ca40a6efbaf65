// sum()

import { defineNumbersFunction, total } from '../statistical-function.ts'

export const sum = defineNumbersFunction({
  name: 'sum',
  category: 'mathematical',
  summary: 'The sum of the numbers among its arguments and in their multivalues.',
  examples: [
    { expression: 'sum(1, 2, 3)', result: '6' },
    { expression: 'sum(a, 2, 3)', fields: { a: 'somedata' }, result: '5' },
  ],
  compute: total,
})
