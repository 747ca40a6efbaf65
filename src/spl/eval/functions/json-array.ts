// json_array()

import { defineFunction } from '../function.ts'
import { jsonOf, printJson } from '../json.ts'

export const jsonArray = defineFunction({
  name: 'json_array',
  category: 'JSON',
  parameters: [{ name: 'value', type: 'JSON', optional: true, repeated: true }],
  returns: 'any',
  summary: 'A JSON array of values. Values that are themselves JSON objects or arrays nest.',
  examples: [
    { expression: 'json_array("a", 1, true(), null())', result: '["a",1,true,null]' },
    {
      expression: 'json_array("dubois", json_object("name", "patel"))',
      result: '["dubois",{"name":"patel"}]',
    },
  ],
  acceptsNull: true,
  call: (args) => printJson(args.map(jsonOf)),
})
