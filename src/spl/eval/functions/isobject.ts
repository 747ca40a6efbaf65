// isobject()

import { isJsonObject, parseContainer } from '../json.ts'
import { defineTypeFunction } from '../type-test.ts'

export const isobject = defineTypeFunction({
  name: 'isobject',
  summary: 'TRUE for a text that is a JSON object.',
  returns: 'Boolean',
  examples: [
    { expression: 'if(isobject("{\\"a\\": 3}"), "yes", "no")', result: 'yes' },
    { expression: 'if(isobject("{a: 3}"), "yes", "no")', result: 'no' },
  ],
  ask: (value) => typeof value === 'string' && isJsonObject(parseContainer(value) ?? null),
})
