// mvcount()

import { textsOf } from '../../../value/value.ts'
import { defineFunction } from '../function.ts'

export const mvcount = defineFunction({
  name: 'mvcount',
  category: 'multivalue',
  parameters: [{ name: 'mv', type: 'multivalue' }],
  returns: 'number',
  summary: 'How many values a field has; null when it has none.',
  examples: [
    { expression: 'mvcount(split("a,b,c", ","))', result: '3' },
    { expression: 'mvcount("a")', result: '1' },
    { expression: 'mvcount(missing)', result: null },
  ],
  call: ([value]) => textsOf(value).length,
})
