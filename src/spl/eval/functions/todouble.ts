// todouble()

import { defineFunction } from '../function.ts'
import { numberParameters, parseInBase, parsingExamples } from '../numbers.ts'

export const todouble = defineFunction({
  name: 'todouble',
  category: 'conversion',
  parameters: numberParameters,
  returns: 'number',
  summary: 'The number that a text says; null when it says none.',
  examples: [...parsingExamples('todouble'), { expression: 'todouble("number")', result: null }],
  call: parseInBase,
})
