// karst scan PATH…: runs detections over evidence and reports findings. The main job.

import { groupedNumber } from '../../base/text/grouped-number.ts'
import { type Finding, type Severity, severities } from '../../detect/finding.ts'
import { renderDiagnostic } from '../../diagnostics/render.ts'
import { type DetectionOutcome, openKarst, type ScanSummary } from '../../engine/engine.ts'
import { evidenceDigests } from '../../engine/evidence-digests.ts'
import type { ReportData } from '../../output/html/report-data.ts'
import { reportLine } from '../../output/scan-report.ts'
import { isDocument, scanFormats, scanWriter } from '../../output/scan-writer.ts'
import type { AllowUse } from '../../risk/allow-list.ts'
import { evidenceExitCode, evidenceSummary } from '../evidence-summary.ts'
import { evidenceOptionNames, knowledgeOptionNames, openOptions } from '../open-options.ts'
import { UsageError } from '../options.ts'
import { guardEvidence, openOutputs, openTextFile } from '../output-options.ts'
import { startProgress } from '../progress.ts'
import { allowOptions } from '../risk-options.ts'
import type { Terminal } from '../terminal.ts'
import { defineVerb } from '../verb.ts'
import { versionText } from '../version.ts'

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
    'allow',
    'left-out',
    'hashes',
    'incidents',
    'fail-on',
    'strict',
    'max-memory',
    'plain',
    'workers',
    'report',
    'output',
  ],
  examples: [
    'karst scan samples/',
    'karst scan /evidence --content ./security_content --report report.ndjson -o ndjson=findings.ndjson',
    'karst scan case.zip --technique T1021 --fail-on high',
    'karst scan /evidence --content ./security_content --assets assets.csv -o html=report.html -o navigator=layer.json',
    'karst scan /evidence --allow allow.csv --left-out left-out.ndjson',
  ],
  async run(invocation) {
    const { positionals, options, terminal, signal } = invocation
    if (positionals.length === 0) {
      throw new UsageError(
        'karst scan needs evidence: a file, a folder, an archive, or - for standard input.',
      )
    }
    guardEvidence(positionals, options)
    const failOn = severityOption(options['fail-on'])
    const { engine, heard } = openOptions(invocation)
    const karst = await openKarst({
      ...engine,
      ...allowOptions(options, engine.timeZone ?? 'UTC'),
      incidents: options.incidents === true,
      ...(options.workers === undefined ? {} : { workers: workerCount(options.workers) }),
    })
    // Before the scan, so that a place that cannot be written to is named before hours have passed.
    const outputs = openOutputs(options, terminal, scanFormats)
    const report = options.report === undefined ? undefined : openTextFile(options.report)
    const leftOut = options['left-out'] === undefined ? undefined : openTextFile(options['left-out'])
    const writers = outputs.map((output) => scanWriter(output.format, output.write, output))
    // Only documents need all findings at once.
    const keepsFindings = outputs.some(({ format }) => isDocument(format))
    const findings: Finding[] = []
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
          onFinding: (finding, found) => {
            bySeverity.set(finding.severity, (bySeverity.get(finding.severity) ?? 0) + 1)
            if (keepsFindings) findings.push(finding)
            for (const writer of writers) writer.finding(found)
          },
          onLeftOut: (finding, entry) =>
            leftOut?.write(
              `${JSON.stringify({ allowed: { entry: entry.origin, reason: entry.reason }, ...finding })}\n`,
            ),
        },
      )
    } finally {
      progress.stop()
    }
    const seconds = (performance.now() - started) / 1000
    const hasReport = outputs.some(({ format }) => format === 'html')
    const reported = findings.slice(0, mostWithEvents).flatMap(({ events }) => events.slice(0, eventsEach))
    const { files, events, bytes } = summary.evidence
    const data: ReportData = {
      made: Date.now(),
      program: versionText(),
      evidencePaths: positionals,
      contentPaths: options.content ?? [],
      seconds,
      isInterrupted: signal.aborted,
      findings,
      incidents: summary.incidents,
      allowed: summary.allowed,
      runs: summary.outcomes,
      files,
      digests: options.hashes === true ? await evidenceDigests(files.map(({ name }) => name)) : [],
      events,
      bytes,
      throttled: silencedIn(summary),
      rawEvents: hasReport ? await karst.rawEvents(reported) : new Map(),
    }
    for (const writer of writers) writer.end(data)
    for (const output of outputs) output.close()
    await terminal.drained()
    for (const outcome of summary.outcomes)
      report?.write(reportLine(outcome, summary.findings.get(outcome.detection) ?? 0))
    report?.close()
    leftOut?.close()
    printSummary(summary, bySeverity, seconds, options.verbose === true, terminal)

    if (signal.aborted) return 130
    const failed = failOn !== undefined && [...bySeverity.keys()].some((level) => rank(level) >= rank(failOn))
    if (failed) return 1
    // What could not be loaded was not looked for.
    if (karst.content.diagnostics.some(({ severity }) => severity === 'error')) return 2
    if (summary.outcomes.some(({ status }) => status === 'error')) return 2
    if (
      options.strict === true &&
      (heard.warnings.length > 0 || summary.outcomes.some(({ status }) => status !== 'ran'))
    )
      return 2
    return evidenceExitCode(summary.evidence, options.strict === true)
  },
})

function workerCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 0 && count <= mostWorkers) return count
  throw new UsageError(`--workers needs a whole number from 0 to ${mostWorkers}, found "${text}".`)
}

const mostWorkers = 64

/** How many findings throttling silenced. */
const silencedIn = ({ throttled }: Pick<ScanSummary, 'throttled'>): number =>
  [...throttled.values()].reduce((sum, count) => sum + count, 0)

/** How many findings a report shows with the texts of their events, and of how many events each. */
const mostWithEvents = 1500
const eventsEach = 3

const rank = (severity: Severity): number => severities.indexOf(severity)

function severityOption(text: string | undefined): Severity | undefined {
  if (text === undefined) return undefined
  const severity = severities.find((candidate) => candidate === text.toLowerCase())
  if (severity === undefined)
    throw new UsageError(`--fail-on needs one of ${severities.join(', ')}, found "${text}".`)
  return severity
}

function printSummary(
  { evidence, outcomes, findings, throttled, unfilled, unlisted, allowed, incidents }: ScanSummary,
  bySeverity: ReadonlyMap<Severity, number>,
  seconds: number,
  isVerbose: boolean,
  terminal: Terminal,
): void {
  if (terminal.isTerminal && terminal.errorIsTerminal) terminal.error('')
  for (const line of evidenceSummary(evidence, isVerbose, seconds)) terminal.error(line)
  const ran = outcomes.filter(({ status }) => status === 'ran')
  terminal.error(`detections: ${outcomes.length} loaded, ${ran.length} ran, ${findings.size} with findings`)
  const counts = severities.toReversed().flatMap((level) => {
    const count = bySeverity.get(level)
    return count === undefined ? [] : [`${count} ${level}`]
  })
  terminal.error(`findings:   ${counts.join(', ') || 'none'}`)
  if (incidents.length > 0)
    terminal.error(
      `incidents:  ${incidents.length} by Karst's own rules (entities whose risk adds up); --incidents counts them as findings`,
    )
  const silenced = silencedIn({ throttled })
  if (silenced > 0) terminal.error(`throttled:  ${silenced} more findings, of ${throttled.size} detections`)
  printAllowed(allowed, isVerbose, terminal)
  if (unfilled.length > 0) {
    const baselines = new Set(unfilled.flatMap(({ baselines: filling }) => filling[0]?.name ?? []))
    const example = [...baselines][0]
    terminal.error(
      `baselines:  ${new Set(unfilled.map(({ detection }) => detection)).size} detections compare with lookups that no baseline has filled; run "karst baseline run" first (${example}${baselines.size > 1 ? ', …' : ''})`,
    )
  }
  for (const { lookup, option, detections } of unlisted)
    terminal.error(
      `lists:      ${plural(detections.length, 'detection')} ${detections.length === 1 ? 'looks' : 'look'} names up in ${lookup}, which is empty; give a list with ${option} (${label(detections[0]!)}${detections.length > 1 ? ', …' : ''})`,
    )
  printProblems(outcomes, isVerbose, terminal)
}

/** What allow-lists did: never silently. Entries that fitted nothing are for --verbose. */
function printAllowed(uses: readonly AllowUse[], isVerbose: boolean, terminal: Terminal): void {
  if (uses.length === 0) return
  const active = uses.filter(({ isExpired }) => !isExpired)
  const sum = (those: readonly AllowUse[]): number =>
    those.reduce((total, { findings }) => total + findings, 0)
  const leaving = active.filter(({ entry }) => entry.multiply === undefined)
  const lowering = active.filter(({ entry }) => entry.multiply !== undefined)
  terminal.error(
    `allowed:    ${plural(sum(leaving), 'finding')} left out, ${sum(lowering)} with another score, by ${active.filter(({ findings }) => findings > 0).length} of ${plural(uses.length, 'entry', 'entries')}`,
  )
  const name = ({ entry }: AllowUse): string =>
    `${entry.reason} (${entry.origin}${entry.until === undefined ? '' : `, until ${entry.until}`})`
  for (const use of active.toSorted((a, b) => b.findings - a.findings)) {
    const effect = use.entry.multiply === undefined ? '' : `score × ${use.entry.multiply}: `
    if (use.findings > 0) terminal.error(`  ${String(use.findings).padStart(4)} × ${effect}${name(use)}`)
    else if (use.fitsNoDetection)
      terminal.error(`     no detection that ran is called ${use.entry.detections.join(', ')}: ${name(use)}`)
    else if (isVerbose) terminal.error(`     fits nothing: ${name(use)}`)
  }
  for (const use of uses.filter(({ isExpired }) => isExpired))
    terminal.error(`     expired, no effect on ${plural(use.findings, 'finding')}: ${name(use)}`)
}

const plural = (count: number, one: string, more = `${one}s`): string =>
  `${groupedNumber(count)} ${count === 1 ? one : more}`

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
