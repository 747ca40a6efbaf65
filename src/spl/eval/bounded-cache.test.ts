import { expect, test } from 'vitest'
import { bounded } from './bounded-cache.ts'

test('computes a text once and forgets when it is full', () => {
  const computed: string[] = []
  const upper = bounded((text) => {
    computed.push(text)
    return text.toUpperCase()
  }, 2)
  for (const text of ['a', 'a', 'b', 'a', 'c', 'a']) expect(upper(text)).toBe(text.toUpperCase())
  expect(computed).toEqual(['a', 'b', 'c', 'a'])
})
