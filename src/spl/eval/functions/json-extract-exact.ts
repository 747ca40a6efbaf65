// json_extract_exact()

import type { Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { isJsonObject, parseJson, printJson, valueOfJson } from '../json.ts'

export const jsonExtractExact = defineFunction({
  name: 'json_extract_exact',
  category: 'JSON',
  parameters: [
    { name: 'json', type: 'JSON' },
    { name: 'key', type: 'string', optional: true, repeated: true },
  ],
  returns: 'any',
  summary:
    'The value of a key of a JSON object, points in the key being literal; a JSON array for several keys.',
  examples: [{ expression: 'json_extract_exact("{\\"a.b\\":\\"c\\"}", "a.b")', result: 'c' }],
  call: ([json, ...keys]): Value => {
    const document = parseJson(text(json))
    if (document === undefined) return undefined
    if (keys.length === 0) return valueOfJson(document)
    if (!isJsonObject(document)) return undefined
    const found = keys.map((key) => document.get(text(key)))
    return keys.length === 1 ? valueOfJson(found[0]) : printJson(found.map((part) => part ?? null))
  },
})
