// json_has_key_exact()

import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { isJsonObject } from '../json.ts'
import { documentOf } from '../json-document.ts'

export const jsonHasKeyExact = defineFunction({
  name: 'json_has_key_exact',
  category: 'JSON',
  parameters: [
    { name: 'object', type: 'JSON' },
    { name: 'key', type: 'string' },
  ],
  returns: 'Boolean',
  summary: 'TRUE when a JSON object has a key; points in the key are literal.',
  examples: [
    { expression: 'if(json_has_key_exact("{\\"a.b\\":10}", "a.b"), "has key", "no")', result: 'has key' },
    { expression: 'if(json_has_key_exact("{\\"a\\":{\\"b\\":10}}", "a.b"), "has key", "no")', result: 'no' },
  ],
  call: ([object, key]) => {
    const json = documentOf(object)
    return json !== undefined && isJsonObject(json) && json.has(text(key))
  },
})
