// json_valid()

import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { parseJson } from '../json.ts'

export const jsonValid = defineFunction({
  name: 'json_valid',
  category: 'JSON',
  parameters: [{ name: 'json', type: 'JSON' }],
  returns: 'Boolean',
  summary: 'TRUE for a text that is JSON.',
  examples: [
    { expression: 'if(json_valid("{\\"a\\": [1]}"), "yes", "no")', result: 'yes' },
    { expression: 'if(json_valid("{a: 1}"), "yes", "no")', result: 'no' },
  ],
  call: ([value]) => typeof value === 'boolean' || parseJson(text(value)) !== undefined,
})
