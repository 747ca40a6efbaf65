// Findings in the formats of rows: objects as they are for programs, a table and the entities by risk for people.

import { type Finding, type Severity, severities } from '../detect/finding.ts'
import { incidentSubjects, rankEntities } from '../risk/entities.ts'
import { csvLine, csvLineVerbatim } from './csv.ts'
import type { RowFormat } from './rows.ts'
import { paintSeverity } from './terminal/colors.ts'
import { drawTable } from './terminal/table.ts'

export interface FindingWriter {
  finding(finding: Finding): void
  end(): void
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
        end: () => {
          for (const line of drawFindings(findings, options)) write(`${line}\n`)
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

const headings = ['severity', 'risk', 'time', 'detection', 'objects', 'message'] as const

function drawFindings(findings: readonly Finding[], { columns, hasColor }: FindingWriterOptions): string[] {
  if (findings.length === 0) return ['No findings.']
  const sorted = findings.toSorted(bySeverityThenTime)
  const rows = sorted.map((finding) => [
    finding.severity,
    finding.detection.type === 'Correlation' ? '' : String(highestScore(finding)),
    finding.time?.replace(/\.000Z$/, 'Z') ?? '',
    `${finding.detection.name} (v${finding.detection.version})`,
    concerned(finding).join(', '),
    finding.risk.message,
  ])
  const paint = (cell: string, column: string): string =>
    hasColor && column === 'severity' ? paintSeverity(cell, cell.trim() as Severity) : cell
  const table = drawTable(headings, rows, { columns, paint })
  const ranking = drawRanking(findings, columns)
  return ranking.length === 0 ? table : [...table, '', 'Entities by risk', ...ranking]
}

const rank = ({ severity }: Finding): number => severities.indexOf(severity)

const bySeverityThenTime = (a: Finding, b: Finding): number =>
  rank(b) - rank(a) || (a.time ?? '').localeCompare(b.time ?? '') || a.finding.localeCompare(b.finding)

/** Entities with the sum of their scores: those with incidents first, then the highest. */
function drawRanking(findings: readonly Finding[], columns: number): string[] {
  const rows = rankEntities(findings).map(({ score, type, name, findings: all, incidents, tactics }) => [
    String(score),
    type,
    name,
    String(all.length),
    incidents === 0 ? '' : String(incidents),
    tactics.join(', '),
  ])
  return rows.length === 0
    ? []
    : drawTable(['risk', 'type', 'entity', 'findings', 'incidents', 'tactics'], rows, { columns })
}
