// json_delete()

import type { Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { deleteAt, isJsonArray, type Json, parseContainer, printJson } from '../json.ts'
import { documentOf } from '../json-document.ts'

export const jsonDelete = defineFunction({
  name: 'json_delete',
  category: 'JSON',
  parameters: [
    { name: 'object', type: 'JSON' },
    { name: 'keys', type: 'string', repeated: true },
  ],
  returns: 'any',
  summary: 'A JSON object without some of its keys; points in a key lead into nested objects.',
  examples: [
    {
      expression: 'json_delete("{\\"a\\":1,\\"b\\":{\\"c\\":2,\\"d\\":3}}", "a", "b.c")',
      result: '{"b":{"d":3}}',
    },
    { expression: 'json_delete("{\\"a\\":1,\\"b\\":2}", json_array("a", "b"))', result: '{}' },
  ],
  call: ([object, ...keys]): Value => {
    const json = documentOf(object)
    if (json === undefined) return undefined
    return printJson(keys.flatMap(keysOf).reduce((left: Json, key) => deleteAt(left, key.split('.')), json))
  },
})

/** A key, or the keys of a JSON array. */
function keysOf(argument: Value): string[] {
  const keys = parseContainer(text(argument))
  return keys !== undefined && isJsonArray(keys)
    ? keys.filter((key) => typeof key === 'string')
    : [text(argument)]
}
