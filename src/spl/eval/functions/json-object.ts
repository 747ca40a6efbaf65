// json_object()

import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { type Json, jsonOf, printJson } from '../json.ts'

export const jsonObject = defineFunction({
  name: 'json_object',
  category: 'JSON',
  parameters: [{ name: 'key, value', type: 'JSON', optional: true, repeated: true }],
  returns: 'any',
  summary: 'A JSON object of keys and values. Values that are themselves JSON objects or arrays nest.',
  examples: [
    { expression: 'json_object("name", "maria", "age", 25)', result: '{"name":"maria","age":25}' },
    { expression: 'json_object("names", json_array("maria", "arun"))', result: '{"names":["maria","arun"]}' },
    { expression: 'json_object()', result: '{}' },
  ],
  check: (call, compiler) => {
    if (call.args.length % 2 === 0) return
    compiler.fail('wrong-arity', 'json_object() has a key without a value at its end.', call.span)
  },
  acceptsNull: true,
  call: (args) => {
    const members = new Map<string, Json>()
    for (let index = 0; index < args.length; index += 2) {
      if (args[index] !== undefined) members.set(text(args[index]), jsonOf(args[index + 1]))
    }
    return printJson(members)
  },
})
