// Findings in the formats of rows: objects as they are for programs, a table and the entities by risk for people.

import { type Finding, type Severity, severities } from '../detect/finding.ts'
import { byIncidentRisk, incidentSubjects, isIncident, rankEntities } from '../risk/entities.ts'
import { csvLine, csvLineVerbatim } from './csv.ts'
import type { RowFormat } from './rows.ts'
import { paintSeverity } from './terminal/colors.ts'
import { drawTable } from './terminal/table.ts'

export interface FindingWriter {
  finding(finding: Finding): void
  /** @param incidents what Karst's own rules made of the findings; people get to see it, programs where they asked */
  end(incidents?: readonly Finding[]): void
}

export interface FindingWriterOptions {
  readonly columns: number
  readonly hasColor: boolean
}

/** Makes a writer of findings. `table` keeps them until the end, to show the most serious first. */
export function findingWriter(
  format: RowFormat,
  write: (text: string) => void,
  options: FindingWriterOptions,
): FindingWriter {
  switch (format) {
    case 'ndjson':
      return { finding: (finding) => write(`${JSON.stringify(finding)}\n`), end: () => {} }
    case 'json': {
      let count = 0
      return {
        finding: (finding) => write(`${count++ === 0 ? '[\n' : ',\n'}${JSON.stringify(finding)}`),
        end: () => write(count === 0 ? '[]\n' : '\n]\n'),
      }
    }
    case 'csv':
    case 'csv-verbatim': {
      const line = format === 'csv' ? csvLine : csvLineVerbatim
      write(line(csvColumns.map(([name]) => name)))
      return {
        finding: (finding) => write(line(csvColumns.map(([, cell]) => cell(finding)))),
        end: () => {},
      }
    }
    case 'table': {
      const findings: Finding[] = []
      return {
        finding: (finding) => findings.push(finding),
        end: (incidents = []) => {
          for (const line of drawFindings(findings, incidents, options)) write(`${line}\n`)
        },
      }
    }
  }
}

/** The columns of a findings CSV. `row` is JSON: detections have columns of their own. */
const csvColumns: readonly (readonly [name: string, cell: (finding: Finding) => string])[] = [
  ['finding', ({ finding }) => finding],
  ['time', ({ time }) => time ?? ''],
  ['severity', ({ severity }) => severity],
  ['risk_score', (finding) => String(highestScore(finding))],
  ['detection', ({ detection }) => detection.name],
  ['detection_id', ({ detection }) => detection.id],
  ['version', ({ detection }) => String(detection.version)],
  ['type', ({ detection }) => detection.type],
  ['risk_objects', ({ risk }) => risk.objects.map(({ object }) => object).join('\n')],
  ['message', ({ risk }) => risk.message],
  ['mitre_attack', ({ annotations }) => annotations.mitre_attack.join('\n')],
  ['tactics', ({ annotations }) => annotations.tactics.join('\n')],
  ['first', ({ first }) => first ?? ''],
  ['last', ({ last }) => last ?? ''],
  ['count', ({ count }) => String(count)],
  ['events', ({ events }) => events.map(({ file, record }) => `${file}: ${record}`).join('\n')],
  ['row', ({ row }) => JSON.stringify(row)],
]

const highestScore = ({ risk }: Finding): number => Math.max(0, ...risk.objects.map(({ score }) => score))

/** Whom a finding is about: its risk objects, or the one that an incident sums up. */
const concerned = (finding: Finding): string[] => [
  ...new Set([...finding.risk.objects, ...incidentSubjects(finding).slice(0, 1)].map(({ object }) => object)),
]

/** The same detection on the same objects with the same message is one line, with the earliest of them. */
interface Line {
  readonly finding: Finding
  readonly count: number
}

