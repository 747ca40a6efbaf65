// lower()

import { eachText } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const lower = defineFunction({
  name: 'lower',
  category: 'text',
  parameters: [{ name: 'str', type: 'string' }],
  returns: 'string',
  summary: 'A text in lower case, each value of a multivalue.',
  examples: [
    { expression: 'lower("MiXeD")', result: 'mixed' },
    { expression: 'lower(split("a,B", ","))', result: ['a', 'b'] },
  ],
  call: ([value]) => eachText(value, (item) => item.toLowerCase()),
})
