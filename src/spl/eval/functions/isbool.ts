// isbool()

import { defineTypeFunction } from '../type-test.ts'

export const isbool = defineTypeFunction({
  name: 'isbool',
  summary: 'TRUE for a Boolean. A field never holds one.',
  returns: 'Boolean',
  examples: [
    { expression: 'if(isbool(1==2), "yes", "no")', result: 'yes' },
    { expression: 'if(isbool(x), "yes", "no")', fields: { x: 'true' }, result: 'no' },
  ],
  ask: (value) => typeof value === 'boolean',
})
