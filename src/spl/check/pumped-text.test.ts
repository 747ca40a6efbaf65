import { expect, test } from 'vitest'
import { parsePcre } from '../regex/pcre-parser.ts'
import { pumpedText } from './pumped-text.ts'

test.each(['(a+)+b', '(a|a)*b', '(.*)*x', '([a-z]+\\s?)+$', '(?i)-e(nc*o*m*a*n*d*)*\\s+[^-]', '^(\\d+,?)+;'])(
  'a short text is found on which %s does not end',
  (pattern) => {
    expect(pumpedText(parsePcre(pattern))?.length).toBeLessThan(100)
  },
)

test.each(['.*a.*b.*c', '(\\w+\\.)+exe', '^(a+,)*$', 'abc', '(?:[^"]|"")*x'])(
  'none is found for %s',
  (pattern) => {
    expect(pumpedText(parsePcre(pattern))).toBeUndefined()
  },
)
