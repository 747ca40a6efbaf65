// match()

import { anyText } from '../arguments.ts'
import { defineFunction, type PreparedFunction } from '../function.ts'
import { type PatternReader, patternReader } from '../regex.ts'

export const match = defineFunction({
  name: 'match',
  category: 'comparison',
  parameters: [
    { name: 'str', type: 'string' },
    { name: 'regex', type: 'regex' },
  ],
  returns: 'Boolean',
  summary: 'TRUE when a regular expression is found anywhere in a text; in any value of a multivalue.',
  examples: [
    { expression: 'if(match(ip, "^10\\."), "yes", "no")', fields: { ip: '10.0.0.1' }, result: 'yes' },
    { expression: 'if(match("ERROR", "error"), "yes", "no")', result: 'no' },
    { expression: 'if(match("ERROR", "(?i)error"), "yes", "no")', result: 'yes' },
  ],
  call: (args, context) => matching(patternReader(undefined, context))(args),
  prepare: ([, pattern], context) => matching(patternReader(pattern, context)),
})

const matching =
  (read: PatternReader): PreparedFunction =>
  ([value, pattern]) => {
    const regex = read(pattern)
    return regex === undefined ? undefined : anyText(value, (item) => regex.test(item))
  }
