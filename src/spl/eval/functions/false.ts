// false()

import { defineFunction } from '../function.ts'

export const falseFunction = defineFunction({
  name: 'false',
  category: 'comparison',
  parameters: [],
  returns: 'Boolean',
  summary: 'FALSE.',
  examples: [{ expression: 'if(false(), "yes", "no")', result: 'no' }],
  call: () => false,
})
