// split()

import { multivalue, type Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const split = defineFunction({
  name: 'split',
  category: 'multivalue',
  parameters: [
    { name: 'str', type: 'string' },
    { name: 'delim', type: 'string' },
  ],
  returns: 'multivalue',
  summary:
    'The parts of a text between a delimiter, which is no regular expression; an empty one splits characters.',
  examples: [
    { expression: 'split("a.b.c", ".")', result: ['a', 'b', 'c'] },
    { expression: 'split("abc", "")', result: ['a', 'b', 'c'] },
  ],
  call: ([value, delimiter]): Value => {
    const between = text(delimiter)
    return multivalue(between === '' ? [...text(value)] : text(value).split(between))
  },
})
