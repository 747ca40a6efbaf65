// The aggregate var; its state is in ../spread.ts.

import { defineAggregate } from '../aggregate.ts'
import { Spread, sampleVariance } from '../spread.ts'

export const variance = defineAggregate({
  name: 'var',
  summary: 'The variance of the numbers of a field, taken as a sample. Of a single number it is 0.',
  syntax: 'var(<field>)',
  examples: [{ call: 'var(x)', values: ['1', '3', '5'], result: '4' }],
  isNumeric: true,
  create: () => new Spread(sampleVariance),
})
