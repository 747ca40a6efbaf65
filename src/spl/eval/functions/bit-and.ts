// bit_and()

import { bitValues, defineBitFunction } from '../bits.ts'

export const bitAnd = defineBitFunction({
  name: 'bit_and',
  parameters: bitValues,
  summary: 'The bits that are set in all values.',
  examples: [
    { expression: 'bit_and(12, 9)', result: '8' },
    { expression: 'bit_and(pow(2, 53), 1)', result: null },
  ],
  compute: (...values) => values.reduce((a, b) => a & b),
})
