// The aggregate latest; its state is in ../chosen-values.ts.

import { defineAggregate } from '../aggregate.ts'
import { TimeOrdered } from '../chosen-values.ts'

export const latest = defineAggregate({
  name: 'latest',
  summary: 'The value of a field in the latest event that has it, by _time.',
  syntax: 'latest(<field>)',
  examples: [],
  usesTime: true,
  create: () => new TimeOrdered(false, (value) => value),
})
