// The aggregate min; its state is in ../extremes.ts.

import { defineAggregate } from '../aggregate.ts'
import { Extremes } from '../extremes.ts'

export const min = defineAggregate({
  name: 'min',
  summary: 'The smallest value of a field: numbers by size, other text above all numbers, by its letters.',
  syntax: 'min(<field>)',
  examples: [
    { call: 'min(x)', values: ['9', '100', '70'], result: '9' },
    { call: 'min(x)', values: ['1', 'c', '100', 'a'], result: '1' },
  ],
  create: () => new Extremes(-1),
})
