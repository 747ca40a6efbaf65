import { expect, test } from 'vitest'
import type { Value } from '../value/value.ts'
import { noEntities, readEntityLists } from './entity-list.ts'
import { entityTables } from './entity-tables.ts'

const tables = entityTables(
  readEntityLists(
    [
      {
        name: 'a',
        csv: `ip,mac,nt_host,dns,owner,priority,category,bunit,requires_av,rack
10.0.0.5|10.9.0.0/16,,DC01|DC01-OLD,dc01.corp.example,ann,critical,server|pci,IT,true,r1
10.0.0.0/8,,,,,low,office,,,
,00:25:bc:42:f4:60,KIOSK,,,,,,,`,
      },
    ],
    [
      {
        name: 'i',
        csv: 'identity,email,category,watchlist,managedBy\nann|S-1-5-21-1,ann.a@corp.example,privileged,true,bo\n__proto__,,guest,,',
      },
    ],
  ),
)

function look(table: string, inputs: Record<string, Value>, output: string): readonly unknown[] {
  const found = tables.get(table)!.match(Object.entries(inputs), undefined)
  return found.map((match) => match.get(output))
}

test('an asset is found by any of its names, in upper or lower case, and gives all of them', () => {
  for (const asset of ['dc01', 'DC01-old', 'dc01.corp.example', '10.0.0.5'])
    expect(look('asset_lookup_by_str', { asset }, 'asset')).toEqual([
      ['10.0.0.5', 'DC01', 'DC01-OLD', 'dc01.corp.example'],
    ])
  expect(look('asset_lookup_by_str', { nt_host: 'DC01' }, 'priority')).toEqual(['critical'])
  expect(look('asset_lookup_by_str', { asset: 'kiosk' }, 'mac')).toEqual(['00:25:bc:42:f4:60'])
  expect(look('asset_lookup_by_str', { asset: 'dc01' }, 'asset_tag')).toEqual([
    ['server', 'pci', 'IT', 'requires_av'],
  ])
  expect(look('asset_lookup_by_str', { asset: 'dc01' }, 'rack')).toEqual(['r1'])
  expect(look('asset_lookup_by_str', { asset: ['pc9', 'kiosk'] }, 'nt_host')).toEqual(['KIOSK'])
  expect(look('asset_lookup_by_str', { asset: 'nobody' }, 'asset')).toEqual([])
  expect(look('asset_lookup_by_str', { asset: undefined }, 'asset')).toEqual([])
})

test('networks are a lookup of their own, and the narrowest counts', () => {
  expect(look('asset_lookup_by_str', { asset: '10.9.1.1' }, 'asset')).toEqual([])
  expect(look('asset_lookup_by_cidr', { asset: '10.9.1.1' }, 'priority')).toEqual(['critical'])
  expect(look('asset_lookup_by_cidr', { ip: '10.8.1.1' }, 'category')).toEqual(['office'])
  expect(look('asset_lookup_by_cidr', { asset: '192.168.0.1' }, 'category')).toEqual([])
})

test('an identity is found by account, SID, address and what stands before the @; several columns all have to fit', () => {
  for (const identity of ['ann', 's-1-5-21-1', 'ANN.A@corp.example', 'ann.a'])
    expect(look('identity_lookup_expanded', { identity }, 'managedBy')).toEqual(['bo'])
  const sid = (category: string) =>
    look('identity_lookup_expanded', { category, identity: 'S-1-5-21-1' }, 'identity_tag')
  expect(sid('privileged')).toEqual([['privileged', 'watchlist']])
  expect(sid('guest')).toEqual([])
  expect(look('identity_lookup_expanded', { identity: '__proto__' }, 'category')).toEqual(['guest'])
})

test('rows hold every column; without lists the lookups are there and empty', () => {
  const { fields, rows } = tables.get('identity_lookup_expanded')!
  expect([...rows()].map((row) => row[fields.indexOf('identity')])).toEqual([
    ['ann', 'S-1-5-21-1', 'ann.a@corp.example', 'ann.a'],
    '__proto__',
  ])
  const empty = entityTables(noEntities).get('asset_lookup_by_str')!
  expect([...empty.rows()]).toEqual([])
  expect(empty.fields).toContain('should_timesync')
})

test('the key of an entry stays the same whatever the order and case of its names', () => {
  const key = (csv: string): unknown =>
    [
      ...entityTables(readEntityLists([{ name: 'a', csv }], []))
        .get('asset_lookup_by_str')!
        .rows(),
    ][0]![0]
  expect(key('nt_host,dns\nPC1,pc1.example')).toBe(key('dns,nt_host,owner\nPC1.example,pc1,ann'))
})
