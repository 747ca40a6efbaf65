// The aggregate estdc; its state is in ../text-sets.ts.

import { defineAggregate } from '../aggregate.ts'
import { TextSets } from '../text-sets.ts'

export const estdc = defineAggregate({
  name: 'estdc',
  summary: 'Counts the distinct values of a field.',
  leftOpen: ['How the count is estimated: it is exact here, and estdc_error() is 0.'],
  syntax: 'estdc(<field>)',
  examples: [{ call: 'estdc(x)', values: ['a', 'b', 'a'], result: '2' }],
  create: ({ limits }) => new TextSets((texts) => texts.size, limits.maxRows),
})
