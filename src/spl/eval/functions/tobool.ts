// tobool()

import { numberOf, type Value } from '../../../value/value.ts'
import { defineFunction } from '../function.ts'

export const tobool = defineFunction({
  name: 'tobool',
  category: 'conversion',
  parameters: [{ name: 'value', type: 'any' }],
  returns: 'Boolean',
  summary: 'The Boolean that a value says: true or false as text, or a number, of which only 0 is FALSE.',
  examples: [
    { expression: 'if(tobool(units), "in stock", "sold out")', fields: { units: '12' }, result: 'in stock' },
    { expression: 'if(tobool("False"), "yes", "no")', result: 'no' },
    { expression: 'if(isnull(tobool("maybe")), "no Boolean", "Boolean")', result: 'no Boolean' },
  ],
  call: ([value]): Value => {
    if (typeof value === 'boolean') return value
    if (value === 'true' || value === 'True') return true
    if (value === 'false' || value === 'False') return false
    const number = numberOf(value)
    return number === undefined ? undefined : number !== 0
  },
})
