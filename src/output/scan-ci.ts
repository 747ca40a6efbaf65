// A scan's findings in the formats of CI systems and code scanners: SARIF, where a detection is a rule, and JUnit, where it
// is a test that passes when it stays silent.

import type { Finding, Severity } from '../detect/finding.ts'
import type { EventReference } from '../value/batch.ts'
import type { ReportData, ReportedRun } from './html/report-data.ts'
import { type JunitCase, junitXml } from './junit.ts'
import { type SarifResult, sarifLog } from './sarif.ts'

/** Of a finding so many events are shown as places. */
const mostPlaces = 20

/** Of a detection so many findings are shown; all are counted. */
const mostDetails = 50

const sarifLevels: Readonly<Record<Severity, SarifResult['level']>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  informational: 'note',
}

/** The findings as a SARIF log: a rule per detection, a result per finding, its events as places. */
export function scanSarif({ program, findings }: ReportData): string {
  const rules = new Map(findings.map(({ detection: { id, name } }) => [id, { id, summary: name }]))
  return sarifLog(
    program,
    [...rules.values()],
    findings.map((finding) => ({
      ruleId: finding.detection.id,
      level: sarifLevels[finding.severity],
      message: summaryOf(finding),
      events: finding.events.slice(0, mostPlaces),
      subject: finding.finding,
    })),
  )
}

/** The detections as JUnit tests: one that has findings fails, one that did not run is skipped. */
export function scanJunit({ program, runs, findings }: ReportData): string {
  const byDetection = new Map<string, Finding[]>()
  for (const finding of findings) {
    const known = byDetection.get(finding.detection.id)
    if (known === undefined) byDetection.set(finding.detection.id, [finding])
    else known.push(finding)
  }
  const cases = runs.map((run) => junitCase(run, byDetection.get(run.detection.id) ?? []))
  return junitXml(program, [{ name: 'detections', cases }])
}

function junitCase({ detection, status, reason }: ReportedRun, findings: readonly Finding[]): JunitCase {
  const names = { name: `${detection.name} v${detection.version}`, classname: detection.path }
  if (status !== 'ran')
    return { ...names, result: { kind: 'skipped', message: `${status}: ${reason ?? 'no reason given'}` } }
  if (findings.length === 0) return { ...names, result: { kind: 'passed' } }
  const lines = findings
    .slice(0, mostDetails)
    .map((finding) => `${summaryOf(finding)}\n  ${placesOf(finding)}`)
  if (findings.length > mostDetails) lines.push(`and ${findings.length - mostDetails} more`)
  return {
    ...names,
    result: {
      kind: 'failed',
      message: findings.length === 1 ? '1 finding' : `${findings.length} findings`,
      details: lines.join('\n'),
    },
  }
}

function summaryOf({ detection, time, risk, severity }: Finding): string {
  const objects = risk.objects.map(({ object, score }) => `${object} (${score})`).join(', ')
  const parts = [risk.message || detection.name, objects, time ?? '', severity]
  return parts.filter((part) => part !== '').join('; ')
}

function placesOf({ events }: Finding): string {
  const shown = events.slice(0, mostPlaces).map(({ file, record }: EventReference) => `${file} ${record}`)
  return [...shown, ...(events.length > mostPlaces ? ['…'] : [])].join(', ')
}
