// random()

import { plain } from '../../../value/column.ts'
import { defineSpecialFunction } from '../function.ts'

export const random = defineSpecialFunction({
  name: 'random',
  category: 'statistical',
  parameters: [],
  returns: 'number',
  summary: 'A random whole number from 0 to 2^31-1, another in each row.',
  examples: [{ expression: 'if(random() >= 0 AND random() < pow(2, 31), "yes", "no")', result: 'yes' }],
  compile: () => (batch) =>
    plain(Array.from({ length: batch.length }, () => Math.floor(Math.random() * 2 ** 31))),
})
