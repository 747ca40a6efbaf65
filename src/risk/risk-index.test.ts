import { expect, test } from 'vitest'
import type { Detection } from '../content/detection.ts'
import { readDetection } from '../content/escu-yaml.ts'
import { parseYamlFile } from '../content/yaml-file.ts'
import type { Value } from '../value/value.ts'
import { assessor } from './assess.ts'
import { bundledAttackTable } from './attack.ts'
import { byTime, rankEntities } from './entities.ts'
import { readEntityLists } from './entity-list.ts'
import { knownEntities } from './known-entities.ts'
import { eventEnvelope, notableEvent, riskEvents } from './risk-index.ts'
import { throttle } from './throttle.ts'

function detection(type: string, more = ''): Detection {
  const text = `name: Odd "Name"
id: i
type: ${type}
description: What it is about
search: index=main
rba:
  message: seen on $dest$
  risk_objects:
  - {field: dest, type: system, score: 40}
  - {field: user, type: user, score: 30}
  threat_objects:
  - {field: src, type: ip_address}
tags:
  analytic_story: [Story A, Story B]
  mitre_attack_id: [T1021.003, T1059]
  security_domain: endpoint
${more}`
  const read = readDetection(parseYamlFile('d.yml', text).file!, 'd.yml')
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'))
  return read.item
}

const entities = knownEntities(
  readEntityLists([{ name: 'a', csv: 'nt_host,priority,category\nPC1,critical,x|y' }], []),
)
const assess = assessor({ now: 0, timeZone: 'UTC' }, { entities })
const found = (type: string, values: Record<string, Value>) => {
  const of = detection(type)
  return {
    detection: of,
    finding: assess({ detection: of, row: new Map(Object.entries(values)), events: [] }),
  }
}
const attack = bundledAttackTable()
const row = {
  _time: 1000.5,
  dest: ['pc1.corp.example', 'PC2'],
  user: 'ann',
  src: '10.0.0.1',
  source: 'XmlWinEventLog:Security',
  index: 'main',
  __proto__x: 'kept',
}

test('each risk object of a finding is an event of the risk index, with the fields of Enterprise Security', () => {
  const events = riskEvents(found('Anomaly', row), attack)
  expect(events.map((event) => [event.get('risk_object'), event.get('risk_object_type')])).toEqual([
    ['pc1.corp.example', 'system'],
    ['PC2', 'system'],
    ['ann', 'user'],
  ])
  const { _raw, annotations, risk_event_id, ...first } = Object.fromEntries(events[0]!)
  expect(first).toEqual({
    _time: 1000.5,
    index: 'risk',
    source: 'ESCU - Odd "Name" - Rule',
    search_name: 'ESCU - Odd "Name" - Rule',
    sourcetype: 'stash',
    savedsearch_description: 'What it is about',
    severity: 'low',
    analyticstories: ['Story A', 'Story B'],
    'annotations._all': [
      'Story A',
      'Story B',
      'CIS 10',
      'Exploitation',
      'Installation',
      'T1021.003',
      'T1059',
      'DE.AE',
    ],
    'annotations._frameworks': ['analytic_story', 'cis20', 'kill_chain_phases', 'mitre_attack', 'nist'],
    'annotations.analytic_story': ['Story A', 'Story B'],
    'annotations.cis20': 'CIS 10',
    'annotations.kill_chain_phases': ['Exploitation', 'Installation'],
    'annotations.nist': 'DE.AE',
    'annotations.mitre_attack': ['T1021.003', 'T1059'],
    'annotations.mitre_attack.mitre_technique_id': ['T1021.003', 'T1059'],
    'annotations.mitre_attack.mitre_technique': [
      'Distributed Component Object Model',
      'Command and Scripting Interpreter',
    ],
    'annotations.mitre_attack.mitre_tactic': ['execution', 'lateral-movement'],
    'annotations.mitre_attack.mitre_tactic_id': ['TA0002', 'TA0008'],
    risk_object: 'pc1.corp.example',
    risk_object_field: 'dest',
    risk_object_type: 'system',
    normalized_risk_object: 'pc1',
    risk_score: 40,
    risk_factor_mult: 1.5,
    risk_factor_add: 0,
    calculated_risk_score: 60,
    risk_message: 'seen on pc1.corp.example\nPC2',
    risk_object_priority: 'critical',
    risk_object_category: ['x', 'y'],
    threat_object: '10.0.0.1',
    threat_object_type: 'ip_address',
    dest: ['pc1.corp.example', 'PC2'],
    user: 'ann',
    src: '10.0.0.1',
    orig_time: '1000.5',
    orig_source: 'XmlWinEventLog:Security',
    orig_index: 'main',
    __proto__x: 'kept',
  })
  expect(JSON.parse(String(annotations))['nist']).toEqual(['DE.AE'])
  expect(risk_event_id).toMatch(/^[0-9a-f]{32}-0$/)
  expect(_raw).toContain(
    '1000, search_name="ESCU - Odd \\"Name\\" - Rule", orig_time="1000.5", dest="pc1.corp.example", dest="PC2"',
  )
})

