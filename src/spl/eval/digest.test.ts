import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { md5, sha1, sha256, sha512 } from './digest.ts'

test.each([
  ['md5', md5],
  ['sha1', sha1],
  ['sha256', sha256],
  ['sha512', sha512],
] as const)('%s is the digest that Node gives, for every length around a block', (name, digest) => {
  const texts = fc.oneof(
    fc.string(),
    fc.integer({ min: 0, max: 300 }).map((length) => 'é'.repeat(length)),
  )
  fc.assert(
    fc.property(texts, (text) => {
      expect(digest(text)).toBe(createHash(name).update(text).digest('hex'))
    }),
  )
})
