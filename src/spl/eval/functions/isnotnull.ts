// isnotnull()

import { defineTypeFunction } from '../type-test.ts'

export const isnotnull = defineTypeFunction({
  name: 'isnotnull',
  summary: 'TRUE when there is a value.',
  returns: 'Boolean',
  examples: [
    { expression: 'if(isnotnull(x), "yes", "no")', fields: { x: 'a' }, result: 'yes' },
    { expression: 'if(isnotnull(missing), "yes", "no")', result: 'no' },
  ],
  ask: (value) => value !== undefined,
})