test('findings for people leave a notable event; anomalies and hunts leave none', () => {
  const notable = (type: string) => notableEvent(found(type, row), attack)
  expect(notable('Anomaly')).toBeUndefined()
  expect(notable('Hunting')).toBeUndefined()
  expect(notable('TTP')?.get('rule_title')).toBe('Odd "Name"')
  expect(notable('Correlation')?.get('rule_title')).toBe('RBA: Odd "Name"')
  expect(notable('TTP')?.get('index')).toBe('notable')
  expect(riskEvents(found('Correlation', row), attack)).toEqual([])
})

test('an event is written as HTTP Event Collector takes it', () => {
  const line = eventEnvelope(riskEvents(found('TTP', row), attack)[2]!)
  const { time, index, source, sourcetype, event, fields } = JSON.parse(line)
  expect([time, index, source, sourcetype]).toEqual([1000.5, 'risk', 'ESCU - Odd "Name" - Rule', 'stash'])
  expect(event).toMatch(/^1000, search_name=/)
  expect(fields).toMatchObject({ risk_object: 'ann', risk_score: '30', dest: ['pc1.corp.example', 'PC2'] })
})

test('throttling lets the first of the same values through and silences the others within the period', () => {
  const findings = [130, 100, 159, 160, undefined, 400].map(
    (time) => found('TTP', { _time: time, dest: 'PC2' }).finding,
  )
  const others = [{ ...found('TTP', { _time: 101, dest: 'PC3' }).finding }]
  const kept = throttle([...findings, ...others], { fields: ['dest'], seconds: 60 })
  expect(kept.map(({ row: { _time, dest } }) => [_time, dest])).toEqual([
    ['100', 'PC2'],
    ['101', 'PC3'],
    ['160', 'PC2'],
    ['400', 'PC2'],
  ])
})

test('entities are ranked by incidents, then by score, and known by one name', () => {
  const incident = found('Correlation', {
    risk_object: 'PC1.corp.example',
    normalized_risk_object: 'pc1',
    risk_object_type: 'system',
    lastTime: 3000,
  })
  const findings = [
    found('Anomaly', { _time: 2000, dest: 'PC2', user: 'ann' }),
    found('Anomaly', { _time: 1000, dest: ['PC2', 'pc2'] }),
    found('TTP', { _time: 500, dest: 'pc1' }),
    incident,
    found('Hunting', { dest: 'nobody' }),
  ].map(({ finding }) => finding)
  const ranked = rankEntities(findings)
  expect(ranked.map(({ name, type, score, incidents }) => [name, type, score, incidents])).toEqual([
    ['PC1', 'system', 60, 1],
    ['PC2', 'system', 120, 0],
    ['ann', 'user', 30, 0],
  ])
  expect(ranked[0]).toMatchObject({
    first: '1970-01-01T00:08:20.000Z',
    last: '1970-01-01T00:50:00.000Z',
    tactics: ['Execution', 'Lateral Movement'],
    known: { priority: 'critical' },
  })
  expect(ranked[1]!.findings.map(({ score, finding }) => [score, finding.row['_time']])).toEqual([
    [80, '1000'],
    [40, '2000'],
  ])
  expect(findings.toSorted(byTime).at(-1)!.detection.type).toBe('Hunting')
})
