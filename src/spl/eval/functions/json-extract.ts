// json_extract()

import type { Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { everyItem, type Json, parseJson, parsePath, partsAt, printJson, valueOfJson } from '../json.ts'

export const jsonExtract = defineFunction({
  name: 'json_extract',
  category: 'JSON',
  parameters: [
    { name: 'json', type: 'JSON' },
    { name: 'path', type: 'string', optional: true, repeated: true },
  ],
  returns: 'any',
  summary:
    'The part of a JSON document that a path leads to; a JSON array of parts for several paths or a path with {}.',
  examples: [
    { expression: 'json_extract("{\\"a\\":{\\"b\\":[7,8]}}", "a.b{1}")', result: '8' },
    { expression: 'json_extract("[{\\"n\\":1},{\\"n\\":2}]", "{}.n")', result: '[1,2]' },
    { expression: 'json_extract("{\\"a\\":\\"x\\",\\"b\\":2}", "a", "b")', result: '["x",2]' },
    { expression: 'json_extract("{\\"a\\":1}", "b")', result: null },
  ],
  call: ([json, ...paths]): Value => {
    const document = parseJson(text(json))
    if (document === undefined) return undefined
    const found = paths.map((path) => partAt(document, text(path)))
    return paths.length <= 1
      ? valueOfJson(paths.length === 0 ? document : found[0])
      : printJson(found.map((part) => part ?? null))
  },
})

function partAt(document: Json, path: string): Json | undefined {
  const steps = parsePath(path)
  const parts = partsAt(document, steps)
  // `{}` alone is the document, whatever it is.
  if (steps.length === 1 && steps[0] === everyItem) return document
  return steps.includes(everyItem) && parts.length > 0 ? parts : parts[0]
}
