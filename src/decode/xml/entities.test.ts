import { expect, test } from 'vitest'
import { decodeCharacterData, escapeAttribute } from './entities.ts'

test.each([
  ['<![CDATA[a & b </x> &amp;]]>', 'a & b </x> &amp;'],
  ['one &lt; <![CDATA[two <]]> &gt; three', 'one < two < > three'],
  ['a<!-- b &amp; c -->d<?e f?>g', 'adg'],
  ['5 < 6 & 7', '5 < 6 & 7'],
  ['a &amp; <![CDATA[never closed &amp;', 'a & <![CDATA[never closed &'],
  ['<!-- never closed &lt;', '<!-- never closed <'],
])('decodes the character data %j', (text, decoded) => {
  expect(decodeCharacterData(text)).toBe(decoded)
})

test('escapes quotes in attributes, as Windows does', () => {
  expect(escapeAttribute(`a'b"c<`)).toBe('a&apos;b"c&lt;')
})

test.each(['<![CDATA[', '<!--', '<?', '&', '<'])('a flood of %j takes linear time', (flood) => {
  const text = flood.repeat(200_000)
  const started = performance.now()
  expect(decodeCharacterData(text)).toBe(text)
  expect(performance.now() - started).toBeLessThan(2_000)
})
