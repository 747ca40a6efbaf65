// json_extend()

import { defineFunction } from '../function.ts'
import { isJsonArray, type Json, parsePath, replaceAt } from '../json.ts'
import { changeDocument, checkDocumentPairs, documentParameters } from '../json-document.ts'

export const jsonExtend = defineFunction({
  name: 'json_extend',
  category: 'JSON',
  parameters: documentParameters('path'),
  returns: 'any',
  summary: 'A JSON document with the items of arrays added at the end of arrays.',
  examples: [
    { expression: 'json_extend("{\\"a\\":[1]}", "a", json_array(2, 3))', result: '{"a":[1,2,3]}' },
    { expression: 'json_extend("{\\"a\\":1}", "a", json_array(2))', result: '{"a":[1,2]}' },
  ],
  check: checkDocumentPairs,
  acceptsNull: true,
  call: (args) =>
    changeDocument(args, (json, path, value) =>
      replaceAt(
        json,
        parsePath(path),
        (part) => (part === undefined ? undefined : [...itemsOf(part), ...itemsOf(value)]),
        false,
      ),
    ),
})

const itemsOf = (json: Json): readonly Json[] => (isJsonArray(json) ? json : [json])
