import { expect, test } from 'vitest'
import { searchWith } from '../../../test/support/search-with-knowledge.ts'

const transforms = String.raw`
[pairs]
REGEX = \[([^\s=]+)=([^\]]+)\]
FORMAT = $1::$2

[list]
REGEX = id:(?<id>\d+)
MV_ADD = true

[uri]
SOURCE_KEY = uri
DELIMS = "&", "="

[access]
REGEX = ^[[nspaces:clientip]]\s++[[sbstring:req_time]]\s++[[bc_domain:uri_]]?

[lost]
REGEX = [[nowhere:x]]

[nothing]
CLEAN_KEYS = true
`

test('extract runs stanzas of transforms.conf', async () => {
  const input = [{ _raw: '[user name=bob] [dept=it] id:1 id:2', uri: 'a=1&b=2', dept: 'own' }]
  const { rows } = await searchWith('* | extract pairs, list uri | fields - uri', { transforms }, input)
  expect(rows).toEqual([{ user_name: undefined, dept: 'own', id: ['1', '2'], a: '1', b: '2' }].map(clean))
})

/** Without what is undefined. */
const clean = (row: object): object =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))

test('options win over the stanza', async () => {
  const input = [{ _raw: 'id:1 id:2 [a-b=1]' }]
  const first = await searchWith('* | extract list mv_add=f', { transforms }, input)
  expect(first.rows).toEqual([{ id: '1' }])
  const dirty = await searchWith('* | extract clean_keys=f pairs', { transforms }, input)
  expect(dirty.rows).toEqual([{ 'a-b': '1' }])
})

test('an expression may name others', async () => {
  const input = [{ _raw: '10.0.0.1 [12/May/2024] http://shop.example/cart' }]
  const { rows } = await searchWith('* | kv access', { transforms }, input)
  expect(rows).toEqual([{ clientip: '10.0.0.1', req_time: '12/May/2024', uri_domain: 'http://shop.example' }])
})

test('a stanza that is not there or extracts nothing is refused', async () => {
  const said = async (spl: string) => (await searchWith(spl, { transforms })).error
  expect(await said('* | extract pair')).toMatch(
    /no stanza \[pair\] in transforms.conf. Did you mean "pairs"/,
  )
  expect(await said('* | extract nothing')).toMatch(/\[nothing\] of transforms.conf extracts nothing/)
  expect(await said('* | extract lost')).toMatch(/\[lost\] of transforms.conf extracts nothing/)
  expect(await said('* | extract pairs kvdelim=":"')).toMatch(/either delimiters or a stanza/)
})

test('a value that holds a delimiter of names and values is left out', async () => {
  const input = [{ _raw: 'Host: shop.example;Referer: https://buttercup.example' }]
  const { rows } = await searchWith('* | extract pairdelim=";" kvdelim=":"', {}, input)
  expect(rows).toEqual([{ Host: 'shop.example' }])
})
