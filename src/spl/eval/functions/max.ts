// max()

import { singleValues } from '../arguments.ts'
import { numbersBeforeTexts } from '../comparison.ts'
import { defineFunction } from '../function.ts'

export const max = defineFunction({
  name: 'max',
  category: 'statistical',
  parameters: [{ name: 'value', type: 'any', repeated: true }],
  returns: 'any',
  summary: 'The greatest of its arguments and of their multivalues. Texts are greater than numbers.',
  examples: [
    { expression: 'max(9, 10)', result: '10' },
    { expression: 'max(1, 3, "foo", name)', fields: { name: 'baz' }, result: 'foo' },
    { expression: 'max(split("1 3 5 6 4 2", " "))', result: '6' },
  ],
  acceptsNull: true,
  call: (args) => {
    const values = singleValues(args)
    return values.length === 0 ? undefined : values.reduce((a, b) => (numbersBeforeTexts(b, a) > 0 ? b : a))
  },
})
