// json_array_to_mv()

import { multivalue, type Value } from '../../../value/value.ts'
import { isTrue } from '../boolean.ts'
import { defineFunction } from '../function.ts'
import { isJsonArray, printJson } from '../json.ts'
import { documentOf } from '../json-document.ts'

export const jsonArrayToMv = defineFunction({
  name: 'json_array_to_mv',
  category: 'JSON',
  parameters: [
    { name: 'json_array', type: 'JSON' },
    { name: 'keep_quotes', type: 'Boolean', optional: true },
  ],
  returns: 'multivalue',
  summary:
    'The items of a JSON array as a multivalue; texts keep their quotation marks when the second argument is true().',
  examples: [
    { expression: 'json_array_to_mv(json_array("a", "b"))', result: ['a', 'b'] },
    { expression: 'json_array_to_mv(json_array("a", "b"), true())', result: ['"a"', '"b"'] },
    { expression: 'json_array_to_mv("hello")', result: null },
  ],
  call: ([array, keepQuotes]): Value => {
    const json = documentOf(array)
    if (json === undefined || !isJsonArray(json)) return undefined
    const keep = isTrue(keepQuotes)
    return multivalue(json.map((item) => (typeof item === 'string' && !keep ? item : printJson(item))))
  },
})
