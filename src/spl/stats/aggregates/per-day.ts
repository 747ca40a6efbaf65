// The aggregate per_day; its state is in ../per-time.ts.

import { defineAggregate } from '../aggregate.ts'
import { perTime } from '../per-time.ts'

export const perDay = defineAggregate({
  name: 'per_day',
  summary: 'The sum of the numbers of a field in a time bin of timechart, as a rate per day.',
  syntax: 'per_day(<field>)',
  examples: [],
  isNumeric: true,
  onlyIn: 'timechart',
  create: (options) => perTime(86_400, options),
})
