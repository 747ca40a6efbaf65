// The aggregate latest_time; its state is in ../chosen-values.ts.

import { defineAggregate } from '../aggregate.ts'
import { showTime, TimeOrdered } from '../chosen-values.ts'

export const latestTime = defineAggregate({
  name: 'latest_time',
  summary: 'The time of the latest event that has a field: epoch seconds with six decimals.',
  syntax: 'latest_time(<field>)',
  examples: [],
  usesTime: true,
  create: () => new TimeOrdered(false, (_value, time) => showTime(time)),
})
