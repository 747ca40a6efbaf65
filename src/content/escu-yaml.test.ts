import { describe, expect, test } from 'vitest'
import type { Detection } from './detection.ts'
import { readDetection } from './escu-yaml.ts'
import { parseYamlFile } from './yaml-file.ts'

const head =
  'name: Test Detection\nid: 00000000-0000-0000-0000-000000000001\nversion: 2\ntype: TTP\nsearch: index=main\n'

function read(text: string) {
  return readDetection(parseYamlFile('detections/x.yml', text).file!, 'detections/x.yml')
}

function detection(text: string): Detection {
  const result = read(text)
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'))
  return result.item
}

const problems = (text: string): string[] => {
  const result = read(text)
  return result.ok ? [] : result.diagnostics.map(({ message }) => message)
}

test('little is needed; the rest is empty', () => {
  const { search, place, ...rest } = detection(head)
  expect(search.text).toBe('index=main')
  expect(place?.(['version']).span.start).toBe(head.indexOf('2\n'))
  expect(rest).toEqual({
    id: '00000000-0000-0000-0000-000000000001',
    name: 'Test Detection',
    version: 2,
    type: 'TTP',
    date: '',
    author: '',
    status: 'production',
    description: '',
    dataSources: [],
    howToImplement: '',
    knownFalsePositives: '',
    references: [],
    drilldowns: [],
    tags: {
      analyticStories: [],
      mitreAttackIds: [],
      cve: [],
      products: [],
      requiredFields: [],
      atomicGuids: [],
    },
    tests: [],
    path: 'detections/x.yml',
    file: 'detections/x.yml',
  })
})

test('data sources joined with AND are needed together', () => {
  const sources = 'data_source:\n- Sysmon EventID 1 AND Sysmon EventID 3\n- CrowdStrike ProcessRollup2\n'
  expect(detection(head + sources).dataSources).toEqual([
    ['Sysmon EventID 1', 'Sysmon EventID 3'],
    ['CrowdStrike ProcessRollup2'],
  ])
})

test('tests, drilldowns and throttling are read', () => {
  const result = detection(`${head}tests:
- name: True Positive Test
  attack_data:
  - data: https://example.org/a.log
    source: s
    sourcetype: st
    custom_index: i
- name: Near misses
  attack_data: [{data: b.log}]
  must_not_fire: true
- name: Exact rows
  attack_data: [{data: a.log}]
  expected_rows:
  - {dest: ' pc ', count: 2, user: [a, b], gone: ''}
drilldown_searches:
- name: View $dest$
  search: '%original_detection_search% | search dest = $dest$'
tags:
  throttling:
    fields: [dest, user]
    period: 24h
`)
  expect(result.tests).toEqual([
    {
      name: 'True Positive Test',
      attackData: [{ data: 'https://example.org/a.log', source: 's', sourcetype: 'st', customIndex: 'i' }],
      mustNotFire: false,
    },
    {
      name: 'Near misses',
      attackData: [{ data: 'b.log', source: '', sourcetype: '' }],
      mustNotFire: true,
    },
    {
      name: 'Exact rows',
      attackData: [{ data: 'a.log', source: '', sourcetype: '' }],
      mustNotFire: false,
      expectedRows: [
        new Map([
          ['dest', [' pc ']],
          ['count', ['2']],
          ['user', ['a', 'b']],
          ['gone', ['']],
        ]),
      ],
    },
  ])
  expect(result.drilldowns).toEqual([
    {
      name: 'View $dest$',
      search: '%original_detection_search% | search dest = $dest$',
      earliest: '$info_min_time$',
      latest: '$info_max_time$',
    },
  ])
  expect(result.throttling).toEqual({ fields: ['dest', 'user'], seconds: 86400 })
})

