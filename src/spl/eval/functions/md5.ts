// md5()

import { eachText } from '../arguments.ts'
import { md5 as digest } from '../digest.ts'
import { defineFunction } from '../function.ts'

export const md5 = defineFunction({
  name: 'md5',
  category: 'cryptographic',
  parameters: [{ name: 'str', type: 'string' }],
  returns: 'string',
  summary: 'The MD5 digest of a text, in hexadecimal digits.',
  examples: [{ expression: 'md5("hello")', result: '5d41402abc4b2a76b9719d911017c592' }],
  call: ([value]) => eachText(value, digest),
})
