// The aggregate first; its state is in ../chosen-values.ts.

import { defineAggregate } from '../aggregate.ts'
import { RowOrdered } from '../chosen-values.ts'

export const first = defineAggregate({
  name: 'first',
  summary: 'The first value of a field in the order of the rows.',
  syntax: 'first(<field>)',
  examples: [{ call: 'first(x)', values: [null, 'b', 'c', 'a'], result: 'b' }],
  create: () => new RowOrdered(true),
})
