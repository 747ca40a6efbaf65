// sha256()

import { eachText } from '../arguments.ts'
import { sha256 as digest } from '../digest.ts'
import { defineFunction } from '../function.ts'

export const sha256 = defineFunction({
  name: 'sha256',
  category: 'cryptographic',
  parameters: [{ name: 'str', type: 'string' }],
  returns: 'string',
  summary: 'The SHA-256 digest of a text, in hexadecimal digits.',
  examples: [
    {
      expression: 'sha256("hello")',
      result: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    },
  ],
  call: ([value]) => eachText(value, digest),
})
