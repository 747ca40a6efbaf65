// spath()

import { isMultivalue, multivalue, type Value } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'
import { spathValues } from '../spath.ts'

export const spath = defineFunction({
  name: 'spath',
  category: 'text',
  parameters: [
    { name: 'value', type: 'string' },
    { name: 'path', type: 'string' },
  ],
  returns: 'any',
  summary: 'The values at a path in a text that is JSON or XML.',
  examples: [
    {
      expression: 'spath("{\\"a\\":[{\\"id\\":\\"p\\"},{\\"id\\":\\"q\\"}]}", "a{}.id")',
      result: ['p', 'q'],
    },
    { expression: 'spath("<book><title>Moby</title></book>", "book.title")', result: 'Moby' },
  ],
  call: ([value, path]): Value =>
    isMultivalue(value) ? undefined : multivalue(spathValues(text(value), text(path))),
})
