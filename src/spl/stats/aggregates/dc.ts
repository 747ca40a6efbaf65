// The aggregate dc; its state is in ../text-sets.ts.

import { defineAggregate } from '../aggregate.ts'
import { TextSets } from '../text-sets.ts'

export const dc = defineAggregate({
  name: 'dc',
  aliases: ['distinct_count'],
  summary: 'Counts the distinct values of a field, compared as text: 1, 1.0 and 01 are three.',
  syntax: 'dc(<field>) | distinct_count(<field>)',
  examples: [{ call: 'dc(x)', values: ['1', '1.0', '01', '1'], result: '3' }],
  create: ({ limits }) => new TextSets((texts) => texts.size, limits.maxRows),
})
