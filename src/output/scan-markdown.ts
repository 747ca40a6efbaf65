// The findings of a scan in Markdown: for a ticket, a pull request, a case file.

import { type Finding, severities } from '../detect/finding.ts'
import { type AllowUse, allowEffect } from '../risk/allow-list.ts'
import { byIncidentRisk, byTime, type Entity, isIncident, rankEntities } from '../risk/entities.ts'
import { plural, shownNumber, shownTime } from './html/format.ts'
import type { ReportData } from './html/report-data.ts'
import { section } from './markdown.ts'

/** Draws the tables of a scan; the counts at the top tell of all, the tables say when they do not. */
export function scanMarkdown(data: ReportData): string {
  const { findings, runs, files, events, program } = data
  const everything = [...findings, ...data.incidents.map(({ finding }) => finding)]
  const entities = rankEntities(everything)
  const incidents = everything.filter(isIncident).sort(byIncidentRisk)
  const others = findings
    .filter((finding) => !isIncident(finding))
    .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || byTime(a, b))
  const failed = runs.filter(({ status }) => status !== 'ran')
  const counts = severities.toReversed().flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [`${shownNumber(count)} ${severity}`]
  })
  return [
    '# Scan report',
    `${plural(findings.length, 'finding')}${counts.length === 0 ? '' : ` (${counts.join(', ')})`} in ${plural(events, 'event')} of ${plural(files.length, 'file')}; ${shownNumber(runs.length - failed.length)} of ${plural(runs.length, 'detection')} ran. Times are UTC. Made by ${program}.`,
    ...section('Incidents', ['time', 'severity', 'incident', 'detection'], incidents.map(incidentRow)),
    ...section(
      'Entities by risk',
      ['risk', 'entity', 'type', 'findings', 'tactics', 'first', 'last'],
      entities.map(entityRow),
    ),
    ...section(
      'Findings',
      ['time', 'severity', 'detection', 'objects', 'message', 'ATT&CK'],
      others.map(findingRow),
    ),
    ...section(
      'Allowed',
      ['findings', 'effect', 'until', 'reason', 'entry'],
      data.allowed.filter(({ findings: count }) => count > 0).map(allowedRow),
    ),
    ...section(
      'Detections that did not run',
      ['detection', 'status', 'reason'],
      failed.map(({ detection, status, reason }) => [
        `${detection.name} v${detection.version}`,
        status,
        reason?.split('\n')[0] ?? '',
      ]),
    ),
    ...section(
      'Evidence that could not be read in full',
      ['file', 'state', 'reason'],
      files
        .filter(
          ({ status, damageCount }) => damageCount > 0 || !['read', 'empty', 'stopped'].includes(status),
        )
        .map(({ name, status, reason, damages }) => [name, status, reason ?? damages[0]?.reason ?? '']),
    ),
  ]
    .join('\n\n')
    .concat('\n')
}

const timeCell = (time: string | undefined): string =>
  time === undefined ? '' : shownTime(time).slice(0, 19)

const incidentRow = ({ last, time, severity, risk, detection }: Finding): string[] => [
  timeCell(last ?? time),
  severity,
  risk.message,
  detection.name,
]

const entityRow = ({ score, name, type, raising, tactics, first, last }: Entity): string[] => [
  shownNumber(score),
  name,
  type,
  shownNumber(raising),
  tactics.join(', '),
  timeCell(first),
  timeCell(last),
]

const findingRow = ({ time, severity, detection, risk, annotations }: Finding): string[] => [
  timeCell(time),
  severity,
  detection.name,
  [...new Set(risk.objects.map(({ object }) => object))].join(', '),
  risk.message,
  annotations.mitre_attack.join(', '),
]

const allowedRow = (use: AllowUse): string[] => [
  shownNumber(use.findings),
  allowEffect(use),
  use.entry.until ?? '',
  use.entry.reason,
  use.entry.origin,
]
