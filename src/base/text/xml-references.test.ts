import { expect, test } from 'vitest'
import { decodeXmlReferences, escapeXmlText } from './xml-references.ts'

test.each([
  ['a &amp; b &lt;c&gt; &quot;d&quot; &apos;e&apos;', `a & b <c> "d" 'e'`],
  ['&#65;&#x42;&#x1F680;', 'AB🚀'],
  ['&amp;lt;', '&lt;'],
  ['&unknown; &copy; & &; &#; &#x;', '&unknown; &copy; & &; &#; &#x;'],
  ['&#x110000; &#99999999999; &#x00000041;', '&#x110000; &#99999999999; A'],
  ['&#0;|&#xD83D;', '\0|\ud83d'],
  ['&AMP; &Lt;', '&AMP; &Lt;'],
])('reads %j', (text, decoded) => {
  expect(decodeXmlReferences(text)).toBe(decoded)
})

test('an entity that is defined elsewhere stays as it is written, however often it comes', () => {
  const bomb = '&lol9;'.repeat(100_000)
  expect(decodeXmlReferences(bomb)).toBe(bomb)
})

test('what a reference gives is no part of another reference', () => {
  expect(decodeXmlReferences('&amp;lt;')).toBe('&lt;')
})

test('quotes are not escaped between tags', () => {
  expect(escapeXmlText(`a & b <c> "d" 'e'`)).toBe(`a &amp; b &lt;c&gt; "d" 'e'`)
})
