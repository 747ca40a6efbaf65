// The aggregate avg; its state is in ../sums.ts.

import { defineAggregate } from '../aggregate.ts'
import { Sums } from '../sums.ts'

export const avg = defineAggregate({
  name: 'avg',
  summary: 'The average of the numbers of a field.',
  syntax: 'avg(<field>)',
  examples: [{ call: 'avg(x)', values: ['1', 'abc', '5'], result: '3' }],
  isNumeric: true,
  create: () => new Sums((sum, count) => sum / count),
})
