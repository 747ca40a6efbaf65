import { expect, test } from 'vitest'
import { parseXml } from '../../eval/xml.ts'
import { compileXPath } from './xpath.ts'

const document = `<Events xmlns="x">
  <Event id="1"><Data Name="User">alice</Data><Data Name="Host">ws1</Data><e:Data Name="User">bob</e:Data></Event>
  <Event id="2"><Data Name="User">carol</Data><Text>one<b>two</b></Text></Event>
</Events>`

function find(path: string): string[] {
  const compiled = compileXPath(path)
  if (typeof compiled !== 'function') throw new Error(`not supported: ${compiled.unsupported}`)
  return compiled(parseXml(document))
}

test.each([
  ['/Events/Event/Data', ['alice', 'ws1', 'carol']],
  ['//Data', ['alice', 'ws1', 'carol']],
  ['Event/@id', ['1', '2']],
  ['//@id', ['1', '2']],
  ["//Data[@Name='User']", ['alice', 'carol']],
  ['//Event[2]/Data', ['carol']],
  ['//Event[last()]/@id', ['2']],
  ['//Event[@id="1"]/Data[2]', ['ws1']],
  ["//*[local-name()='Data' and @Name='User']", ['alice', 'bob', 'carol']],
  ['//Event[Text]/@id', ['2']],
  ["//Event[Data='ws1']/@id", ['1']],
  ['//Event/*[@Name!="User"]', ['ws1']],
  ['//Text/text()', ['one']],
  ['//Text', ['one<b>two</b>']],
  ['/Event', []],
] as const)('%s', (path, expected) => {
  expect(find(path)).toEqual(expected)
})

test.each(['count(//a)', '//a/following-sibling::b', '//a[position()<3]', '//a | //b', '/a/..', ''])(
  '%s is refused',
  (path) => {
    expect(compileXPath(path)).toHaveProperty('unsupported')
  },
)
