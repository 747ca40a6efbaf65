// json_append()

import { defineFunction } from '../function.ts'
import { isJsonArray, parsePath, replaceAt } from '../json.ts'
import { changeDocument, checkDocumentPairs, documentParameters } from '../json-document.ts'

export const jsonAppend = defineFunction({
  name: 'json_append',
  category: 'JSON',
  parameters: documentParameters('path'),
  returns: 'any',
  summary: 'A JSON document with values added at the end of arrays; an array is added as one item.',
  examples: [
    { expression: 'json_append("{\\"a\\":[1]}", "a", "x")', result: '{"a":[1,"x"]}' },
    { expression: 'json_append("{\\"a\\":1}", "a", json_array(2, 3))', result: '{"a":[1,[2,3]]}' },
    { expression: 'json_append("{\\"a\\":1}", "b", 2)', result: '{"a":1}' },
  ],
  check: checkDocumentPairs,
  acceptsNull: true,
  call: (args) =>
    changeDocument(args, (json, path, value) =>
      replaceAt(
        json,
        parsePath(path),
        (part) => (part === undefined ? undefined : [...(isJsonArray(part) ? part : [part]), value]),
        false,
      ),
    ),
})
