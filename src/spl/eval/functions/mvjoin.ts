// mvjoin()

import { textsOf } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const mvjoin = defineFunction({
  name: 'mvjoin',
  category: 'multivalue',
  parameters: [
    { name: 'mv', type: 'multivalue' },
    { name: 'delim', type: 'string' },
  ],
  returns: 'string',
  summary: 'The values of a field as one text, with a delimiter between them.',
  examples: [{ expression: 'mvjoin(mvrange(1, 4), " OR ")', result: '1 OR 2 OR 3' }],
  call: ([value, delimiter]) => textsOf(value).join(text(delimiter)),
})
