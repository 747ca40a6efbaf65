// pi()

import { defineFunction } from '../function.ts'

export const pi = defineFunction({
  name: 'pi',
  category: 'mathematical',
  parameters: [],
  returns: 'number',
  summary: 'The constant pi.',
  examples: [{ expression: 'round(pi(), 4)', result: '3.1416' }],
  call: () => Math.PI,
})
