// isdouble()

import { numberOf } from '../../../value/value.ts'
import { defineTypeFunction, isWhole } from '../type-test.ts'

export const isdouble = defineTypeFunction({
  name: 'isdouble',
  summary: 'TRUE for a number with decimals.',
  returns: 'Boolean',
  examples: [
    { expression: 'if(isdouble(3.546), "yes", "no")', result: 'yes' },
    { expression: 'if(isdouble(1000000), "yes", "no")', result: 'no' },
  ],
  ask: (value, isQuoted) => !isQuoted && numberOf(value) !== undefined && !isWhole(value),
})
