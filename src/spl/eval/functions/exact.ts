// exact()

import { defineSpecialFunction } from '../function.ts'

export const exact = defineSpecialFunction({
  name: 'exact',
  category: 'mathematical',
  parameters: [{ name: 'expression', type: 'number' }],
  returns: 'number',
  summary: 'The result of a calculation with all digits, not rounded to the precision of the numbers in it.',
  examples: [
    { expression: '0.75 * 0.5', result: '0.4' },
    { expression: 'exact(0.75 * 0.5)', result: '0.375' },
  ],
  compile: ({ args: [expression] }, compiler) => compiler.compileNumber(expression!),
})
