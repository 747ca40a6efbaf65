// The aggregate values; its state is in ../text-sets.ts.

import { multivalue } from '../../../value/value.ts'
import { defineAggregate } from '../aggregate.ts'
import { sortTexts } from '../text-order.ts'
import { TextSets } from '../text-sets.ts'

export const values = defineAggregate({
  name: 'values',
  summary: 'The distinct values of a field as a multivalue, in the order of their letters: 1, 10, 2.',
  syntax: 'values(<field>)',
  examples: [{ call: 'values(x)', values: ['b', 'a', '10', '9', 'a'], result: ['10', '9', 'a', 'b'] }],
  create: ({ limits: { maxRows, maxValues }, warn }) =>
    new TextSets((texts) => {
      const sorted = sortTexts([...texts])
      if (maxValues === 0 || sorted.length <= maxValues) return multivalue(sorted)
      warn(
        `values() keeps the first ${maxValues} values of a group (limits.stats.maxvalues); there are more.`,
      )
      return multivalue(sorted.slice(0, maxValues))
    }, maxRows),
})
