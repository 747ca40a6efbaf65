// The aggregate stdev; its state is in ../spread.ts.

import { defineAggregate } from '../aggregate.ts'
import { Spread, sampleVariance } from '../spread.ts'

export const stdev = defineAggregate({
  name: 'stdev',
  summary: 'The standard deviation of the numbers of a field, taken as a sample. Of a single number it is 0.',
  syntax: 'stdev(<field>)',
  examples: [{ call: 'stdev(x)', values: ['1', '3', '5'], result: '2' }],
  isNumeric: true,
  create: () => new Spread((squares, count) => Math.sqrt(sampleVariance(squares, count))),
})
