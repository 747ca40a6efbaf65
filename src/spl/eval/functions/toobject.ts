// toobject()

import type { Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { isJsonObject, parseContainer, printJson } from '../json.ts'

export const toobject = defineFunction({
  name: 'toobject',
  category: 'conversion',
  parameters: [{ name: 'value', type: 'JSON' }],
  returns: 'any',
  summary: 'A text that is a JSON object, as such; null for anything else.',
  examples: [
    {
      expression: 'toobject("{\\"name\\": \\"maria\\", \\"age\\": 25}")',
      result: '{"name":"maria","age":25}',
    },
    { expression: 'toobject("[1]")', result: null },
  ],
  call: ([value]): Value => {
    const json = parseContainer(text(value))
    return json !== undefined && isJsonObject(json) ? printJson(json) : undefined
  },
})
