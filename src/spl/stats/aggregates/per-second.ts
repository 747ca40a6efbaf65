// The aggregate per_second; its state is in ../per-time.ts.

import { defineAggregate } from '../aggregate.ts'
import { perTime } from '../per-time.ts'

export const perSecond = defineAggregate({
  name: 'per_second',
  summary: 'The sum of the numbers of a field in a time bin of timechart, as a rate per second.',
  syntax: 'per_second(<field>)',
  examples: [],
  isNumeric: true,
  onlyIn: 'timechart',
  create: (options) => perTime(1, options),
})
