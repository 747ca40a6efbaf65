// json_set_exact()

import { defineFunction } from '../function.ts'
import { isJsonObject } from '../json.ts'
import { changeDocument, checkDocumentPairs, documentParameters } from '../json-document.ts'

export const jsonSetExact = defineFunction({
  name: 'json_set_exact',
  category: 'JSON',
  parameters: documentParameters('key'),
  returns: 'any',
  summary: 'A JSON object with keys set to values; points in a key are literal.',
  examples: [
    { expression: 'json_set_exact(json_object(), "system.path", "/opt")', result: '{"system.path":"/opt"}' },
  ],
  check: checkDocumentPairs,
  acceptsNull: true,
  call: (args) =>
    changeDocument(args, (json, key, value) => (isJsonObject(json) ? new Map(json).set(key, value) : json)),
})
