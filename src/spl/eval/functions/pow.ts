// pow()

import { defineMathFunction } from '../math-function.ts'

export const pow = defineMathFunction({
  name: 'pow',
  category: 'mathematical',
  parameters: ['num', 'exp'],
  summary: 'A number to the power of another.',
  examples: [
    { expression: 'pow(2, 10)', result: '1024' },
    { expression: 'pow(2, 53) - 1', result: '9007199254740991' },
  ],
  compute: (base, exponent) => base ** exponent!,
})
