import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Value } from '../value/value.ts'
import { parseConf } from './conf-file.ts'
import { collectLookups, lookupDefinitions, lookupTable, readLookupDefinition } from './lookups.ts'

const table = (csv: string, settings: Record<string, string> = {}) =>
  lookupTable(
    readLookupDefinition('t', new Map(Object.entries({ filename: 't.csv', ...settings })), 'test')!,
    csv,
  )

const values = (
  csv: string,
  inputs: Record<string, Value>,
  output: string,
  settings: Record<string, string> = {},
  time?: number,
): string[] =>
  table(csv, settings)
    .match(Object.entries(inputs), time)
    .map((match) => String(match.get(output)!))

test('header and cells are trimmed, short rows are filled', () => {
  const users = table('name, role\r\n alice , admin \r\nbob')
  expect(users.fields).toEqual(['name', 'role'])
  expect([...users.rows()]).toEqual([
    ['alice', 'admin'],
    ['bob', ''],
  ])
})

test('all rows that fit are given in table order, up to max_matches', () => {
  const csv = 'k,v\na,1\nb,2\na,3'
  expect(values(csv, { k: 'a' }, 'v')).toEqual(['1', '3'])
  expect(values(csv, { k: 'a' }, 'v', { max_matches: '1' })).toEqual(['1'])
})

test('case counts unless case_sensitive_match is false', () => {
  expect(values('k,v\nAbc,1', { k: 'aBC' }, 'v')).toEqual([])
  expect(values('k,v\nAbc,1', { k: 'aBC' }, 'v', { case_sensitive_match: 'false' })).toEqual(['1'])
})

test('too few matches are filled with default_match, but not for a field that is missing', () => {
  const settings = { min_matches: '1', default_match: 'false' }
  expect(values('k,v\na,1', { k: 'z' }, 'v', settings)).toEqual(['false'])
  expect(values('k,v\na,1', { k: undefined }, 'v', settings)).toEqual([])
})

test('a multivalue field matches by any of its values', () => {
  expect(values('k,v\na,1\nb,2\nc,3', { k: ['c', 'a'] }, 'v')).toEqual(['1', '3'])
})

test('wildcards in cells match at any place, literal cells among them, in table order', () => {
  const csv = String.raw`k,v
*,all
*.dyndns.org,suffix
C:\Windows\*,prefix
*mimi*katz*,inner
exact.exe,literal
*a*,short`
  const wild = (value: string): string[] =>
    values(csv, { k: value }, 'v', { match_type: 'WILDCARD(k)', case_sensitive_match: 'false' })
  expect(wild('evil.DynDNS.org')).toEqual(['all', 'suffix'])
  expect(wild(String.raw`c:\windows\system32\x.dll`)).toEqual(['all', 'prefix'])
  expect(wild('xmimixkatzx')).toEqual(['all', 'inner', 'short'])
  expect(wild('exact.exe')).toEqual(['all', 'literal', 'short'])
  expect(wild('')).toEqual(['all'])
})

test('several columns are matched together, each in its own way', () => {
  const csv =
    'lib,excl,net,v\na.dll,*system32*,10.0.0.0/8,1\na.dll,*syswow64*,10.1.0.0/16,2\nb.dll,*,0.0.0.0/0,3'
  const settings = { match_type: 'WILDCARD(excl),CIDR(net)' }
  expect(values(csv, { lib: 'a.dll', excl: 'c:/system32/x', net: '10.1.2.3' }, 'v', settings)).toEqual(['1'])
  expect(values(csv, { net: '10.1.2.3' }, 'v', settings)).toEqual(['1', '2', '3'])
  expect(values(csv, { lib: 'b.dll', net: 'not an address' }, 'v', settings)).toEqual([])
})

test('IPv6 networks and mapped addresses match', () => {
  const settings = { match_type: 'CIDR(n)' }
  expect(values('n,v\n2001:db8::/32,6\n10.0.0.0/8,4', { n: '2001:db8::1' }, 'v', settings)).toEqual(['6'])
  expect(values('n,v\n2001:db8::/32,6\n10.0.0.0/8,4', { n: '::ffff:10.1.1.1' }, 'v', settings)).toEqual(['4'])
})

test('a time-based lookup gives the latest row that is not after the event', () => {
  const csv = 't,ip,mac\n100,1,a\n200,1,b\n300,1,c'
  const settings = { time_field: 't', max_offset_secs: '150' }
  expect(values(csv, { ip: '1' }, 'mac', settings, 250)).toEqual(['b'])
  expect(values(csv, { ip: '1' }, 'mac', settings, 99)).toEqual([])
  expect(values(csv, { ip: '1' }, 'mac', settings, 1000)).toEqual([])
  expect(values(csv, { ip: '1' }, 'mac', { ...settings, max_matches: '5' }, 249)).toEqual(['b', 'a'])
})

