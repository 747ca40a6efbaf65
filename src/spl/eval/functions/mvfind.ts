// mvfind()

import { textsOf } from '../../../value/value.ts'
import { defineFunction, type PreparedFunction } from '../function.ts'
import { type PatternReader, patternReader } from '../regex.ts'

export const mvfind = defineFunction({
  name: 'mvfind',
  category: 'multivalue',
  parameters: [
    { name: 'mv', type: 'multivalue' },
    { name: 'regex', type: 'regex' },
  ],
  returns: 'number',
  summary:
    'The place, counted from 0, of the first value that a regular expression is found in; null when there is none.',
  examples: [
    { expression: 'mvfind(split("ok,err42,err7", ","), "err\\d+")', result: '1' },
    { expression: 'mvfind("ok", "err")', result: null },
  ],
  call: (args, context) => finding(patternReader(undefined, context))(args),
  prepare: ([, pattern], context) => finding(patternReader(pattern, context)),
})

const finding =
  (read: PatternReader): PreparedFunction =>
  ([value, pattern]) => {
    const regex = read(pattern)
    const place = regex === undefined ? -1 : textsOf(value).findIndex((item) => regex.test(item))
    return place < 0 ? undefined : place
  }
