// The aggregate perc; its state is in ../number-lists.ts.

import { defineAggregate } from '../aggregate.ts'
import { interpolatedPercentile, NumberLists } from '../number-lists.ts'

export const perc = defineAggregate({
  name: 'perc',
  aliases: ['p', 'percentile'],
  summary: 'The value below which so many percent of the numbers lie.',
  leftOpen: ['How it is estimated above 1000 distinct values: it is always exact here.'],
  syntax: 'perc<percent>(<field>) | p<percent>(<field>)',
  examples: [
    { call: 'perc50(x)', values: ['10', '9', '8', '7', '6', '5', '4', '3', '2', '1'], result: '5.5' },
  ],
  takesNumber: true,
  isNumeric: true,
  create: ({ number = 50 }) => new NumberLists((sorted) => interpolatedPercentile(sorted, number)),
})
