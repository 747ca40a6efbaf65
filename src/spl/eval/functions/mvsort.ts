// mvsort()

import { isMultivalue, multivalue } from '../../../value/value.ts'
import { defineFunction } from '../function.ts'

export const mvsort = defineFunction({
  name: 'mvsort',
  category: 'multivalue',
  parameters: [{ name: 'mv', type: 'multivalue' }],
  returns: 'multivalue',
  summary: 'A multivalue in the order of its texts: 10, 100, 70, 9; upper case before lower.',
  examples: [
    { expression: 'mvsort(split("10,9,70,100", ","))', result: ['10', '100', '70', '9'] },
    { expression: 'mvsort(split("b,B,a", ","))', result: ['B', 'a', 'b'] },
  ],
  call: ([value]) => (isMultivalue(value) ? multivalue([...value].sort()) : value),
})
