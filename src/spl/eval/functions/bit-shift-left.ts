// bit_shift_left()

import { defineBitFunction } from '../bits.ts'

export const bitShiftLeft = defineBitFunction({
  name: 'bit_shift_left',
  parameters: [{ name: 'value' }, { name: 'shift_offset' }],
  summary: 'Moves the bits to the left; bits beyond the 53rd are lost.',
  examples: [
    { expression: 'bit_shift_left(2, 1)', result: '4' },
    { expression: 'bit_shift_left(1, 53)', result: '0' },
    { expression: 'bit_shift_left(3, -2)', result: null },
  ],
  compute: (value, offset = 0n) => (offset > 53n ? 0n : value << offset),
})
