// An incident over a real recording: sAMAccountName spoofing (CVE-2021-42278 and 42287) against a domain controller, with
// Splunk's own detections. None of them is critical; together they pass the threshold.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { Finding } from '../src/detect/finding.ts'
import { openKarst } from '../src/engine/engine.ts'
import { rankEntities } from '../src/risk/entities.ts'

const corpus = resolve(import.meta.dirname, '../../shared/corpus')
const recording = resolve(
  corpus,
  'evtx/Privilege Escalation/samaccount_spoofing_CVE-2021-42287_CVE-2021-42278_DC_securitylogs.evtx',
)
/** What is done to forge the account, step by step. */
const names = [
  'Suspicious Computer Account Name Change',
  'Windows Computer Account Created by Computer Account',
  'Windows Computer Account With SPN',
]
if (!existsSync(recording))
  console.warn('SKIPPED: ../shared is missing, so no incident was looked for in real recordings')

test.skipIf(!existsSync(recording))('the risk of a domain controller adds up to an incident', async () => {
  const karst = await openKarst({ content: [resolve(corpus, 'escu')], incidents: true, now: 1_700_000_000 })
  const findings: Finding[] = []
  const detections = [...names, 'Risk Incident - Score Above 100 Within 24 Hours']
  await karst.scan([recording], { detections }, { onFinding: (finding) => findings.push(finding) })
  const incident = findings.find(({ detection }) => detection.name.includes('Score Above 100'))!
  expect(incident.row).toMatchObject({ risk_object: '01566s-win16-ir.threebeesco.com', risk_score: '164' })
  expect(incident.row['source']).toEqual(names.map((name) => `ESCU - ${name} - Rule`))
  expect(incident.severity).toBe('high')
  expect(incident.events.length).toBeGreaterThan(0)
  const [first] = rankEntities(findings)
  expect(first).toMatchObject({ name: '01566s-win16-ir.threebeesco.com', score: 164 })
  expect(first!.incidents).toBe(1)
})
