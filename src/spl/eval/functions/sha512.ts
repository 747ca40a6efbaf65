// sha512()

import { eachText } from '../arguments.ts'
import { sha512 as digest } from '../digest.ts'
import { defineFunction } from '../function.ts'

export const sha512 = defineFunction({
  name: 'sha512',
  category: 'cryptographic',
  parameters: [{ name: 'str', type: 'string' }],
  returns: 'string',
  summary: 'The SHA-512 digest of a text, in hexadecimal digits.',
  examples: [
    {
      expression: 'sha512("hello")',
      result:
        '9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043',
    },
  ],
  call: ([value]) => eachText(value, digest),
})
