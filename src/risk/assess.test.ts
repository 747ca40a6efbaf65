import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadContent } from '../content/load.ts'
import type { Value } from '../value/value.ts'
import { assessor } from './assess.ts'

const row = (values: Record<string, Value>): Map<string, Value> => new Map(Object.entries(values))

test('a row of the seed analytic becomes the finding of the contract', async () => {
  const { detections } = await loadContent([fileURLToPath(new URL('../../packs/content', import.meta.url))])
  const [v3, v1] = detections
  const assess = assessor({ now: 0, timeZone: 'UTC' })
  const values = {
    EventCode: '4104',
    ScriptBlockText: 'x',
    Computer: 'pc-1',
    user_id: 'S-1-5-18',
    count: 2,
    firstTime: '2021-11-15T14:19:27',
    lastTime: '2021-11-15T14:20:00',
  }
  const events = [{ file: 'a.evtx', record: 'record 7' }]
  const finding = assess({ detection: v3!, row: row(values), events })
  expect(JSON.parse(JSON.stringify(finding))).toEqual({
    finding: expect.stringMatching(/^[0-9a-f]{32}$/),
    detection: {
      id: 'fa1c3040-4680-11ec-a618-3e22fbd008af',
      name: 'Remote Process Instantiation via DCOM and PowerShell Script Block',
      version: 3,
      type: 'TTP',
      path: 'detections/endpoint/remote_process_instantiation_via_dcom_and_powershell_script_block.yml',
    },
    time: '2021-11-15T14:20:00.000Z',
    first: '2021-11-15T14:19:27.000Z',
    last: '2021-11-15T14:20:00.000Z',
    count: 2,
    severity: 'high',
    risk: {
      message: 'A process was started on a remote endpoint from pc-1 by abusing WMI using PowerShell.exe',
      objects: [{ field: 'Computer', object: 'pc-1', type: 'system', score: 63 }],
      threat_objects: [],
    },
    annotations: {
      mitre_attack: ['T1021', 'T1021.003'],
      tactics: ['Lateral Movement'],
      kill_chain_phases: ['Exploitation'],
      nist: ['DE.CM'],
      cis20: ['CIS 10'],
      cve: [],
      analytic_story: ['Active Directory Lateral Movement'],
    },
    row: { ...values, count: '2' },
    events,
    drilldowns: [
      {
        name: 'View the detection results for - "pc-1" and "S-1-5-18"',
        search: `${v3!.search.text} | search  Computer = "pc-1" user_id = "S-1-5-18"`,
        earliest: '1636985967',
        latest: '1636986001',
      },
    ],
  })

  const same = assess({
    detection: v3!,
    row: row(Object.fromEntries(Object.entries(values).reverse())),
    events: [],
  })
  expect(same.finding).toBe(finding.finding)
  expect(assess({ detection: v3!, row: row({ ...values, count: 3 }), events }).finding).not.toBe(
    finding.finding,
  )
  expect(assess({ detection: v1!, row: row(values), events }).finding).not.toBe(finding.finding)
})

test('hostile names and times do no harm', async () => {
  const { detections } = await loadContent([fileURLToPath(new URL('../../packs/content', import.meta.url))])
  const values = new Map<string, Value>([
    ['__proto__', 'x'],
    ['toString', 'y'],
    ['_time', 1e300],
    ['gone', undefined],
  ])
  const finding = assessor({ now: 0, timeZone: 'UTC' })({
    detection: detections[0]!,
    row: values,
    events: [],
  })
  expect(finding.time).toBeUndefined()
  expect(Object.keys(finding.row)).toEqual(['__proto__', 'toString', '_time'])
  expect(JSON.parse(JSON.stringify(finding)).finding).toBe(finding.finding)
})
