// The aggregate per_hour; its state is in ../per-time.ts.

import { defineAggregate } from '../aggregate.ts'
import { perTime } from '../per-time.ts'

export const perHour = defineAggregate({
  name: 'per_hour',
  summary: 'The sum of the numbers of a field in a time bin of timechart, as a rate per hour.',
  syntax: 'per_hour(<field>)',
  examples: [],
  isNumeric: true,
  onlyIn: 'timechart',
  create: (options) => perTime(3_600, options),
})
