// The aggregate estdc; its state is in ../text-sets.ts.

import { defineAggregate } from '../aggregate.ts'
import { TextSets } from '../text-sets.ts'

export const estdc = defineAggregate({
  name: 'estdc',
  summary:
    'Counts the distinct values of a field. Splunk estimates above 1000 of them; here the count is exact.',
  syntax: 'estdc(<field>)',
  examples: [{ call: 'estdc(x)', values: ['a', 'b', 'a'], result: '2' }],
  create: ({ limits }) => new TextSets((texts) => texts.size, limits.maxRows),
})
