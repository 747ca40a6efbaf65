// json()

import type { Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { parseJson } from '../json.ts'

export const json = defineFunction({
  name: 'json',
  category: 'JSON',
  parameters: [{ name: 'value', type: 'JSON' }],
  returns: 'any',
  summary: 'The value itself when it is JSON, else null.',
  examples: [
    { expression: 'json("{\\"animal\\": \\"pony\\"}")', result: '{"animal": "pony"}' },
    { expression: 'json("Golden Gate Bridge")', result: null },
  ],
  call: ([value]): Value =>
    typeof value === 'boolean' || parseJson(text(value)) !== undefined ? value : undefined,
})
