// toarray()

import { isMultivalue, type Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { isJsonArray, parseContainer, parseJson, printJson } from '../json.ts'

export const toarray = defineFunction({
  name: 'toarray',
  category: 'conversion',
  parameters: [{ name: 'value', type: 'JSON' }],
  returns: 'any',
  summary: 'A multivalue, or a text that is a JSON array, as a JSON array; null for anything else.',
  examples: [
    { expression: 'toarray(split("1, 2, 3", ","))', result: '[1,2,3]' },
    { expression: 'toarray("somefield")', result: null },
  ],
  call: ([value]): Value => {
    if (isMultivalue(value)) return printJson(value.map((item) => parseJson(item) ?? null))
    const json = parseContainer(text(value))
    return json !== undefined && isJsonArray(json) ? printJson(json) : undefined
  },
})
