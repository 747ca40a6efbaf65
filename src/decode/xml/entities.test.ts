import { expect, test } from 'vitest'
import { decodeCharacterData, decodeEntities, escapeAttribute, escapeText } from './entities.ts'

test.each([
  ['a &amp; b &lt;c&gt; &quot;d&quot; &apos;e&apos;', `a & b <c> "d" 'e'`],
  ['&#65;&#x42;&#x1F680;', 'AB🚀'],
  ['&amp;lt;', '&lt;'],
  ['&unknown; &copy; & &; &#; &#x;', '&unknown; &copy; & &; &#; &#x;'],
  ['&#x110000; &#99999999999; &#x00000041;', '&#x110000; &#99999999999; A'],
  ['&#0;|&#xD83D;', '\0|\ud83d'],
  ['&AMP; &Lt;', '&AMP; &Lt;'],
])('decodes %j', (text, decoded) => {
  expect(decodeEntities(text)).toBe(decoded)
})

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

test('an entity that is defined elsewhere stays as it is written, however often it comes', () => {
  const bomb = '&lol9;'.repeat(100_000)
  expect(decodeEntities(bomb)).toBe(bomb)
})

test('escapes as Windows does: quotes only in attributes', () => {
  expect(escapeText(`a & b <c> "d" 'e'`)).toBe(`a &amp; b &lt;c&gt; "d" 'e'`)
  expect(escapeAttribute(`a'b"c<`)).toBe('a&apos;b"c&lt;')
})

test.each(['<![CDATA[', '<!--', '<?', '&', '<'])('a flood of %j takes linear time', (flood) => {
  const text = flood.repeat(200_000)
  const started = performance.now()
  expect(decodeCharacterData(text)).toBe(text)
  expect(performance.now() - started).toBeLessThan(2_000)
})
