// tonumber()

import { defineFunction } from '../function.ts'
import { numberParameters, parseInBase, parsingExamples, refuseConstants } from '../numbers.ts'

export const tonumber = defineFunction({
  name: 'tonumber',
  category: 'conversion',
  parameters: numberParameters,
  returns: 'number',
  summary: 'The number that a text says, in base 10 or another up to 36; null when it says none.',
  examples: [...parsingExamples('tonumber'), { expression: 'tonumber("0101", 2)', result: '5' }],
  call: parseInBase,
  prepare: (constants) => refuseConstants(constants, 'tonumber'),
})
