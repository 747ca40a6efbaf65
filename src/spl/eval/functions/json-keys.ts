// json_keys()

import type { Value } from '../../../value/value.ts'
import { defineFunction } from '../function.ts'
import { isJsonObject, printJson } from '../json.ts'
import { documentOf } from '../json-document.ts'

export const jsonKeys = defineFunction({
  name: 'json_keys',
  category: 'JSON',
  parameters: [{ name: 'json', type: 'JSON' }],
  returns: 'any',
  summary: 'The keys of a JSON object as a JSON array.',
  examples: [
    { expression: 'json_keys("{\\"name\\": \\"x\\", \\"2\\": 1, \\"1\\": 2}")', result: '["name","2","1"]' },
    { expression: 'json_keys("[1]")', result: null },
  ],
  call: ([object]): Value => {
    const json = documentOf(object)
    return json !== undefined && isJsonObject(json) ? printJson([...json.keys()]) : undefined
  },
})