describe('risk of the older form', () => {
  const tags = (observables: string): string =>
    `${head}tags:\n  impact: 90\n  confidence: 70\n  risk_score: 1\n  message: On $dest$\n  observable:\n${observables}`
  const observable = (name: string, type: string, role: string): string =>
    `  - name: ${name}\n    type: ${type}\n    role:\n    - ${role}\n`

  test('every victim takes the computed score, attackers become threats, everything else is other', () => {
    const { risk } = detection(
      tags(
        observable('user', 'User', 'Victim') +
          observable('mail', 'Email Address', 'Victim') +
          observable('dest', 'Endpoint', 'Victim') +
          observable('src', 'IP Address', 'Victim') +
          observable('name', 'User Name', 'Victim') +
          observable('file', 'File Name', 'Victim') +
          observable('process', 'Process', 'Attacker') +
          observable('process_name', 'Process Name', 'Attacker') +
          observable('file_hash', 'File Hash', 'Attacker') +
          observable('src_ip', 'IP Address', 'Attacker') +
          observable('url', 'URL String', 'Attacker') +
          observable('src_user', 'User', 'Attacker') +
          observable('thing', 'Unknown', 'Other'),
      ),
    )
    expect(risk).toEqual({
      message: 'On $dest$',
      objects: [
        { field: 'user', type: 'user', score: 63 },
        { field: 'mail', type: 'user', score: 63 },
        { field: 'dest', type: 'system', score: 63 },
        { field: 'src', type: 'system', score: 63 },
        { field: 'name', type: 'other', score: 63 },
        { field: 'file', type: 'other', score: 63 },
        { field: 'src_user', type: 'other', score: 63 },
        { field: 'thing', type: 'other', score: 63 },
      ],
      threatObjects: [
        { field: 'process', type: 'process' },
        { field: 'process_name', type: 'process' },
        { field: 'file_hash', type: 'file_name' },
        { field: 'src_ip', type: 'ip_address' },
        { field: 'url', type: 'url' },
      ],
    })
  })

  test('without impact and confidence the stated score counts', () => {
    const text = `${head}tags:\n  risk_score: 25.0\n  message: m\n  observable:\n${observable('dest', 'Hostname', 'Victim')}`
    expect(detection(text).risk?.objects).toEqual([{ field: 'dest', type: 'system', score: 25 }])
  })

  test('without any score there is no risk', () => {
    expect(detection(`${head}tags:\n  message: m\n`).risk).toBeUndefined()
  })
})

test('the rba block wins over the older form', () => {
  const { risk, tags } = detection(`${head}tags:
  impact: 10
  confidence: 10
  message: old
rba:
  message: new $dest$
  risk_objects:
  - field: dest
    type: system
    score: 63
  threat_objects:
  - field: process_name
    type: process_name
`)
  expect(risk).toEqual({
    message: 'new $dest$',
    objects: [{ field: 'dest', type: 'system', score: 63 }],
    threatObjects: [{ field: 'process_name', type: 'process_name' }],
  })
  expect(tags.impact).toBe(10)
})

describe('what is wrong is said with what, where and what to do', () => {
  test.each([
    ['id: 1\ntype: TTP\nsearch: x\n', 'detections/x.yml: the detection has no "name".'],
    [
      head.replace('TTP', 'TPT'),
      'detections/x.yml: "type" must be one of TTP, Anomaly, Hunting, Correlation, found "TPT".',
    ],
    [
      head.replace('version: 2', 'version: two'),
      'detections/x.yml: "version" must be a whole number, found "two".',
    ],
    [head.replace('index=main', '" "'), 'detections/x.yml: "search" must not be empty.'],
    [
      `${head}tags:\n  impact: 900\n`,
      'detections/x.yml: "tags.impact" must be a number from 0 to 100, found "900".',
    ],
    [`${head}tags: [a]\n`, 'detections/x.yml: "tags" must be a map of keys and values.'],
    [`${head}references:\n- a: b\n`, 'detections/x.yml: "references[0]" must be a text.'],
    [
      `${head}rba:\n  message: m\n  risk_objects:\n  - field: f\n    type: host\n    score: 5\n`,
      'detections/x.yml: "rba.risk_objects[0].type" must be one of system, user, other, found "host".',
    ],
  ])('%#', (text, message) => {
    expect(problems(text)).toEqual([message])
  })

  test('a type in other capitals is understood', () => {
    expect(detection(head.replace('TTP', 'hunting')).type).toBe('Hunting')
  })

  test('keys that are not known are named, wherever they are', () => {
    const result = read(`${head}serach: y\ntags:\n  mitre_atack_id: [T1]\ntests:\n- name: t\n  data: u\n`)
    expect(result.ok && result.unknownKeys.map(({ key }) => key)).toEqual([
      'serach',
      'tags.mitre_atack_id',
      'tests[].data',
    ])
  })
})
