// like() and the LIKE operator

import { anyText, text } from '../arguments.ts'
import { bounded } from '../bounded-cache.ts'
import { defineFunction } from '../function.ts'
import { compileLike } from '../like.ts'

const patternsFromData = bounded(compileLike)

export const like = defineFunction({
  name: 'like',
  category: 'comparison',
  parameters: [
    { name: 'str', type: 'string' },
    { name: 'pattern', type: 'string' },
  ],
  returns: 'Boolean',
  summary: 'TRUE when a whole text fits a pattern: % is any run of characters, _ is one, case counts.',
  examples: [
    { expression: 'if(like(ip, "198.%"), "yes", "no")', fields: { ip: '198.51.100.7' }, result: 'yes' },
    { expression: 'if("FOO" LIKE "foo%", "yes", "no")', result: 'no' },
  ],
  call: ([value, pattern]) => anyText(value, patternsFromData(text(pattern))),
  prepare: ([, pattern]) => {
    if (pattern === undefined) return undefined
    const test = compileLike(text(pattern.value))
    return ([value]) => anyText(value, test)
  },
})
