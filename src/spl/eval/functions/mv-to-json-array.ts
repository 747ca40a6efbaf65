// mv_to_json_array()

import { textsOf } from '../../../value/value.ts'
import { isTrue } from '../boolean.ts'
import { defineFunction } from '../function.ts'
import { parseJson, printJson } from '../json.ts'

export const mvToJsonArray = defineFunction({
  name: 'mv_to_json_array',
  category: 'JSON',
  parameters: [
    { name: 'field', type: 'multivalue' },
    { name: 'infer_types', type: 'Boolean', optional: true },
  ],
  returns: 'any',
  summary:
    'A multivalue as a JSON array of texts, or of what each text is as JSON when the second argument is true().',
  examples: [
    { expression: 'mv_to_json_array(split("a,1", ","))', result: '["a","1"]' },
    { expression: 'mv_to_json_array(split("a,1,true", ","), true())', result: '[null,1,true]' },
  ],
  call: ([values, inferTypes]) => {
    const texts = textsOf(values)
    return printJson(isTrue(inferTypes) ? texts.map((item) => parseJson(item) ?? null) : texts)
  },
})
