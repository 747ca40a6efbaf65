// replace()

import { SearchError } from '../../../diagnostics/diagnostic.ts'
import type { ExpressionContext } from '../../run/context.ts'
import { eachText, text } from '../arguments.ts'
import { defineFunction, type PreparedFunction } from '../function.ts'
import { type PatternReader, patternReader } from '../regex.ts'

export const replace = defineFunction({
  name: 'replace',
  category: 'text',
  parameters: [
    { name: 'str', type: 'string' },
    { name: 'regex', type: 'regex' },
    { name: 'replacement', type: 'string' },
  ],
  returns: 'string',
  summary:
    'A text in which everything that a regular expression finds is replaced; \\1 stands for the first group.',
  examples: [
    { expression: 'replace("1/14/2023", "^(\\d{1,2})/(\\d{1,2})/", "\\2/\\1/")', result: '14/1/2023' },
    { expression: 'replace("C:\\\\Temp\\\\x", "\\\\\\\\", "/")', result: 'C:/Temp/x' },
    { expression: 'replace("abc", "x", "y")', result: 'abc' },
  ],
  call: (args, context) => replacing(patternReader(undefined, context), context)(args),
  prepare: ([, pattern, replacement], context) => {
    const read = patternReader(pattern, context)
    // A constant replacement that names a group which is not there is refused before any row.
    if (pattern !== undefined && replacement?.value !== undefined) {
      read(pattern.value)?.replaceAll('', text(replacement.value))
    }
    return replacing(read, context)
  },
})

const replacing =
  (read: PatternReader, context: ExpressionContext): PreparedFunction =>
  ([value, pattern, replacement]) => {
    const regex = read(pattern)
    if (regex === undefined) return undefined
    try {
      return eachText(value, (item) => regex.replaceAll(item, text(replacement)))
    } catch (error) {
      // A replacement that comes from the rows is data: it may be wrong, and that stops nothing.
      if (!(error instanceof SearchError)) throw error
      for (const diagnostic of error.diagnostics) context.warn({ ...diagnostic, severity: 'warning' })
      return undefined
    }
  }
