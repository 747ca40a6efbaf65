// The aggregate per_minute; its state is in ../per-time.ts.

import { defineAggregate } from '../aggregate.ts'
import { perTime } from '../per-time.ts'

export const perMinute = defineAggregate({
  name: 'per_minute',
  summary: 'The sum of the numbers of a field in a time bin of timechart, as a rate per minute.',
  syntax: 'per_minute(<field>)',
  examples: [],
  isNumeric: true,
  onlyIn: 'timechart',
  create: (options) => perTime(60, options),
})
