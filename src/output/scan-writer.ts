// The formats of `scan -o`: those of rows, which are written as findings come, and documents, which are written at the end.

import type { Finding } from '../detect/finding.ts'
import { bundledAttackTable } from '../risk/attack.ts'
import { type DetectedFinding, eventEnvelope, notableEvent, riskEvents } from '../risk/risk-index.ts'
import { type FindingWriterOptions, findingWriter } from './findings.ts'
import { renderReport } from './html/report.ts'
import type { ReportData } from './html/report-data.ts'
import { navigatorLayer } from './navigator.ts'
import { rowFormats } from './rows.ts'
import { scanJunit, scanSarif } from './scan-ci.ts'
import { scanMarkdown } from './scan-markdown.ts'
import { timesketchLines } from './timesketch.ts'

export const scanFormats = [
  ...rowFormats, 'html', 'markdown', 'navigator', 'timesketch', 'risk', 'sarif', 'junit',
] as const // biome-ignore format: a list
export type ScanFormat = (typeof scanFormats)[number]

/** Formats that need all findings at once. */
export const isDocument = (format: ScanFormat): boolean =>
  ['html', 'markdown', 'navigator', 'sarif', 'junit'].includes(format)

export interface ScanWriter {
  finding(found: DetectedFinding): void
  /** Writes what must wait for the end of the scan. */
  end(data: ReportData): void
}

/** Makes a writer of a scan's findings. */
export function scanWriter(
  format: ScanFormat,
  write: (text: string) => void,
  options: FindingWriterOptions,
): ScanWriter {
  const atEnd = (render: (data: ReportData) => string): ScanWriter => ({
    finding: () => {},
    end: (data) => write(render(data)),
  })
  const perFinding = (render: (found: DetectedFinding) => string): ScanWriter => ({
    finding: (found) => write(render(found)),
    end: () => {},
  })
  switch (format) {
    case 'html':
      return atEnd(renderReport)
    case 'markdown':
      return atEnd(scanMarkdown)
    case 'navigator':
      return atEnd(hitLayer)
    case 'sarif':
      return atEnd(scanSarif)
    case 'junit':
      return atEnd(scanJunit)
    case 'timesketch':
      return perFinding(({ finding }) => timesketchLines(finding))
    case 'risk': {
      const attack = bundledAttackTable()
      return perFinding((found) => {
        const notable = notableEvent(found, attack)
        const events = [...riskEvents(found, attack), ...(notable === undefined ? [] : [notable])]
        return events.map(eventEnvelope).join('')
      })
    }
    default: {
      const writer = findingWriter(format, write, options)
      return {
        finding: ({ finding }) => writer.finding(finding),
        end: ({ incidents }) => writer.end(incidents.map((one) => one.finding)),
      }
    }
  }
}

/** A Navigator layer of the techniques that were found; the score is the number of findings. */
function hitLayer({ findings, program, made }: ReportData): string {
  const hits = new Map<string, Finding[]>()
  for (const finding of findings)
    for (const id of finding.annotations.mitre_attack) hits.set(id, [...(hits.get(id) ?? []), finding])
  return navigatorLayer({
    name: `Findings of ${new Date(made).toISOString().slice(0, 10)}`,
    description: `Techniques that detections found; the score is the number of findings. Made by ${program}.`,
    techniques: [...hits].map(([id, found]) => ({
      id,
      score: found.length,
      comment: [...new Set(found.map(({ detection }) => detection.name))].sort().join('\n'),
    })),
  })
}
