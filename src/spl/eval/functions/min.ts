// min()

import { singleValues } from '../arguments.ts'
import { numbersBeforeTexts } from '../comparison.ts'
import { defineFunction } from '../function.ts'

export const min = defineFunction({
  name: 'min',
  category: 'statistical',
  parameters: [{ name: 'value', type: 'any', repeated: true }],
  returns: 'any',
  summary: 'The least of its arguments and of their multivalues. Numbers are less than texts.',
  examples: [
    { expression: 'min(9, 10)', result: '9' },
    { expression: 'min(3, 6, 7, "maria", size)', fields: { size: '9' }, result: '3' },
  ],
  acceptsNull: true,
  call: (args) => {
    const values = singleValues(args)
    return values.length === 0 ? undefined : values.reduce((a, b) => (numbersBeforeTexts(b, a) < 0 ? b : a))
  },
})
