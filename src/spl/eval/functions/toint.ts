// toint()

import { defineFunction } from '../function.ts'
import { numberParameters, parseInBase, parsingExamples } from '../numbers.ts'

export const toint = defineFunction({
  name: 'toint',
  category: 'conversion',
  parameters: numberParameters,
  returns: 'number',
  summary: 'The number that a text says, rounded down to a whole number; null when it says none.',
  examples: [...parsingExamples('toint'), { expression: 'toint(3.14)', result: '3' }],
  call: (args) => {
    const number = parseInBase(args)
    return number === undefined ? undefined : Math.floor(number)
  },
})
