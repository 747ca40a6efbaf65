// now()

import { defineFunction } from '../function.ts'

export const now = defineFunction({
  name: 'now',
  category: 'date and time',
  parameters: [],
  returns: 'number',
  summary: 'The time at which the search started, in epoch seconds.',
  examples: [{ expression: 'if(now() > 0, "yes", "no")', result: 'yes' }],
  call: (_args, context) => Math.floor(context.now),
})
