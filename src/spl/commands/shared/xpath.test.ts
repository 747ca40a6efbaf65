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
  return compiled(parseXml(document)) ?? []
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
  ['.//Data[1]', ['alice', 'carol']],
  ['(//Data)[1]', ['alice']],
  ['//Event[last()-1]/@id', ['1']],
  ['//Event[position()<2]/@id', ['1']],
  ['count(//Data)', ['3']],
  ['sum(//Event/@id)', ['3']],
  ['1 + 2 * 3 - 4 div 2', ['5']],
  ['7 mod 3', ['1']],
  ['- - 2', ['2']],
  ['//Event/@id > 1', ['true']],
  ['//Data = //Text', ['false']],
  ['string(//Text)', ['onetwo']],
  ['//Data[@Name="Host"] | //Text/b', ['ws1', 'two']],
  ['//b/..', ['one<b>two</b>']],
  ['//b/ancestor::Event/@id', ['2']],
  ['//b/ancestor-or-self::*[2]', ['one<b>two</b>']],
  ["//Data[.='ws1']/preceding-sibling::Data", ['alice']],
  ["//Data[.='alice']/following-sibling::*", ['ws1', 'bob']],
  ["//Data[.='ws1']/following::Data", ['carol']],
  ["//Data[.='carol']/preceding::Data[1]", ['ws1']],
  ['//e:*', ['bob']],
  ['//Event/child::*[self::Text]/descendant::b', ['two']],
  ["//Data[starts-with(., 'a') or contains(@Name, 'os')]", ['alice', 'ws1']],
  ["//Data[not(@Name='User')]", ['ws1']],
  ["concat(//Event/@id, '-', normalize-space('  a   b '))", ['1-a b']],
  ["substring('12345', 1.5, 2.6)", ['234']],
  ["substring-before('a=b', '=')", ['a']],
  ["substring-after('a=b', '=')", ['b']],
  ["translate('bar','abc','AB')", ['BAr']],
  ["string-length('äöü')", ['3']],
  ['name(//*[local-name()="Data"][3])', ['e:Data']],
  ['boolean(//nothing)', ['false']],
  ["number('x')", ['NaN']],
  ['round(2.5) + floor(-0.5) + ceiling(0.2)', ['3']],
  ['//Data[2.0]', ['ws1']],
  ['//div', []],
  ['//Event[true() and false()]', []],
] as const)('%s', (path, expected) => {
  expect(find(path)).toEqual(expected)
})

test.each([
  ['//a[b', '//a[b…'],
  ['id("x")', 'id()'],
  ['//comment()', 'comment()'],
  ['$user', '$user'],
  ['//a/unknown::b', 'unknown::b'],
  ['count(1, 2)', 'count() with 2 arguments'],
  ['//a b', 'b'],
  ['', '…'],
])('%s is refused', (path, unsupported) => {
  expect(compileXPath(path)).toEqual({ unsupported })
})

test('hostile documents and expressions end', () => {
  const wide = parseXml(`<r>${'<a/>'.repeat(5000)}</r>`)
  const deep = parseXml('<a>'.repeat(500))
  const start = performance.now()
  const crossed = compileXPath('//a[following::a[preceding::a]]')
  expect(typeof crossed === 'function' && crossed(wide)).toBeUndefined()
  const nested = compileXPath(`//a${'//a'.repeat(30)}`)
  expect(typeof nested === 'function' && nested(deep)).toHaveLength(470)
  expect(compileXPath('('.repeat(5000))).toHaveProperty('unsupported')
  expect(compileXPath('-'.repeat(900))).toHaveProperty('unsupported')
  expect(performance.now() - start).toBeLessThan(3000)
})
