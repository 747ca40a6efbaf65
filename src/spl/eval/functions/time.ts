// time()

import { constant } from '../../../value/column.ts'
import { defineSpecialFunction } from '../function.ts'
import { fixed } from '../precision.ts'

export const time = defineSpecialFunction({
  name: 'time',
  category: 'date and time',
  parameters: [],
  returns: 'number',
  summary: 'The time at which the results are processed, in epoch seconds with microseconds.',
  examples: [{ expression: 'if(abs(time() - now()) < 600, "yes", "no")', result: 'yes' }],
  // The search's own clock runs on from its start, so that a search told another time agrees with itself.
  compile: (_call, { context }) => {
    const started = Date.now()
    return () => constant(fixed(context.now + (Date.now() - started) / 1000, 6))
  },
})
