// tomv()

import { isMultivalue, multivalue, type Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { isJsonArray, parseContainer, printJson } from '../json.ts'

export const tomv = defineFunction({
  name: 'tomv',
  category: 'conversion',
  parameters: [{ name: 'value', type: 'JSON' }],
  returns: 'multivalue',
  summary: 'The items of a JSON array as a multivalue, texts with their quotation marks; null for a text.',
  examples: [{ expression: 'tomv(json_array("a", 1))', result: ['"a"', '1'] }],
  call: ([value]): Value => {
    if (isMultivalue(value)) return value
    const json = parseContainer(text(value))
    return json !== undefined && isJsonArray(json) ? multivalue(json.map(printJson)) : undefined
  },
})
