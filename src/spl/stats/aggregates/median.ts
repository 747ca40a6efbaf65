// The aggregate median; its state is in ../number-lists.ts.

import { defineAggregate } from '../aggregate.ts'
import { NumberLists } from '../number-lists.ts'

export const median = defineAggregate({
  name: 'median',
  summary: 'The middle one of the numbers of a field; of an even count, the higher of the two in the middle.',
  syntax: 'median(<field>)',
  examples: [
    { call: 'median(x)', values: ['100', '2', '7'], result: '7' },
    { call: 'median(x)', values: ['1', '2', '3', '4'], result: '3' },
  ],
  isNumeric: true,
  create: () => new NumberLists((sorted) => sorted[Math.floor(sorted.length / 2)]!),
})
