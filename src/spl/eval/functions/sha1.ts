// sha1()

import { eachText } from '../arguments.ts'
import { sha1 as digest } from '../digest.ts'
import { defineFunction } from '../function.ts'

export const sha1 = defineFunction({
  name: 'sha1',
  category: 'cryptographic',
  parameters: [{ name: 'str', type: 'string' }],
  returns: 'string',
  summary: 'The SHA-1 digest of a text, in hexadecimal digits.',
  examples: [{ expression: 'sha1("hello")', result: 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d' }],
  call: ([value]) => eachText(value, digest),
})
