// ltrim()

import { defineTrimming } from '../trimming.ts'

export const ltrim = defineTrimming({
  name: 'ltrim',
  ends: 'left',
  summary: 'A text without the given characters, or blanks and tabs, at its beginning.',
  examples: [{ expression: 'ltrim("   ZZZZabcZZ ", " Z")', result: 'abcZZ ' }],
})
