import { expect, test } from 'vitest'
import { TagScanner } from './tag-scanner.ts'

function tagsOf(text: string): string[] {
  const tags = new TagScanner(text, 0, text.length)
  const found: string[] = []
  while (tags.next()) {
    const attributes: string[] = []
    tags.eachAttribute((name, value) => attributes.push(` ${name}=${value}`))
    found.push(`${tags.kind} ${tags.name}${attributes.join('')}`)
  }
  return found
}

test.each([
  ['<a><b/></a>', ['open a', 'empty b', 'close a']],
  ['<a x="1" y=\'2\'/>', ['empty a x=1 y=2']],
  ['<a\r\n  x = "1"\t y\n=\n"2" >', ['open a x=1 y=2']],
  ['<a x="a > b" y="/>">text', ['open a x=a > b y=/>']],
  ['<a x="&lt;&amp;\'">', ["open a x=<&'"]],
  ['<p:a xmlns:p="u"/>', ['empty p:a xmlns:p=u']],
  ['1 < 2 <5> <a>', ['open a']],
  ['<!-- <b> --><![CDATA[<c>]]><?d <e>?><a>', ['open a']],
  ['<a/ ><b / >', ['open a', 'open b']],
  ['<a x=1 y="2">', ['open a']],
  ['<a x', ['open a']],
  ['<a x="never closed><b>', ['open a']],
  ['<a x="1" <b y="2">', ['open a x=1 <b y=2']],
  ['<élan ø="1">', ['open élan ø=1']],
  ['</>', []],
  ['<', []],
  ['', []],
])('walks %j', (text, tags) => {
  expect(tagsOf(text)).toEqual(tags)
})

test('keeps to its limits', () => {
  const text = '<a><b><c>'
  const tags = new TagScanner(text, 3, 6)
  expect(tags.next()).toBe(true)
  expect(tags.name).toBe('b')
  expect(tags.next()).toBe(false)
})

test('the first of a repeated attribute counts', () => {
  const text = "<Data Name='a' Name='b'>"
  const tags = new TagScanner(text, 0, text.length)
  tags.next()
  expect(tags.attribute('Name')).toBe('a')
  expect(tags.attribute('name')).toBeUndefined()
})
