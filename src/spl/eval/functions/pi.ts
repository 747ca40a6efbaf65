// pi()

import { defineFunction } from '../function.ts'

export const pi = defineFunction({
  name: 'pi',
  category: 'mathematical',
  parameters: [],
  returns: 'number',
  summary: 'The constant pi, to 11 decimals.',
  examples: [
    { expression: 'round(pi(), 4)', result: '3.1416' },
    { expression: 'acos(0)*180/pi()', result: '90.0000000003' },
  ],
  // Cut off, not rounded: only so is a quarter turn the 90.0000000003 degrees of the manual.
  call: () => '3.14159265358',
})
