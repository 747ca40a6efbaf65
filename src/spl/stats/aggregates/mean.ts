// The aggregate mean; its state is in ../sums.ts.

import { defineAggregate } from '../aggregate.ts'
import { Sums } from '../sums.ts'

export const mean = defineAggregate({
  name: 'mean',
  summary: 'The arithmetic mean of the numbers of a field: the same as avg.',
  syntax: 'mean(<field>)',
  examples: [{ call: 'mean(x)', values: ['2', '4'], result: '3' }],
  isNumeric: true,
  create: () => new Sums((sum, count) => sum / count),
})
