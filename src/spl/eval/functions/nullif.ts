// nullif()

import { compareValues } from '../comparison.ts'
import { defineFunction } from '../function.ts'

export const nullif = defineFunction({
  name: 'nullif',
  category: 'comparison',
  parameters: [
    { name: 'field1', type: 'any' },
    { name: 'field2', type: 'any' },
  ],
  returns: 'any',
  summary: 'The first value, or null when the second is equal to it.',
  examples: [
    { expression: 'nullif("a", "b")', result: 'a' },
    { expression: 'nullif("a", "a")', result: null },
  ],
  acceptsNull: true,
  call: ([first, second]) => (compareValues('=', first, second) === true ? undefined : first),
})
