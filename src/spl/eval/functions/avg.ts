// avg()

import { defineNumbersFunction, total } from '../statistical-function.ts'

export const avg = defineNumbersFunction({
  name: 'avg',
  category: 'statistical',
  summary: 'The mean of the numbers among its arguments and in their multivalues.',
  examples: [
    { expression: 'avg(a, b, missing)', fields: { a: '5.0', b: '9' }, result: '7' },
    { expression: 'avg(a, 2, 3)', fields: { a: 'somedata' }, result: '2.5' },
  ],
  compute: (numbers) => total(numbers) / numbers.length,
})
