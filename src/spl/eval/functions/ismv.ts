// ismv()

import { isMultivalue } from '../../../value/value.ts'
import { defineTypeFunction } from '../type-test.ts'

export const ismv = defineTypeFunction({
  name: 'ismv',
  summary: 'TRUE for a multivalue.',
  returns: 'Boolean',
  examples: [
    { expression: 'if(ismv(split("1,2", ",")), "yes", "no")', result: 'yes' },
    { expression: 'if(ismv("a"), "yes", "no")', result: 'no' },
  ],
  ask: (value) => isMultivalue(value),
})
