// rtrim()

import { defineTrimming } from '../trimming.ts'

export const rtrim = defineTrimming({
  name: 'rtrim',
  ends: 'right',
  summary: 'A text without the given characters, or blanks and tabs, at its end.',
  examples: [{ expression: 'rtrim("ZZZZabcZZ ", " Z")', result: 'ZZZZabc' }],
})
