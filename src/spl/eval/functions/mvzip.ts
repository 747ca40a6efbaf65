// mvzip()

import { multivalue, textsOf } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const mvzip = defineFunction({
  name: 'mvzip',
  category: 'multivalue',
  parameters: [
    { name: 'mv_left', type: 'multivalue' },
    { name: 'mv_right', type: 'multivalue' },
    { name: 'delim', type: 'string', optional: true },
  ],
  returns: 'multivalue',
  summary:
    'The values of two fields joined pair by pair, with a comma or another delimiter; the shorter field decides how many.',
  examples: [
    { expression: 'mvzip(split("a,b", ","), split("1,2", ","))', result: ['a,1', 'b,2'] },
    { expression: 'mvzip(split("a,b,c", ","), split("1,2", ","), "|")', result: ['a|1', 'b|2'] },
  ],
  call: ([left, right, delimiter]) => {
    const rights = textsOf(right)
    const between = delimiter === undefined ? ',' : text(delimiter)
    const pairs = textsOf(left).slice(0, rights.length)
    return multivalue(pairs.map((item, index) => `${item}${between}${rights[index]}`))
  },
})
