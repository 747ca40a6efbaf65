import { expect, test } from 'vitest'
import { decodeXmlReferences } from './xml-references.ts'

test.each([
  ['2&gt;&amp;1', '2>&1'],
  ['&lt;Command&gt; &quot;a&apos;s&quot;', `<Command> "a's"`],
  ['&#65;&#x42;', 'AB'],
  ['no reference', 'no reference'],
  ['&nbsp; & &amp', '&nbsp; & &amp'],
  ['&#1114112;', '&#1114112;'],
])('%s is read as %s', (written, read) => expect(decodeXmlReferences(written)).toBe(read))

test('what a reference gives is no part of another reference', () => {
  expect(decodeXmlReferences('&amp;lt;')).toBe('&lt;')
})
