// The aggregate stdevp; its state is in ../spread.ts.

import { defineAggregate } from '../aggregate.ts'
import { populationVariance, Spread } from '../spread.ts'

export const stdevp = defineAggregate({
  name: 'stdevp',
  summary: 'The standard deviation of the numbers of a field, taken as the whole population.',
  syntax: 'stdevp(<field>)',
  examples: [{ call: 'stdevp(x)', values: ['1', '3'], result: '1' }],
  isNumeric: true,
  create: () => new Spread((squares, count) => Math.sqrt(populationVariance(squares, count))),
})
