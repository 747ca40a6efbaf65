// isnull()

import { defineTypeFunction } from '../type-test.ts'

export const isnull = defineTypeFunction({
  name: 'isnull',
  summary: 'TRUE when there is no value. An empty text is a value.',
  returns: 'Boolean',
  examples: [
    { expression: 'if(isnull(missing), "yes", "no")', result: 'yes' },
    { expression: 'if(isnull(""), "yes", "no")', result: 'no' },
  ],
  ask: (value) => value === undefined,
})