test('an input that is no column of the table is refused by name', () => {
  expect(() => values('a,b\n1,2', { c: '1' }, 'b')).toThrow(
    'The lookup "t" has no field "c". Its fields are "a", "b".',
  )
})

test('a wildcard index over 90,000 rows answers at once', () => {
  const domains = Array.from(
    { length: 90_000 },
    (_, row) => `*.host${row}-${(row * 7919) % 1000}.example${row % 50}.net*,${row}`,
  )
  const big = table(`d,v\n${domains.join('\n')}`, {
    match_type: 'WILDCARD(d)',
    case_sensitive_match: 'false',
  })
  const ask = (value: string): string[] =>
    big.match([['d', value]], undefined).map((match) => String(match.get('v')!))
  expect(ask('www.host4711-409.example11.net')).toEqual(['4711'])
  const start = performance.now()
  for (let round = 0; round < 1000; round++) ask(`www.host${round}-nothing.example${round % 50}.org`)
  expect((performance.now() - start) / 1000).toBeLessThan(0.5)
})

test('lookups are found by definition and by file, and say why they are missing', () => {
  const definitions = [
    readLookupDefinition('users', new Map([['filename', 'users.csv']]), 'transforms.conf')!,
    readLookupDefinition(
      'seen',
      new Map([
        ['collection', 'seen'],
        ['fields_list', '_key, host'],
      ]),
      'seen.yml',
    )!,
    readLookupDefinition('gone', new Map([['filename', 'gone.csv']]), 'transforms.conf')!,
    readLookupDefinition('dns', new Map([['external_cmd', 'dns.py host']]), 'transforms.conf')!,
  ]
  const lookups = collectLookups({ definitions, folders: [], texts: new Map([['users.csv', 'a,b\n1,2']]) })
  expect(lookups.get('users')?.fields).toEqual(['a', 'b'])
  expect(lookups.get('users.csv')?.fields).toEqual(['a', 'b'])
  expect(lookups.get('seen')?.fields).toEqual(['_key', 'host'])
  expect(lookups.problem?.('seen')).toContain('KV store collection "seen", which has no data here')
  expect(lookups.problem?.('gone')).toBe(
    'The file "gone.csv" of the lookup "gone" (transforms.conf) was not found.',
  )
  expect(lookups.problem?.('dns')).toContain('runs the program "dns.py host"')
  expect(lookups.problem?.('never')).toBe('The lookup "never" is not defined.')
  expect(lookups.write).toBeUndefined()
})

const replacing = { append: false, allowUpdates: true }
const appending = { append: true, allowUpdates: true }

test('a written lookup can be read again, and appending keeps earlier rows', () => {
  const writeFolder = mkdtempSync(join(tmpdir(), 'karst-lookups-'))
  const lookups = collectLookups({ definitions: [], folders: [], writeFolder })
  lookups.write!('seen.csv', ['a', 'b'], [['1', 'x, "y"']], replacing)
  lookups.write!('seen.csv', ['b', 'c'], [['2', '3']], appending)
  expect([...lookups.get('seen.csv')!.rows()]).toEqual([
    ['1', 'x, "y"'],
    ['', '2'],
  ])
  expect(() => lookups.write!('..', ['a'], [['1']], replacing)).toThrow('A lookup cannot be called "..".')
  expect(readFileSync(join(writeFolder, 'seen.csv'), 'utf8')).toBe('a,b\n1,"x, ""y"""\n,2\n')
})

test('a collection has the fields of its definition, whatever was written into it', () => {
  const writeFolder = mkdtempSync(join(tmpdir(), 'karst-lookups-'))
  const settings = new Map([
    ['collection', 'seen'],
    ['fields_list', '_key, host, first'],
  ])
  const definitions = [readLookupDefinition('seen', settings, 'transforms.conf')!]
  const lookups = collectLookups({ definitions, folders: [], writeFolder })
  lookups.write!('seen', [], [], replacing)
  expect(lookups.get('seen')!.fields).toEqual(['_key', 'host', 'first'])
  lookups.write!('seen', ['host'], [['a']], replacing)
  expect(lookups.get('seen')!.match([['host', 'a']], undefined)).toEqual([
    new Map([
      ['host', 'a'],
      ['_key', '000000000000000000000001'],
      ['first', ''],
    ]),
  ])
})

