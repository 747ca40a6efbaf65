import { describe, expect, test } from 'vitest'
import type { Detection } from '../content/detection.ts'
import { readDetection } from '../content/escu-yaml.ts'
import { parseYamlFile } from '../content/yaml-file.ts'
import type { Value } from '../value/value.ts'
import { annotationsOf } from './annotations.ts'
import { bundledAttackTable, tacticsOf, techniqueOf } from './attack.ts'
import { fillDrilldowns } from './drilldowns.ts'
import { riskOfRow } from './risk-event.ts'
import { severityOf, severityOfScore } from './severity.ts'

function detection(type: string, more = ''): Detection {
  const text = `name: D\nid: i\ntype: ${type}\nsearch: index=main | table dest\n${more}`
  const read = readDetection(parseYamlFile('d.yml', text).file!, 'd.yml')
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'))
  return read.item
}

const rba = `rba:
  message: $process_name$ on $dest$
  risk_objects:
  - {field: dest, type: system, score: 40}
  - {field: user, type: user, score: 70}
  threat_objects:
  - {field: process_name, type: process_name}
`

const row = (values: Record<string, Value>): Map<string, Value> => new Map(Object.entries(values))

describe('the risk of a row', () => {
  test('one risk object per field and value; a field that is null has none', () => {
    expect(
      riskOfRow(detection('TTP', rba), row({ dest: ['a', 'b', 'a', ' '], process_name: ['x.exe', 'y.exe'] })),
    ).toEqual({
      message: 'x.exe\ny.exe on a\nb\na\n ',
      objects: [
        { field: 'dest', object: 'a', type: 'system', score: 40 },
        { field: 'dest', object: 'b', type: 'system', score: 40 },
      ],
      threat_objects: [
        { field: 'process_name', object: 'x.exe', type: 'process_name' },
        { field: 'process_name', object: 'y.exe', type: 'process_name' },
      ],
    })
  })

  test('a row overrules its detection', () => {
    const values = row({
      dest: 'a',
      risk_object: 'z',
      risk_object_type: 'user',
      risk_score: '12.5',
      risk_message: 'see $dest$',
      threat_object: ['u', 'v'],
      threat_object_type: 'url',
    })
    const risk = riskOfRow(detection('Anomaly', rba), values)
    expect(risk.message).toBe('see a')
    expect(risk.objects).toEqual([
      { field: 'risk_object', object: 'z', type: 'user', score: 12.5 },
      { field: 'risk_object', object: 'z', type: 'user', score: 12.5 },
    ])
    expect(risk.threat_objects).toEqual([
      { field: 'threat_object', object: 'u', type: 'url' },
      { field: 'threat_object', object: 'v', type: 'url' },
    ])
  })

  test.each(['Hunting', 'Correlation'])('%s raises none, but says what it found', (type) => {
    const risk = riskOfRow(detection(type, rba), row({ dest: 'a', user: 'u', process_name: 'x' }))
    expect(risk).toEqual({ message: 'x on a', objects: [], threat_objects: [] })
  })

  test('the message of version 1 keeps its stray dollar', () => {
    const tags = 'tags:\n  impact: 90\n  confidence: 70\n  message: from $ComputerName by abusing\n'
    expect(riskOfRow(detection('TTP', tags), row({ ComputerName: 'pc' })).message).toBe(
      'from $ComputerName by abusing',
    )
  })
})

test('the severity follows the highest score in bands of 20', () => {
  expect([0, 20, 21, 40, 41, 60, 61, 63, 80, 81, 100, 250].map(severityOfScore)).toEqual([
    'informational',
    'informational',
    'low',
    'low',
    'medium',
    'medium',
    'high',
    'high',
    'high',
    'critical',
    'critical',
    'critical',
  ])
  const ttp = detection('TTP', rba)
  expect(severityOf(ttp, riskOfRow(ttp, row({ dest: 'a' })))).toBe('low')
  expect(severityOf(ttp, riskOfRow(ttp, row({ dest: 'a', user: 'u' })))).toBe('high')
  // Nobody of the row takes risk, so what the detection declares counts.
  expect(severityOf(ttp, riskOfRow(ttp, row({ other: 'a' })))).toBe('high')
  const correlation = detection('Correlation')
  expect(severityOf(correlation, riskOfRow(correlation, row({})))).toBe('high')
  const hunt = detection('Hunting')
  expect(severityOf(hunt, riskOfRow(hunt, row({})))).toBe('informational')
})

