// The aggregate max; its state is in ../extremes.ts.

import { defineAggregate } from '../aggregate.ts'
import { Extremes } from '../extremes.ts'

export const max = defineAggregate({
  name: 'max',
  summary: 'The largest value of a field: numbers by size, other text above all numbers, by its letters.',
  syntax: 'max(<field>)',
  examples: [
    { call: 'max(x)', values: ['9', '100', '70'], result: '100' },
    { call: 'max(x)', values: ['1', 'c', '100', 'a'], result: 'c' },
  ],
  create: () => new Extremes(1),
})
