// mvdedup()

import { isMultivalue, multivalue } from '../../../value/value.ts'
import { defineFunction } from '../function.ts'

export const mvdedup = defineFunction({
  name: 'mvdedup',
  category: 'multivalue',
  parameters: [{ name: 'mv', type: 'multivalue' }],
  returns: 'multivalue',
  summary: 'A multivalue without its duplicates; the first of each stays.',
  examples: [{ expression: 'mvdedup(split("b,a,b,c,a", ","))', result: ['b', 'a', 'c'] }],
  call: ([value]) => (isMultivalue(value) ? multivalue([...new Set(value)]) : value),
})
