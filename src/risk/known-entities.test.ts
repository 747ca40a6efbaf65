import { expect, test } from 'vitest'
import type { RiskObject } from '../detect/finding.ts'
import { EntityListError, readKnownEntities } from './known-entities.ts'

const assets = `ip,mac,nt_host,dns,owner,priority,bunit,category
10.1.2.3|10.0.5.0-10.0.5.9,,DC01,dc01.corp.example,ann,critical,IT,domain_controller|server
192.168.0.0/16,,,,,low,,lab
,00:25:bc:42:f4:60,KIOSK,,,medium,,`
const identities = `identity,email,priority,category,watchlist,risk_factor_mult
ann|ann.admin,ann@corp.example,high,administrator,,
bob,,medium,contractor,true,
svc_scan,,,,,0`

const known = readKnownEntities(
  [{ name: 'assets.csv', csv: assets }],
  [{ name: 'identities.csv', csv: identities }],
)
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
  expect(() => readKnownEntities([{ name: 'a.csv', csv: 'host,prio\nx,high' }], [])).toThrow(
    new EntityListError(
      'a.csv has none of the columns ip, mac, nt_host, dns; its first line is "host,prio".',
    ),
  )
  expect(() =>
    readKnownEntities([], [{ name: 'i.csv', csv: 'identity,risk_factor_add\na,1\nb,much' }]),
  ).toThrow(new EntityListError('i.csv, row 2: "risk_factor_add" needs a number, found "much".'))
})
