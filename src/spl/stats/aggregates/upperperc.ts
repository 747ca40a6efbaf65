// The aggregate upperperc; its state is in ../number-lists.ts.

import { defineAggregate } from '../aggregate.ts'
import { interpolatedPercentile, NumberLists } from '../number-lists.ts'

export const upperperc = defineAggregate({
  name: 'upperperc',
  summary:
    'The upper bound that Splunk estimates for a percentile. Up to 1000 values it equals perc, as it always does here.',
  syntax: 'upperperc<percent>(<field>)',
  examples: [{ call: 'upperperc50(x)', values: ['1', '2', '3'], result: '2' }],
  takesNumber: true,
  isNumeric: true,
  create: ({ number = 50 }) => new NumberLists((sorted) => interpolatedPercentile(sorted, number)),
})
