// isnum()

import { numberOf } from '../../../value/value.ts'
import { defineTypeFunction } from '../type-test.ts'

export const isnum = defineTypeFunction({
  name: 'isnum',
  summary: 'TRUE for a number, also a field that looks like one.',
  returns: 'Boolean',
  examples: [
    { expression: 'if(isnum(x), "yes", "no")', fields: { x: '1.5' }, result: 'yes' },
    { expression: 'if(isnum("5"), "yes", "no")', result: 'no' },
  ],
  ask: (value, isQuoted) => !isQuoted && numberOf(value) !== undefined,
})
