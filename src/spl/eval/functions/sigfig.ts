// sigfig()

import { defineSpecialFunction } from '../function.ts'

export const sigfig = defineSpecialFunction({
  name: 'sigfig',
  category: 'mathematical',
  parameters: [{ name: 'num', type: 'number' }],
  returns: 'number',
  summary: 'The result of a calculation rounded to its significant figures, before the point too.',
  examples: [
    { expression: 'sigfig(1.00*1111)', result: '1110' },
    { expression: 'sigfig(123.0 + 4.567)', result: '127.6' },
  ],
  compile: ({ args: [expression] }, compiler) => compiler.compileSignificant(expression!),
})
