// The aggregate exactperc; its state is in ../number-lists.ts.

import { defineAggregate } from '../aggregate.ts'
import { interpolatedPercentile, NumberLists } from '../number-lists.ts'

export const exactperc = defineAggregate({
  name: 'exactperc',
  summary: 'The exact value below which so many percent of the numbers lie.',
  syntax: 'exactperc<percent>(<field>)',
  examples: [
    {
      call: 'exactperc90(x)',
      values: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11'],
      result: '10',
    },
  ],
  takesNumber: true,
  isNumeric: true,
  create: ({ number = 50 }) => new NumberLists((sorted) => interpolatedPercentile(sorted, number)),
})
