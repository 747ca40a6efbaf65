// round()

import { searchError } from '../../../diagnostics/diagnostic.ts'
import { numberOf, type Value } from '../../../value/value.ts'
import { integer } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { fixed } from '../precision.ts'

export const round = defineFunction({
  name: 'round',
  category: 'mathematical',
  parameters: [
    { name: 'num', type: 'number' },
    { name: 'precision', type: 'number', optional: true },
  ],
  returns: 'number',
  summary: 'A number rounded to a whole one, or to so many decimals, all of which are shown.',
  examples: [
    { expression: 'round(3.5)', result: '4' },
    { expression: 'round(2.555, 2)', result: '2.56' },
    { expression: 'round(2.5, 2)', result: '2.50' },
  ],
  call: ([value, precision]): Value => {
    const number = numberOf(value)
    const decimals = precision === undefined ? 0 : integer(precision)
    return number === undefined || decimals === undefined || decimals < 0
      ? undefined
      : fixed(number, decimals)
  },
  prepare: ([, precision]) => {
    if (precision?.value === undefined) return undefined
    const decimals = integer(precision.value)
    if (decimals !== undefined && decimals >= 0) return undefined
    throw searchError('bad-argument', 'The precision of round() must be a whole number, not below 0.')
  },
})
