// The aggregate earliest; its state is in ../chosen-values.ts.

import { defineAggregate } from '../aggregate.ts'
import { TimeOrdered } from '../chosen-values.ts'

export const earliest = defineAggregate({
  name: 'earliest',
  summary: 'The value of a field in the earliest event that has it, by _time.',
  syntax: 'earliest(<field>)',
  examples: [],
  usesTime: true,
  create: () => new TimeOrdered(true, (value) => value),
})
