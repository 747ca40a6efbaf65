// isarray()

import { isJsonArray, parseContainer } from '../json.ts'
import { defineTypeFunction } from '../type-test.ts'

export const isarray = defineTypeFunction({
  name: 'isarray',
  summary: 'TRUE for a text that is a JSON array.',
  returns: 'Boolean',
  examples: [
    { expression: 'if(isarray("[1, 2, 3]"), "yes", "no")', result: 'yes' },
    { expression: 'if(isarray(1), "yes", "no")', result: 'no' },
  ],
  ask: (value) => typeof value === 'string' && isJsonArray(parseContainer(value) ?? null),
})
