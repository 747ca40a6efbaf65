// bit_shift_right()

import { defineBitFunction } from '../bits.ts'

export const bitShiftRight = defineBitFunction({
  name: 'bit_shift_right',
  parameters: [{ name: 'value' }, { name: 'shift_offset' }],
  summary: 'Moves the bits to the right; the lowest are lost.',
  examples: [{ expression: 'bit_shift_right(4, 1)', result: '2' }],
  compute: (value, offset = 0n) => value >> offset,
})
