// The form that the JSON functions share which change a document: a document, then paths (or keys) and values by turns.

import type { Value } from '../../value/value.ts'
import type { Call } from '../syntax/ast.ts'
import { text } from './arguments.ts'
import type { Compiler, Parameter } from './function.ts'
import { type Json, type JsonObject, jsonOf, parseContainer, printJson } from './json.ts'

export const documentParameters = (where: 'path' | 'key'): readonly Parameter[] => [
  { name: 'json', type: 'JSON' },
  { name: where, type: 'string' },
  { name: 'value', type: 'JSON' },
  { name: `${where}, value`, type: 'JSON', optional: true, repeated: true },
]

export function checkDocumentPairs(call: Call, compiler: Pick<Compiler, 'fail'>): void {
  if (call.args.length % 2 === 1) return
  const where = call.name === 'json_set_exact' ? 'key' : 'path'
  compiler.fail('wrong-arity', `${call.name}() has a ${where} without a value at its end.`, call.span)
}

/** The object or array that an argument is; undefined for anything else. */
export const documentOf = (value: Value): JsonObject | readonly Json[] | undefined =>
  parseContainer(text(value))

/** Changes a document pair by pair, each seeing what the earlier ones did; null when it is no document. */
export function changeDocument(
  [first, ...pairs]: readonly Value[],
  change: (document: Json, where: string, value: Json) => Json,
): Value {
  let document: Json | undefined = documentOf(first)
  if (document === undefined) return undefined
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    const where = pairs[index]
    if (where !== undefined) document = change(document, text(where), jsonOf(pairs[index + 1]))
  }
  return printJson(document)
}
