// mvindex()

import { multivalue, textsOf, type Value } from '../../../value/value.ts'
import { integer } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const mvindex = defineFunction({
  name: 'mvindex',
  category: 'multivalue',
  parameters: [
    { name: 'mv', type: 'multivalue' },
    { name: 'start', type: 'number' },
    { name: 'end', type: 'number', optional: true },
  ],
  returns: 'multivalue',
  summary:
    'The value at a place, or those from one place to another, counted from 0, or from -1 at the end; null out of range.',
  examples: [
    { expression: 'mvindex(split("a,b,c", ","), 0)', result: 'a' },
    { expression: 'mvindex(split("a,b,c", ","), -2, -1)', result: ['b', 'c'] },
    { expression: 'mvindex(split("a,b", ","), 5)', result: null },
  ],
  call: ([value, from, to]): Value => {
    const texts = textsOf(value)
    const place = (index: Value): number | undefined => {
      const number = integer(index)
      return number === undefined || number >= 0 ? number : number + texts.length
    }
    const start = place(from)
    const end = to === undefined ? start : place(to)
    if (start === undefined || end === undefined || start < 0 || start >= texts.length || end < start)
      return undefined
    return multivalue(texts.slice(start, end + 1))
  },
})
