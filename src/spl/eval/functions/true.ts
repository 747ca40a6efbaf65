// true()

import { defineFunction } from '../function.ts'

export const trueFunction = defineFunction({
  name: 'true',
  category: 'comparison',
  parameters: [],
  returns: 'Boolean',
  summary: 'TRUE. As the last condition of case() it gives a default.',
  examples: [{ expression: 'if(true(), "yes", "no")', result: 'yes' }],
  call: () => true,
})