test('a time-based lookup minds both offsets, and reads times in the zone of the run', () => {
  const csv = 'ip,user,at\n10.0.0.1,ann,2021-11-15 12:00:00\n10.0.0.1,bob,2021-11-15 13:00:00'
  const settings = { time_field: 'at', time_format: '%Y-%m-%d %H:%M:%S' }
  const at = (iso: string): number => Date.parse(iso) / 1000
  const user = (iso: string, more: Record<string, string> = {}): string[] =>
    values(csv, { ip: '10.0.0.1' }, 'user', { ...settings, ...more }, at(iso))
  expect(user('2021-11-15T12:30:00Z')).toEqual(['ann'])
  expect(user('2021-11-15T13:00:00Z')).toEqual(['bob'])
  expect(user('2021-11-15T13:00:30Z', { min_offset_secs: '60' })).toEqual(['ann'])
  expect(user('2021-11-15T14:00:00Z', { max_offset_secs: '1800' })).toEqual([])
  expect(user('2021-11-15T14:00:00Z', { max_matches: '5' })).toEqual(['bob', 'ann'])
  const definition = readLookupDefinition('t', new Map(Object.entries({ filename: 't', ...settings })), 'x')!
  const berlin = lookupTable(definition, csv, 'Europe/Berlin')
  expect(berlin.match([['ip', '10.0.0.1']], at('2021-11-15T11:30:00Z'))[0]!.get('user')).toBe('ann')
})

test('a collection is read from what its store gives as JSON; a list matches by any of its values', () => {
  const collection = { collection: 'assets', fields_list: '_key, ip, owner.name, tags' }
  const json = JSON.stringify([
    { _key: '1', ip: ['10.0.0.1', '10.0.0.2'], owner: { name: 'ann' }, tags: ['a', 'b'], extra: 5 },
    { _key: '2', ip: '10.0.0.2', owner: null, tags: [] },
  ])
  const lines = json.slice(1, -1).replace('},{', '}\n{')
  for (const text of [json, lines]) {
    const assets = table(text, collection)
    expect(assets.fields).toEqual(['_key', 'ip', 'owner.name', 'tags', 'extra'])
    expect([...assets.rows()]).toEqual([
      ['1', ['10.0.0.1', '10.0.0.2'], 'ann', ['a', 'b'], '5'],
      ['2', '10.0.0.2', '', '', ''],
    ])
    const keys = (ip: string): unknown[] =>
      assets.match([['ip', ip]], undefined).map((match) => match.get('_key'))
    expect(keys('10.0.0.1')).toEqual(['1'])
    expect(keys('10.0.0.2')).toEqual(['1', '2'])
    expect(keys('10.0.0.3')).toEqual([])
  }
  const wild = table('[{"p": ["a*", "*z"], "v": "1"}]', { match_type: 'WILDCARD(p)' })
  expect(wild.match([['p', 'abcz']], undefined)).toHaveLength(1)
})

test('a collection whose definition lists no fields has those of collections.conf', () => {
  const conf = (text: string) => parseConf(text, 'x.conf', () => {})
  const [definition] = lookupDefinitions(
    conf('[assets]\nexternal_type = kvstore\ncollection = assets_kv'),
    conf('[assets_kv]\nfield.ip = string\nfield.count = number\nenforceTypes = true'),
    () => {},
  )
  expect(definition!.fields).toEqual(['_key', 'ip', 'count'])
})

test('files of collections and packed files are found; what cannot be unpacked is said', () => {
  const folder = mkdtempSync(join(tmpdir(), 'karst-lookups-'))
  writeFileSync(join(folder, 'assets_kv.json'), '[{"ip": "10.0.0.1", "owner": "ann"}]')
  writeFileSync(join(folder, 'big.csv.gz'), gzipSync('k,v\na,1\n'))
  writeFileSync(join(folder, 'bad.csv.gz'), Buffer.from('1f8b0800000000', 'hex'))
  const lookups = collectLookups({
    definitions: [readLookupDefinition('assets', new Map([['collection', 'assets_kv']]), 'x')!],
    folders: [folder],
  })
  expect([...lookups.get('assets')!.rows()]).toEqual([['10.0.0.1', 'ann']])
  expect([...lookups.get('big.csv.gz')!.rows()]).toEqual([['a', '1']])
  expect(lookups.get('bad.csv.gz')).toBeUndefined()
  expect(lookups.problem?.('bad.csv.gz')).toMatch(/bad\.csv\.gz" of the lookup .* could not be read/)
})
