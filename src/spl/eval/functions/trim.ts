// trim()

import { defineTrimming } from '../trimming.ts'

export const trim = defineTrimming({
  name: 'trim',
  ends: 'both',
  summary: 'A text without the given characters, or blanks and tabs, at both ends.',
  examples: [
    { expression: 'trim("  a b  ")', result: 'a b' },
    { expression: 'trim("abcXcba", "abc")', result: 'X' },
  ],
})
