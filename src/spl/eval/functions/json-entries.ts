// json_entries()

import type { Value } from '../../../value/value.ts'
import { defineFunction } from '../function.ts'
import { isJsonObject, type Json, printJson } from '../json.ts'
import { documentOf } from '../json-document.ts'

export const jsonEntries = defineFunction({
  name: 'json_entries',
  category: 'JSON',
  parameters: [{ name: 'value', type: 'JSON' }],
  returns: 'any',
  summary: 'The top-level members of a JSON object as an array of objects with key and value.',
  examples: [{ expression: 'json_entries("{\\"a\\": 1}")', result: '[{"key":"a","value":1}]' }],
  call: ([object]): Value => {
    const json = documentOf(object)
    if (json === undefined || !isJsonObject(json)) return undefined
    const entries = [...json].map(
      ([key, value]) =>
        new Map<string, Json>([
          ['key', key],
          ['value', value],
        ]),
    )
    return printJson(entries)
  },
})
