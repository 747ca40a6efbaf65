// mvappend()

import { combined } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const mvappend = defineFunction({
  name: 'mvappend',
  category: 'multivalue',
  parameters: [{ name: 'values', type: 'any', repeated: true }],
  returns: 'multivalue',
  summary: 'All values in one multivalue; nulls are skipped, duplicates kept.',
  examples: [{ expression: 'mvappend(split("a,b", ","), missing, "a")', result: ['a', 'b', 'a'] }],
  acceptsNull: true,
  call: combined,
})
