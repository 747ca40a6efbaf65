// Detections over the risk of other detections, in one scan.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding } from '../detect/finding.ts'
import { readEntityLists } from '../risk/entity-list.ts'
import { type KarstOptions, openKarst, type ScanSummary } from './engine.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karst-risk-'))
})
afterAll(() => rm(folder, { recursive: true }))

interface Rule {
  readonly type: string
  readonly search: string
  readonly score?: number
  readonly more?: string
}

const yaml = (name: string, { type, search, score = 60, more = '' }: Rule): string => `name: ${name}
id: ${name}
type: ${type}
search: '${search}'
rba:
  message: ${name} on $host_name$$risk_object$
  risk_objects: [{field: host_name, type: system, score: ${score}}]
tags:
  mitre_attack_id: [T1021.003]
  analytic_story: [A Story]
${more}`

/** Scans events with detections, each in a file of its own. */
async function scan(
  rules: Readonly<Record<string, Rule>>,
  events: readonly object[],
  options: KarstOptions = {},
): Promise<{ readonly findings: readonly Finding[]; readonly summary: ScanSummary }> {
  const here = await mkdtemp(join(folder, 'scan-'))
  const content = await Promise.all(
    Object.entries(rules).map(async ([name, rule]) => {
      const file = join(here, `${name}.yml`)
      await writeFile(file, yaml(name, rule))
      return file
    }),
  )
  const evidence = join(here, 'events.json')
  await writeFile(evidence, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  const karst = await openKarst({ now: 1_700_000_000, ...options, content })
  const findings: Finding[] = []
  const summary = await karst.scan([evidence], {}, { onFinding: (finding) => findings.push(finding) })
  return { findings, summary }
}

const day = '2023-11-10T'
const act = (time: string, host_name: string): object => ({
  event: { act: 'bad', host_name, at: time },
  time: Date.parse(`${day}${time}Z`) / 1000,
  sourcetype: '_json',
})
const events = [
  act('08:00:00', 'pc1'),
  act('09:30:00', 'PC1'),
  act('10:00:00', 'pc2'),
  act('23:00:00', 'pc1'),
]
const anomaly: Rule = { type: 'Anomaly', search: 'act=bad | table _time host_name at' }
const byDetection = (findings: readonly Finding[], name: string): Finding[] =>
  findings.filter(({ detection }) => detection.name === name)

test('a Correlation detection reads the risk that the others raised, and names the records that led to it', async () => {
  const correlation: Rule = {
    type: 'Correlation',
    search:
      '| tstats sum(All_Risk.calculated_risk_score) as risk_score values(source) as source values(All_Risk.annotations.mitre_attack.mitre_tactic) as tactic dc(source) as n from datamodel=Risk.All_Risk where All_Risk.analyticstories="A Story" by All_Risk.normalized_risk_object All_Risk.risk_object_type | rename All_Risk.* as *, normalized_risk_object as risk_object | where risk_score > 100',
  }
  const { findings, summary } = await scan({ sum: correlation, odd: anomaly }, events)
  expect(summary.outcomes.map(({ status }) => status)).toEqual(['ran', 'ran'])
  expect(byDetection(findings, 'odd')).toHaveLength(4)
  const [incident, ...more] = byDetection(findings, 'sum')
  expect(more).toEqual([])
  expect(incident!.row).toMatchObject({
    risk_object: 'pc1',
    risk_object_type: 'system',
    risk_score: '180',
    source: 'ESCU - odd - Rule',
    tactic: 'lateral-movement',
  })
  expect(incident!.risk.message).toBe('sum on $host_name$pc1')
  expect(incident!.events.map(({ record }) => record).sort()).toEqual(['line 1', 'line 2', 'line 4'])
})

test('what a TTP finds is also in the index notable; what an Anomaly finds is not', async () => {
  const { findings } = await scan(
    {
      odd: anomaly,
      ttp: { ...anomaly, type: 'TTP', search: 'act=bad host_name=pc2 | table _time host_name' },
      watch: { type: 'Correlation', search: 'index=notable | table source rule_title host_name' },
    },
    events,
  )
  expect(byDetection(findings, 'watch').map(({ row }) => row)).toEqual([
    { source: 'ESCU - ttp - Rule', rule_title: 'ttp', host_name: 'pc2' },
  ])
})

test('a search over both evidence and risk sees both; one over evidence alone runs in the first round', async () => {
  const { findings } = await scan(
    {
      odd: anomaly,
      both: {
        type: 'Correlation',
        search: '(index=main act=bad) OR index=risk | stats count by index',
      },
      plain: { type: 'Correlation', search: 'act=bad | stats count' },
    },
    events,
  )
  const counts = byDetection(findings, 'both').map(({ row }) => [row['index'], row['count']])
  expect(counts.sort()).toEqual([
    ['main', '4'],
    ['risk', '4'],
  ])
  expect(byDetection(findings, 'plain').map(({ row }) => row['count'])).toEqual(['4'])
})

test('risk events that the evidence holds count as well', async () => {
  const stash = { index: 'risk', sourcetype: 'stash', source: 'ESCU - Elsewhere - Rule', time: 1_699_600_000 }
  const { findings } = await scan(
    {
      all: { type: 'Correlation', search: 'index=risk | stats sum(risk_score) as sum by risk_object' },
      odd: anomaly,
    },
    [
      ...events.slice(2, 3),
      { ...stash, event: 'x', fields: { risk_object: 'pc9', risk_score: '7', risk_object_type: 'system' } },
    ],
  )
  expect(byDetection(findings, 'all').map(({ row }) => [row['risk_object'], row['sum']])).toEqual([
    ['pc2', '60'],
    ['pc9', '7'],
  ])
})

test('throttling silences what repeats within its period, in findings and in risk', async () => {
  const { findings, summary } = await scan(
    {
      odd: { ...anomaly, more: '  throttling:\n    fields: [host_name]\n    period: 2h\n' },
      sum: {
        type: 'Correlation',
        search: 'index=risk | stats sum(risk_score) as sum by normalized_risk_object',
      },
    },
    [act('08:00:00', 'pc1'), act('09:30:00', 'pc1'), act('23:00:00', 'pc1'), act('08:10:00', 'pc2')],
  )
  expect(byDetection(findings, 'odd').map(({ row }) => row['at'])).toEqual([
    '08:00:00',
    '08:10:00',
    '23:00:00',
  ])
  expect([...summary.throttled].map(([{ name }, count]) => [name, count])).toEqual([['odd', 1]])
  expect(byDetection(findings, 'sum').map(({ row }) => row['sum'])).toEqual(['120', '60'])
})

test("the incident rules that come with Karst find an object's risk above 100 within a day", async () => {
  const entities = readEntityLists([{ name: 'assets', csv: 'nt_host,priority\npc2,critical' }], [])
  const later = { ...act('08:00:00', 'pc1'), time: Date.parse('2023-11-14T08:00:00Z') / 1000 }
  const rules = {
    odd: anomaly,
    more: { ...anomaly, search: 'act=bad host_name=pc2 | table _time host_name' },
  }
  const { findings } = await scan(rules, [...events, later], { incidents: true, entities })
  const incidents = findings.filter(({ detection }) => detection.type === 'Correlation')
  expect(incidents.map(({ row, severity }) => [row['risk_object'], row['risk_score'], severity])).toEqual([
    ['PC1', '180', 'high'],
    ['pc2', '180', 'high'],
  ])
  expect(incidents[0]).toMatchObject({ first: `${day}08:00:00.000Z`, last: `${day}23:00:00.000Z` })
  expect(findings.find(({ row }) => row['host_name'] === 'pc2')!.risk.objects[0]).toMatchObject({
    score: 90,
    known: { base_score: 60, multiply: 1.5 },
  })
  const without = await scan(rules, events)
  expect(without.summary.outcomes).toHaveLength(2)
})

test('what the incident rules find is told apart from the findings, unless it is asked to be among them', async () => {
  const more = { ...anomaly, search: 'act=bad host_name=pc1 | table _time host_name at' }
  const { findings, summary } = await scan({ odd: anomaly, more }, events)
  expect(findings.every(({ detection }) => detection.type === 'Anomaly')).toBe(true)
  expect(summary.incidents.map(({ finding }) => finding.risk.message)).toEqual([
    'The risk of pc1 reached 360 within 24 hours, from 2 detections',
  ])
  expect(summary.outcomes.map(({ detection }) => detection.name).sort()).toEqual(['more', 'odd'])
})

test('an allow-list leaves findings out before they raise risk or silence others, and counts them', async () => {
  const throttled = { ...anomaly, more: '  throttling: {fields: [at], period: 1d}\n' }
  const entry = {
    origin: 'a.csv, row 1',
    detections: [],
    reason: 'known',
    where: new Map([['host_name', ['PC1']]]),
  }
  const here = await scan({ odd: throttled }, events, { allow: [entry] })
  expect(here.findings.map(({ row }) => row['host_name'])).toEqual(['pc2'])
  expect(here.summary.allowed).toMatchObject([{ findings: 3, isExpired: false, fitsNoDetection: false }])
  expect(here.summary.incidents).toEqual([])
})

test('searches see the lists of assets: in their lookups, by the macro, and in the fields of events', async () => {
  const entities = readEntityLists(
    [
      {
        name: 'a',
        csv: 'nt_host,ip,priority,category\npc1|PC-ONE,,critical,web|dmz\n,10.0.0.0/8,low,office',
      },
    ],
    [],
  )
  const look: Rule = {
    type: 'Hunting',
    search:
      'act=bad host_name=pc1 | head 1 | rename host_name as dest | `get_asset(dest)` | eval src="10.1.1.1" | `get_asset(src)` | table dest* src_category',
  }
  const fields: Rule = { type: 'Hunting', search: 'dest=pc1 dest_category=dmz | table dest_priority' }
  const found = await scan(
    { look, fields },
    [...events, { event: { dest: 'pc1' }, time: 1_699_000_000, sourcetype: '_json' }],
    { entities },
  )
  expect(byDetection(found.findings, 'look')[0]?.row).toMatchObject({
    dest_nt_host: ['pc1', 'PC-ONE'],
    dest_category: ['web', 'dmz'],
    src_category: 'office',
  })
  expect(byDetection(found.findings, 'fields').map(({ row }) => row)).toEqual([{ dest_priority: 'critical' }])
  expect(found.summary.unlisted).toEqual([])
  const without = await scan({ look }, events)
  expect(without.summary.unlisted).toMatchObject([
    { lookup: 'asset_lookup_by_str', option: '--assets', detections: [{ name: 'look' }] },
    { lookup: 'asset_lookup_by_cidr' },
  ])
})
