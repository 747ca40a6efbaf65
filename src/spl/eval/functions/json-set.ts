// json_set()

import { defineFunction } from '../function.ts'
import { parsePath, replaceAt } from '../json.ts'
import { changeDocument, checkDocumentPairs, documentParameters } from '../json-document.ts'

export const jsonSet = defineFunction({
  name: 'json_set',
  category: 'JSON',
  parameters: documentParameters('path'),
  returns: 'any',
  summary:
    'A JSON document with values set at paths; missing keys are made, paths that do not fit are skipped.',
  examples: [
    { expression: 'json_set("{\\"a\\":1}", "c.d", "x", "a", 2)', result: '{"a":2,"c":{"d":"x"}}' },
    {
      expression: 'json_set("{\\"a\\":[{},{}]}", "a{}.ok", true())',
      result: '{"a":[{"ok":true},{"ok":true}]}',
    },
    { expression: 'json_set("{\\"a\\":\\"b\\"}", "a.c", "d")', result: '{"a":"b"}' },
  ],
  check: checkDocumentPairs,
  acceptsNull: true,
  call: (args) =>
    changeDocument(args, (json, path, value) => replaceAt(json, parsePath(path), () => value, true)),
})
