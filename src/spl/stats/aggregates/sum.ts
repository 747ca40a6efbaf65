// The aggregate sum; its state is in ../sums.ts.

import { defineAggregate } from '../aggregate.ts'
import { Sums } from '../sums.ts'

export const sum = defineAggregate({
  name: 'sum',
  summary: 'Adds up the numbers of a field; other values are passed over.',
  syntax: 'sum(<field>)',
  examples: [{ call: 'sum(x)', values: ['1', 'abc', '5'], result: '6' }],
  isNumeric: true,
  create: () => new Sums((sum) => sum),
})