function drawFindings(
  findings: readonly Finding[],
  ownIncidents: readonly Finding[],
  { columns, hasColor }: FindingWriterOptions,
): string[] {
  if (findings.length === 0) return ['No findings.']
  const incidents = together([...findings.filter(isIncident), ...ownIncidents].sort(byIncidentRisk))
  const lines = together(findings.filter((finding) => !isIncident(finding))).sort(bySeverityThenTime)
  const paint = (cell: string, column: string): string =>
    hasColor && column === 'severity' ? paintSeverity(cell, cell.trim() as Severity) : cell
  const table = (
    title: string,
    names: readonly string[],
    rows: readonly (readonly string[])[],
    wrapsLast = false,
  ): string[] => {
    if (rows.length === 0) return []
    // A column that says nothing takes room from those that do.
    const used = names.flatMap((_, column) => (rows.some((row) => row[column] !== '') ? [column] : []))
    const cells = rows.map((row) => used.map((column) => row[column]!))
    const headings = used.map((column) => names[column]!)
    return ['', title, ...drawTable(headings, cells, { columns, paint, wrapsLast })]
  }
  const shown = [
    ...(columns < wideEnough
      ? table('Findings', ['severity', 'risk', 'count', 'time', 'finding'], lines.map(shortRow), true)
      : table(
          'Findings',
          ['severity', 'risk', 'count', 'time', 'detection', 'objects', 'message'],
          lines.map(findingRow),
        )),
    ...table(
      'Incidents',
      ['severity', 'count', 'time', 'incident'],
      incidents.slice(0, shownIncidents).map(incidentRow),
      true,
    ),
    ...(incidents.length > shownIncidents
      ? [
          `and ${incidents.length - shownIncidents} more; html, markdown and --incidents -o ndjson list them all`,
        ]
      : []),
    ...table(
      'Entities by risk',
      ['risk', 'type', 'entity', 'findings', 'incidents', 'tactics'],
      rankEntities([...findings, ...ownIncidents]).map(
        ({ score, type, name, raising, incidents: sums, tactics }) => [
          String(score),
          type,
          name,
          String(raising),
          sums === 0 ? '' : String(sums),
          columns < wideEnough ? String(tactics.length) : tactics.join(', '),
        ],
      ),
    ),
  ]
  return shown.slice(1)
}

/** Those with the most risk tell where to begin; what comes after the first screen is for documents. */
const shownIncidents = 20

function together(findings: readonly Finding[]): Line[] {
  const lines = new Map<string, Line>()
  for (const finding of findings) {
    const { detection, severity, risk, time } = finding
    const key = JSON.stringify([detection.id, detection.version, severity, concerned(finding), risk.message])
    const known = lines.get(key)
    if (known === undefined) lines.set(key, { finding, count: 1 })
    else {
      const isEarlier = (time ?? '~') < (known.finding.time ?? '~')
      lines.set(key, { finding: isEarlier ? finding : known.finding, count: known.count + 1 })
    }
  }
  return [...lines.values()]
}

const findingRow = ({ finding, count }: Line): string[] => [
  finding.severity,
  finding.risk.objects.length === 0 ? '' : String(highestScore(finding)),
  count === 1 ? '' : String(count),
  shownTime(finding.time),
  `${finding.detection.name} (v${finding.detection.version})`,
  concerned(finding).join(', '),
  finding.risk.message,
]

/** Below so many columns, message and objects would be cut to a few letters. */
const wideEnough = 120

/** Detection and objects in one column, which goes on in further lines; the message is left to wider outputs. */
const shortRow = (line: Line): string[] => {
  const [severity = '', risk = '', count = '', time = '', detection = '', objects = ''] = findingRow(line)
  return [severity, risk, count, time.slice(0, 16), objects === '' ? detection : `${detection}: ${objects}`]
}

const incidentRow = ({ finding, count }: Line): string[] => [
  finding.severity,
  count === 1 ? '' : String(count),
  shownTime(finding.last ?? finding.time),
  finding.risk.message || finding.detection.name,
]

/** To the second: what is more exact is in the other formats. */
const shownTime = (time: string | undefined): string =>
  time === undefined ? '' : `${time.slice(0, 19).replace('T', ' ')}`

const bySeverityThenTime = ({ finding: a }: Line, { finding: b }: Line): number =>
  severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
  (a.time ?? '').localeCompare(b.time ?? '') ||
  a.finding.localeCompare(b.finding)
