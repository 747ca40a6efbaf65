import { expect, test } from 'vitest'
import { spathValues } from './spath.ts'
import { parseXml } from './xml.ts'

const json = '{"a":{"b":1,"c":"x"},"list":[1,null,true],"objs":[{"id":"p"},{"id":"q","n":[5,6]}]}'
const xml =
  '<?xml version="1.0"?><!-- c --><shop><item id="1" k.v="w"><n>a &amp; b</n></item><item id="2"><n><![CDATA[<x>]]></n></item></shop>'

test.each([
  [json, 'a.b', ['1']],
  [json, 'list{}', ['1', 'null', 'true']],
  [json, 'objs{}.id', ['p', 'q']],
  [json, 'objs{1}.n{0}', ['5']],
  [json, 'objs{9}.id', []],
  [json, 'a', ['{"b":1,"c":"x"}']],
  [xml, 'shop.item.n', ['a & b', '<x>']],
  [xml, 'shop.item{2}.n', ['<x>']],
  [xml, 'shop.item{@id}', ['1', '2']],
  [xml, 'shop.item{1}{@k.v}', ['w']],
  [xml, 'shop.nothing', []],
  ['plain text', 'a', []],
])('%s at %s', (document, path, expected) => {
  expect(spathValues(document, path)).toEqual(expected)
})

test('damaged or hostile XML is read as far as it goes', () => {
  expect(spathValues('<a><b>1</b><b>2', 'a.b')).toEqual(['1', '2'])
  expect(spathValues('<a></nothing><b x="1>2</b></a>', 'a.b')).toEqual(['2'])
  expect(parseXml('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;&#65;&#x42;&#9999999;</a>')[0]?.text).toBe(
    '&b;AB&#9999999;',
  )
  expect(parseXml('<a>'.repeat(10_000))).toHaveLength(1)
  expect(parseXml('< 1 < 2')).toEqual([])
})
