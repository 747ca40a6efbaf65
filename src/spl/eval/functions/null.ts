// null()

import { defineFunction } from '../function.ts'

export const nullFunction = defineFunction({
  name: 'null',
  category: 'comparison',
  parameters: [],
  returns: 'any',
  summary: 'No value. Assigning it removes a field.',
  examples: [{ expression: 'if(1 == 1, null(), "x")', result: null }],
  call: () => undefined,
})
