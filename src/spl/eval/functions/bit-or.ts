// bit_or()

import { bitValues, defineBitFunction } from '../bits.ts'

export const bitOr = defineBitFunction({
  name: 'bit_or',
  parameters: bitValues,
  summary: 'The bits that are set in any value.',
  examples: [{ expression: 'bit_or(4, 2)', result: '6' }],
  compute: (...values) => values.reduce((a, b) => a | b),
})
