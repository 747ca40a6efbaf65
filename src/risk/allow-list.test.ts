import { describe, expect, test } from 'vitest'
import type { Detection } from '../content/detection.ts'
import type { Finding } from '../detect/finding.ts'
import { type AllowEntry, AllowList, readAllowList } from './allow-list.ts'

const now = Date.parse('2026-06-15T12:00:00Z') / 1000
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 1000

function read(text: string, name = 'allow.csv'): readonly AllowEntry[] {
  const result = readAllowList({ name, text }, 'UTC')
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'))
  return result.entries
}

const finding = (row: Finding['row'], name = 'Odd Logon', score = 70): Finding => ({
  finding: 'f',
  detection: { id: 'id-1', name, version: 1, type: 'TTP', path: 'd.yml' },
  count: 1,
  severity: 'high',
  risk: {
    message: '',
    objects: [{ field: 'dest', object: 'pc1', type: 'system', score }],
    threat_objects: [],
  },
  annotations: {
    ...{ mitre_attack: [], tactics: [], kill_chain_phases: [] },
    ...{ nist: [], cis20: [], cve: [], analytic_story: [] },
  },
  row,
  events: [],
  drilldowns: [],
})

describe('what an entry fits', () => {
  const fits = (csv: string, row: Finding['row']): boolean =>
    new AllowList(read(`detection,field,value,until,reason\n${csv}`), now).apply(finding(row)) !== undefined

  test.each([
    ['odd logon,,,,x', {}, true],
    ['id-1,,,,x', {}, true],
    ['Odd*,user,svc_*,,x', { user: 'SVC_backup' }, true],
    ['Other,,,,x', {}, false],
    [',user,svc_*,,x', { user: 'ann' }, false],
    [',user,*,,x', {}, false],
    [',src,10.0.0.0/8,,x', { src: '10.1.2.3' }, true],
    [',src,10.0.0.0/8,,x', { src: '11.1.2.3' }, false],
    [',risk_object,PC1,,x', {}, true],
    [',__proto__,*,,x', {}, false],
    // One of several values does not make the others harmless.
    [',user,svc_*,,x', { user: ['svc_a', 'mallory'] }, false],
    [',user,svc_*,,x', { user: ['svc_a', 'svc_b'] }, true],
  ] as const)('%s on %j: %s', (csv, row, expected) => {
    expect(fits(csv, row as unknown as Finding['row'])).toBe(expected)
  })
})

test('a finding is left out or lowered, entries count what they did, and an expired one does nothing', () => {
  const list = new AllowList(
    read(`detection,field,value,until,reason,multiply,ticket
,user,svc_*,2026-06-15,Backup,,T-1
,user,svc_old,2026-06-14,Migration,,
,dest,lab-*,,Lab,0.5,
Nobody,,,,Gone,,
`),
    now,
  )
  expect(list.apply(finding({ user: 'svc_old' }))).toMatchObject({
    kind: 'left out',
    entry: { reason: 'Backup' },
  })
  const lowered = list.apply(finding({ dest: 'lab-1' }))
  expect(lowered).toMatchObject({
    kind: 'lowered',
    finding: {
      severity: 'low',
      risk: { objects: [{ object: 'pc1', score: 35, base_score: 70 }] },
      allowed: { entry: 'allow.csv, row 3', reason: 'Lab', multiply: 0.5 },
    },
  })
  expect(list.apply(finding({ user: 'ann' }))).toBeUndefined()
  const ran = [{ id: 'id-1', name: 'Odd Logon' } as Detection]
  expect(
    list.uses(ran).map(({ findings, isExpired, fitsNoDetection }) => [findings, isExpired, fitsNoDetection]),
  ).toEqual([
    [1, false, false],
    [1, true, false],
    [1, false, false],
    [0, false, true],
  ])
})

test('a day counts to its end, in the time zone of the searches', () => {
  const expiry = (until: string, zone: string): number | undefined => {
    const result = readAllowList({ name: 'a.csv', text: `detection,until,reason\nx,${until},y\n` }, zone)
    return result.ok ? result.entries[0]!.expires : undefined
  }
  expect(expiry('2026-06-15', 'UTC')).toBe(day('2026-06-16'))
  expect(expiry('2026-06-15', 'Europe/Berlin')).toBe(day('2026-06-16') - 7200)
  expect(expiry('2026-06-15T18:00:00Z', 'Europe/Berlin')).toBe(day('2026-06-15') + 18 * 3600)
  expect(expiry('soon', 'UTC')).toBeUndefined()
  expect(expiry('-7d', 'UTC')).toBeUndefined()
})

test('YAML says the same, with several values and several fields', () => {
  const entries = read(
    `allow:
- detection: [Odd Logon, 'Even *']
  where: {user: [svc_a, svc_b], dest: lab-*}
  until: 2026-12-31
  reason: Lab
  multiply: 0.25
- {field: src, value: 10.0.0.0/8, reason: Scanner}
`,
    'allow.yml',
  )
  expect(entries).toMatchObject([
    {
      origin: 'allow.yml, entry 1',
      detections: ['Odd Logon', 'Even *'],
      multiply: 0.25,
      until: '2026-12-31',
    },
    { origin: 'allow.yml, entry 2', detections: [], reason: 'Scanner' },
  ])
  expect([...entries[0]!.where]).toEqual([
    ['user', ['svc_a', 'svc_b']],
    ['dest', ['lab-*']],
  ])
  expect([...entries[1]!.where]).toEqual([['src', ['10.0.0.0/8']]])
})

test.each([
  ['detection,untill,reason\nx,2020-01-01,y', 'allow.csv: unknown column "untill". Did you mean "until"?'],
  ['detection,field,value\nx,,', 'allow.csv has no column "reason"'],
  ['detection,field,value,reason\n,,,why', 'so it would allow everything'],
  ['detection,field,value,reason\nx,,,', 'allow.csv, row 1: "reason" is empty'],
  ['detection,field,value,reason\n,user,,why', 'the field "user" has no "value"'],
  ['detection,field,value,reason\n,,ann,why', '"value" has no "field"'],
  ['detection,until,reason\nx,next week,why', '"until" needs a day or time'],
  ['detection,multiply,reason\nx,-1,why', '"multiply" needs a number'],
])('a list that is not clear is refused: %j', (text, message) => {
  expect(() => read(text)).toThrow(message)
})

test('a misspelt key in YAML is refused, as is a file of another kind', () => {
  expect(() => read('allow:\n- {detection: x, reason: y, untl: 2020-01-01}', 'a.yml')).toThrow(
    'a.yml: unknown key "allow[].untl".',
  )
  expect(() => read('', 'allow.txt')).toThrow('ends neither in .csv nor in .yml')
})
