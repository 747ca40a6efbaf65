// upper()

import { eachText } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const upper = defineFunction({
  name: 'upper',
  category: 'text',
  parameters: [{ name: 'str', type: 'string' }],
  returns: 'string',
  summary: 'A text in upper case, each value of a multivalue.',
  examples: [
    { expression: 'upper("MiXeD")', result: 'MIXED' },
    { expression: 'upper(split("a,B", ","))', result: ['A', 'B'] },
  ],
  call: ([value]) => eachText(value, (item) => item.toUpperCase()),
})
