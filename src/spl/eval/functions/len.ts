// len()

import { isMultivalue } from '../../../value/value.ts'
import { text } from '../arguments.ts'
import { defineFunction } from '../function.ts'

export const len = defineFunction({
  name: 'len',
  aliases: ['length'],
  category: 'text',
  parameters: [{ name: 'str', type: 'string' }],
  returns: 'number',
  summary: 'How many characters (code points) a text has; null for a multivalue.',
  examples: [
    { expression: 'len("buttercup")', result: '9' },
    { expression: 'len("日本")', result: '2' },
  ],
  call: ([value]) => (isMultivalue(value) ? undefined : codePoints(text(value))),
})

function codePoints(characters: string): number {
  let count = characters.length
  for (let index = 0; index < characters.length; index++) {
    const isPair = characters.codePointAt(index)! > 0xffff
    if (isPair) {
      count--
      index++
    }
  }
  return count
}
