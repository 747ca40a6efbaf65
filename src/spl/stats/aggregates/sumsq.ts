// The aggregate sumsq; its state is in ../sums.ts.

import { defineAggregate } from '../aggregate.ts'
import { Sums } from '../sums.ts'

export const sumsq = defineAggregate({
  name: 'sumsq',
  summary: 'Adds up the squares of the numbers of a field.',
  syntax: 'sumsq(<field>)',
  examples: [{ call: 'sumsq(x)', values: ['3', '4'], result: '25' }],
  isNumeric: true,
  create: () =>
    new Sums(
      (sum) => sum,
      (number) => number * number,
    ),
})
