// mvreverse()

import { isMultivalue, multivalue } from '../../../value/value.ts'
import { defineFunction } from '../function.ts'

export const mvreverse = defineFunction({
  name: 'mvreverse',
  category: 'multivalue',
  parameters: [{ name: 'mv', type: 'multivalue' }],
  returns: 'multivalue',
  summary: 'A multivalue from its last value to its first.',
  examples: [{ expression: 'mvreverse(split("1,2,3", ","))', result: ['3', '2', '1'] }],
  call: ([value]) => (isMultivalue(value) ? multivalue([...value].reverse()) : value),
})
