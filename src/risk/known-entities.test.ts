import { expect, test } from 'vitest'
import type { RiskObject } from '../detect/finding.ts'
import { type EntityFile, EntityListError, readEntityLists } from './entity-list.ts'
import { knownEntities } from './known-entities.ts'
import { type RiskFactor, readRiskFactors } from './risk-factors.ts'

const assets = `ip,mac,nt_host,dns,owner,priority,bunit,category
10.1.2.3|10.0.5.0-10.0.5.9,,DC01,dc01.corp.example,ann,critical,IT,domain_controller|server
192.168.0.0/16,,,,,low,,lab
,00:25:bc:42:f4:60,KIOSK,,,medium,,`
const identities = `identity,email,priority,category,watchlist,risk_factor_mult
ann|ann.admin,ann@corp.example,high,administrator,,
bob,,medium,contractor,true,
svc_scan,,,,,0`

const files = (name: string, ...csv: readonly string[]): EntityFile[] =>
  csv.map((text) => ({ name, csv: text }))
const known = knownEntities(readEntityLists(files('assets.csv', assets), files('identities.csv', identities)))
const scored = (type: RiskObject['type'], object: string): readonly unknown[] => {
  const { score, known: entity } = known.apply({ field: 'f', object, type, score: 40 })
  return [score, entity?.name]
}

test.each([
  ['system', 'dc01', [60, 'DC01']],
  ['system', 'DC01.other.example', [60, 'DC01']],
  ['system', '10.1.2.3', [60, 'DC01']],
  ['system', '10.0.5.7', [60, 'DC01']],
  ['system', '10.0.5.10', [40, undefined]],
  ['system', '192.168.7.7', [30, '192.168.0.0/16']],
  ['system', 'kiosk', [40, 'KIOSK']],
  ['system', '__proto__', [40, undefined]],
  // Assets are systems; an account of the same name is somebody else.
  ['user', 'DC01', [40, undefined]],
  ['user', 'CORP\\Ann', [75, 'ann']],
  ['user', 'ann@corp.example', [75, 'ann']],
  ['user', 'bob', [65, 'bob']],
  ['user', 'svc_scan', [0, 'svc_scan']],
  ['other', 'ann', [40, undefined]],
] as const)('%s %s has score and name %j', (type, object, expected) => {
  expect(scored(type, object)).toEqual(expected)
})

test('an object in a list keeps its own score beside the changed one', () => {
  expect(known.apply({ field: 'dest', object: 'dc01', type: 'system', score: 10 })).toEqual({
    field: 'dest',
    object: 'dc01',
    type: 'system',
    score: 15,
    known: {
      name: 'DC01',
      priority: 'critical',
      category: ['domain_controller', 'server'],
      owner: 'ann',
      bunit: 'IT',
      base_score: 10,
      multiply: 1.5,
      add: 0,
    },
  })
})

test('a list without naming columns, or with a factor that is no number, is refused', () => {
  const reading = (assetList: string, identityList: string) => () =>
    knownEntities(
      readEntityLists(
        assetList === '' ? [] : files('a.csv', assetList),
        identityList === '' ? [] : files('i.csv', identityList),
      ),
    )
  expect(reading('host,prio\nx,high', '')).toThrow(
    new EntityListError(
      'a.csv has none of the columns ip, mac, nt_host, dns; its first line is "host,prio".',
    ),
  )
  expect(reading('', 'identity,risk_factor_add\na,1\nb,much')).toThrow(
    new EntityListError('i.csv, row 2: "risk_factor_add" needs a number, found "much".'),
  )
})

test('rows that share a name are about the same one, over lists; what is no value joins nobody', () => {
  const { assets: merged, ownColumns } = readEntityLists(
    files(
      'a',
      'ip,nt_host,priority,category,rack\n10.0.0.1|10.0.0.2,PC1,high,web,r1\nunknown,PC2,,n/a,\nunknown,PC3,,,',
      'dns,ip,priority,category,Rack\npc1.example,10.0.0.2,low,pci|web,r2',
    ),
    [],
  )
  expect(merged.map(({ fields }) => Object.fromEntries(fields))).toEqual([
    {
      ip: ['10.0.0.1', '10.0.0.2'],
      nt_host: ['PC1'],
      dns: ['pc1.example'],
      priority: ['high'],
      category: ['web', 'pci'],
      rack: ['r1'],
    },
    { nt_host: ['PC2'] },
    { nt_host: ['PC3'] },
  ])
  expect(ownColumns.asset).toEqual(['rack'])
})

test('of networks that hold an address the narrowest says what it is', () => {
  const nets = knownEntities(
    readEntityLists(
      files('a', 'ip,priority\n10.0.0.0/8,low\n10.1.0.0/16,critical\n10.1.0.7-10.1.0.9,high'),
      [],
    ),
  )
  const score = (object: string) => nets.apply({ field: 'f', object, type: 'system', score: 40 }).score
  expect(['10.2.0.1', '10.1.2.3', '10.1.0.8'].map(score)).toEqual([30, 60, 50])
})

const factors = (text: string): readonly RiskFactor[] => {
  const read = readRiskFactors('f.yml', text)
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'))
  return read.item
}

test("factors of one's own look at any column, and the default ones can be left out", () => {
  const lists = readEntityLists(
    files('a', 'nt_host,priority,owner,category,site\nPC1,critical,Ann,lab|x,HQ'),
    [],
  )
  const score = (text: string): number =>
    knownEntities(lists, factors(text)).apply({ field: 'f', object: 'pc1', type: 'system', score: 40 }).score
  const ours =
    'factors:\n- {name: a, list: assets, when: {owner: [bob, ann], site: h*}, multiply: 2, add: 5}\n'
  expect(score(ours)).toBe(125)
  expect(score(`defaults: false\n${ours}`)).toBe(85)
  expect(score('factors:\n- {name: a, when: {category: lab}, multiply: 0}')).toBe(0)
  expect(score('defaults: no\nfactors:\n- {name: a, when: {category: lab}, add: -100}')).toBe(0)
  expect(score('factors:\n- {name: a, list: identities, when: {category: lab}, multiply: 0}')).toBe(60)
  expect(() => factors('factors:\n- {name: a, when: {}, multiply: many}')).toThrow(
    '"factors[0].when" must name a column',
  )
})
