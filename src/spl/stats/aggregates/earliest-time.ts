// The aggregate earliest_time; its state is in ../chosen-values.ts.

import { defineAggregate } from '../aggregate.ts'
import { showTime, TimeOrdered } from '../chosen-values.ts'

export const earliestTime = defineAggregate({
  name: 'earliest_time',
  summary: 'The time of the earliest event that has a field: epoch seconds with six decimals.',
  syntax: 'earliest_time(<field>)',
  examples: [],
  usesTime: true,
  create: () => new TimeOrdered(true, (_value, time) => showTime(time)),
})
