// bit_xor()

import { bitValues, defineBitFunction } from '../bits.ts'

export const bitXor = defineBitFunction({
  name: 'bit_xor',
  parameters: bitValues,
  summary: 'The bits that are set in an odd number of values.',
  examples: [{ expression: 'bit_xor(3, 2)', result: '1' }],
  compute: (...values) => values.reduce((a, b) => a ^ b),
})