describe('ATT&CK', () => {
  const attack = bundledAttackTable()

  test('the table is that of version 16.1, whole', () => {
    expect(attack.version).toBe('16.1')
    const ids = [...attack.techniques.keys()]
    expect(ids.filter((id) => !id.includes('.'))).toHaveLength(203)
    expect(ids).toHaveLength(656)
    expect(techniqueOf('T1021.003', attack)).toEqual({
      name: 'Distributed Component Object Model',
      tactics: ['Lateral Movement'],
    })
    expect(techniqueOf('T1546.017', attack)?.tactics).toEqual(['Persistence'])
  })

  test('a newer sub-technique has the tactics of its technique; an unknown one has none', () => {
    expect(techniqueOf('T1021.999', attack)?.name).toBe('Remote Services')
    expect(techniqueOf('T9999', attack)).toBeUndefined()
    expect(techniqueOf('__proto__', attack)).toBeUndefined()
  })

  test('tactics come once and in the order of the matrix', () => {
    expect(tacticsOf(['T1021', 'T1078', 'T1021.001', 'T9999'], attack)).toEqual([
      'Initial Access',
      'Persistence',
      'Privilege Escalation',
      'Defense Evasion',
      'Lateral Movement',
    ])
  })

  test('annotations that a file does not state are derived', () => {
    const ids = 'tags:\n  mitre_attack_id: [T1059.001, T1021.003]\n  security_domain: network\n'
    expect(annotationsOf(detection('Anomaly', ids), attack)).toEqual({
      mitre_attack: ['T1059.001', 'T1021.003'],
      tactics: ['Execution', 'Lateral Movement'],
      kill_chain_phases: ['Exploitation', 'Installation'],
      nist: ['DE.AE'],
      cis20: ['CIS 13'],
      cve: [],
      analytic_story: [],
    })
    const stated =
      'tags:\n  mitre_attack_id: [T1021]\n  kill_chain_phases: [Lateral Movement]\n  nist: [PR.AC]\n  cis20: [CIS 8]\n'
    expect(annotationsOf(detection('TTP', stated), attack)).toMatchObject({
      kill_chain_phases: ['Lateral Movement'],
      nist: ['PR.AC'],
      cis20: ['CIS 8'],
    })
    expect(annotationsOf(detection('TTP'), attack)).toMatchObject({
      nist: ['DE.CM'],
      cis20: ['CIS 10'],
      kill_chain_phases: [],
    })
  })
})

describe('drilldowns', () => {
  const fill = (search: string, values: Record<string, Value>, times = {}) =>
    fillDrilldowns(
      detection('TTP', `drilldown_searches:\n- name: View $dest$\n  search: ${JSON.stringify(search)}\n`),
      row(values),
      { count: 1, ...times },
      { now: 1_700_000_000, timeZone: 'UTC' },
    )[0]!

  test('tokens become quoted values, and the original search is filled in', () => {
    expect(
      fill(
        '%original_detection_search% | search  dest = $dest$ user = $user$',
        { dest: 'a', user: 'x"y\\z' },
        { first: 10.5, last: 20.5 },
      ),
    ).toEqual({
      name: 'View a',
      search: 'index=main | table dest | search  dest = "a" user = "x\\"y\\\\z"',
      earliest: '10',
      latest: '21',
    })
  })

  test('several values become a list', () => {
    const values = { dest: ['a', 'b'] }
    expect(fill('search dest = $dest$', values).search).toBe('search dest IN ("a", "b")')
    expect(fill('search dest IN ($dest$, $user$)', { ...values, user: 'u' }).search).toBe(
      'search dest IN ("a", "b", "u")',
    )
    expect(fill('search x="on $dest$"', values).search).toBe('search x="on a b"')
    expect(fill('search x', values).name).toBe('View a, b')
  })

  test('a value cannot bring SPL along', () => {
    const values = { dest: '" | delete "', user: '%original_detection_search%' }
    expect(fill('search dest=$dest$ user=$user$ "$dest$"', values).search).toBe(
      'search dest="\\" | delete \\"" user="%original_detection_search%" "\\" | delete \\""',
    )
  })

  test('without times it is all time', () => {
    expect(fill('search x', {})).toMatchObject({ earliest: '0', latest: 'now' })
  })

  test('times that count from now count from the end of the finding, and its own range is kept', () => {
    const times = { first: 1_600_000_000, last: 1_600_000_010.5 }
    expect(fill('search dest=$dest$ starthoursago=168 endhoursago=1', { dest: 'a' }, times)).toMatchObject({
      search: 'search dest="a" earliest=1599398811 latest=1600000011',
      earliest: '1599398811',
      latest: '1600000011',
    })
    expect(fill('search x earliest=-1d@d latest=now', {}, times)).toMatchObject({
      search: 'search x earliest=1599868800 latest=1600000011',
      earliest: '1599868800',
    })
    expect(fill('search x | where _time > relative_time(now(), "-1h")', {}, times).search).toBe(
      'search x | where _time > relative_time(1600000011, "-1h")',
    )
    // Texts are texts.
    expect(fill('search "earliest=-1d" ```latest=now``` note="now()"', {}, times).search).toBe(
      'search "earliest=-1d" ```latest=now``` note="now()"',
    )
  })

  test("the detection's own search counts from what the scan saw as now", () => {
    const text = 'drilldown_searches:\n- name: n\n  search: "%original_detection_search% | search x"\n'
    const own = { ...detection('TTP', text) }
    const search = { ...own.search, text: 'index=main [search index=b earliest=-1d latest=-1h | table y]' }
    const [filled] = fillDrilldowns(
      { ...own, search },
      row({}),
      { count: 1, last: 5 },
      { now: 1_000_000, timeZone: 'UTC' },
    )
    expect(filled!.search).toBe(
      'index=main [search index=b earliest=913600 latest=996400 | table y] | search x',
    )
  })
})
