// The aggregate varp; its state is in ../spread.ts.

import { defineAggregate } from '../aggregate.ts'
import { populationVariance, Spread } from '../spread.ts'

export const varp = defineAggregate({
  name: 'varp',
  summary: 'The variance of the numbers of a field, taken as the whole population.',
  syntax: 'varp(<field>)',
  examples: [{ call: 'varp(x)', values: ['1', '3'], result: '1' }],
  isNumeric: true,
  create: () => new Spread(populationVariance),
})
