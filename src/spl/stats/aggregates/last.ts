// The aggregate last; its state is in ../chosen-values.ts.

import { defineAggregate } from '../aggregate.ts'
import { RowOrdered } from '../chosen-values.ts'

export const last = defineAggregate({
  name: 'last',
  summary: 'The last value of a field in the order of the rows.',
  syntax: 'last(<field>)',
  examples: [{ call: 'last(x)', values: [null, 'b', 'c', 'a'], result: 'a' }],
  create: () => new RowOrdered(false),
})
