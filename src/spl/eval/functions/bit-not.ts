// bit_not()

import { allBits, defineBitFunction } from '../bits.ts'

export const bitNot = defineBitFunction({
  name: 'bit_not',
  parameters: [{ name: 'value' }, { name: 'bitmask', optional: true }],
  summary: 'The bits that are not set, of 53 or of those in a bitmask.',
  examples: [
    { expression: 'bit_not(9)', result: '9007199254740982' },
    { expression: 'bit_not(9, 15)', result: '6' },
  ],
  compute: (value, bitmask = allBits) => ~value & bitmask,
})
