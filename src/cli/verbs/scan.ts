// karst scan PATH…: runs detections over evidence and reports findings. The main job.

import { closeSync, openSync, writeSync } from 'node:fs'
import { type Finding, type Severity, severities } from '../../detect/finding.ts'
import { renderDiagnostic } from '../../diagnostics/render.ts'
import { type DetectionOutcome, openKarst, type ScanSummary } from '../../engine/engine.ts'
import { findingWriter } from '../../output/findings.ts'
import { reportLine } from '../../output/scan-report.ts'
import { evidenceExitCode, evidenceSummary } from '../evidence-summary.ts'
import { evidenceOptionNames, knowledgeOptionNames, openOptions } from '../open-options.ts'
import { UsageError } from '../options.ts'
import { openOutputs } from '../output-options.ts'
import { startProgress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'
import { defineVerb } from '../verb.ts'

export const scan = defineVerb({
  name: 'scan',
  usage: 'scan PATH…',
  summary: 'runs detections over evidence and reports findings and risk',
  options: [
    'content',
    'detection',
    'story',
    'technique',
    'type',
    ...knowledgeOptionNames,
    'filters',
    ...evidenceOptionNames,
    'fail-on',
    'strict',
    'plain',
    'report',
    'output',
  ],
  examples: [
    'karst scan samples/',
    'karst scan /evidence --content ./security_content --report report.ndjson -o ndjson=findings.ndjson',
    'karst scan case.zip --technique T1021 --fail-on high',
  ],
  async run(invocation) {
    const { positionals, options, terminal, signal } = invocation
    if (positionals.length === 0) {
      throw new UsageError(
        'karst scan needs evidence: a file, a folder, an archive, or - for standard input.',
      )
    }
    const failOn = severityOption(options['fail-on'])
    const { engine, heard } = openOptions(invocation)
    const karst = await openKarst(engine)
    const outputs = openOutputs(options, terminal)
    const writers = outputs.map((output) => findingWriter(output.format, output.write, output))
    const bySeverity = new Map<Severity, number>()
    const progress = startProgress(terminal, options['no-progress'] !== true)
    const started = performance.now()
    let summary: ScanSummary
    try {
      summary = await karst.scan(
        positionals,
        {
          ...(options.detection === undefined ? {} : { detections: options.detection }),
          ...(options.story === undefined ? {} : { stories: options.story }),
          ...(options.technique === undefined ? {} : { techniques: options.technique }),
          ...(options.type === undefined ? {} : { types: options.type }),
          plain: options.plain ?? false,
        },
        {
          onEvidence: progress.watch,
          onFinding: (finding: Finding) => {
            bySeverity.set(finding.severity, (bySeverity.get(finding.severity) ?? 0) + 1)
            for (const writer of writers) writer.finding(finding)
          },
        },
      )
    } finally {
      progress.stop()
    }
    for (const writer of writers) writer.end()
    for (const output of outputs) output.close()
    await terminal.drained()
    if (options.report !== undefined) writeReport(options.report, summary)
    const seconds = (performance.now() - started) / 1000
    printSummary(summary, bySeverity, seconds, options.verbose === true, terminal)

    if (signal.aborted) return 130
    const failed = failOn !== undefined && [...bySeverity.keys()].some((level) => rank(level) >= rank(failOn))
    if (failed) return 1
    if (summary.outcomes.some(({ status }) => status === 'error')) return 2
    if (
      options.strict === true &&
      (heard.warnings.length > 0 || summary.outcomes.some(({ status }) => status !== 'ran'))
    )
      return 2
    return evidenceExitCode(summary.evidence, options.strict === true)
  },
})

const rank = (severity: Severity): number => severities.indexOf(severity)

function severityOption(text: string | undefined): Severity | undefined {
  if (text === undefined) return undefined
  const severity = severities.find((candidate) => candidate === text.toLowerCase())
  if (severity === undefined)
    throw new UsageError(`--fail-on needs one of ${severities.join(', ')}, found "${text}".`)
  return severity
}

function writeReport(file: string, { outcomes, findings }: ScanSummary): void {
  const handle = openSync(file, 'w')
  for (const outcome of outcomes) writeSync(handle, reportLine(outcome, findings.get(outcome.detection) ?? 0))
  closeSync(handle)
}

function printSummary(
  { evidence, outcomes, findings }: ScanSummary,
  bySeverity: ReadonlyMap<Severity, number>,
  seconds: number,
  isVerbose: boolean,
  terminal: Terminal,
): void {
  for (const line of evidenceSummary(evidence, isVerbose, seconds)) terminal.error(line)
  const ran = outcomes.filter(({ status }) => status === 'ran')
  terminal.error(`detections: ${outcomes.length} loaded, ${ran.length} ran, ${findings.size} with findings`)
  const counts = severities.toReversed().flatMap((level) => {
    const count = bySeverity.get(level)
    return count === undefined ? [] : [`${count} ${level}`]
  })
  terminal.error(`findings:   ${counts.join(', ') || 'none'}`)
  printProblems(outcomes, isVerbose, terminal)
}

/** What could not run and why: in short the most frequent reasons, with --verbose each detection. */
function printProblems(outcomes: readonly DetectionOutcome[], isVerbose: boolean, terminal: Terminal): void {
  const failed = outcomes.filter(({ status }) => status !== 'ran')
  if (failed.length === 0) return
  if (isVerbose) {
    for (const { detection, status, reason = '', diagnostics } of failed) {
      terminal.error(`${status}: ${label(detection)}`)
      terminal.error(diagnostics.length > 0 ? diagnostics.map(renderDiagnostic).join('\n') : reason)
    }
    return
  }
  const reasons = new Map<string, { count: number; example: DetectionOutcome['detection'] }>()
  for (const { detection, status, reason = '' } of failed) {
    const key = `${status}: ${reason.split('\n')[0]}`
    const known = reasons.get(key)
    reasons.set(key, { count: (known?.count ?? 0) + 1, example: known?.example ?? detection })
  }
  const shown = 10
  const sorted = [...reasons].sort(([, a], [, b]) => b.count - a.count)
  terminal.error(`not run:    ${failed.length} detections`)
  for (const [reason, { count, example }] of sorted.slice(0, shown)) {
    terminal.error(`  ${String(count).padStart(4)} × ${reason} (${label(example)}${count > 1 ? ', …' : ''})`)
  }
  if (sorted.length > shown)
    terminal.error(
      `  and ${sorted.length - shown} more reasons; --verbose shows all, --report FILE lists them by detection`,
    )
}

const label = ({ name, version }: DetectionOutcome['detection']): string => `${name} v${version}`
