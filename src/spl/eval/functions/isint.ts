// isint()

import { defineTypeFunction, isWhole } from '../type-test.ts'

export const isint = defineTypeFunction({
  name: 'isint',
  summary: 'TRUE for a whole number.',
  returns: 'Boolean',
  examples: [
    { expression: 'if(isint(x), "int", "not int")', fields: { x: '80' }, result: 'int' },
    { expression: 'if(isint(5.5), "int", "not int")', result: 'not int' },
  ],
  ask: (value, isQuoted) => !isQuoted && isWhole(value),
})
