// isstr()

import { numberOf } from '../../../value/value.ts'
import { defineTypeFunction } from '../type-test.ts'

export const isstr = defineTypeFunction({
  name: 'isstr',
  summary: 'TRUE for a text that is no number.',
  returns: 'Boolean',
  examples: [
    { expression: 'if(isstr("abc"), "yes", "no")', result: 'yes' },
    { expression: 'if(isstr(x), "yes", "no")', fields: { x: '12' }, result: 'no' },
  ],
  ask: (value, isQuoted) => typeof value === 'string' && (isQuoted || numberOf(value) === undefined),
})
