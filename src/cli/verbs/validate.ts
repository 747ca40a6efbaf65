// karst validate [CONTENT…]: reads, plans and checks content without evidence; a verdict per detection.

import { closeSync, openSync, writeSync } from 'node:fs'
import { suggest } from '../../base/suggest.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { openKarst } from '../../engine/engine.ts'
import { selectDetections } from '../../engine/selection.ts'
import {
  type CheckCode,
  checkCodes,
  isCheckCode,
  type Level,
  levels,
  type Problem,
  positionOf,
  type ValidationReport,
  validateContent,
} from '../../engine/validate.ts'
import { problemFormats, renderProblems, type ShownProblem } from '../../output/problems.ts'
import { reportLine } from '../../output/scan-report.ts'
import { knowledgeOptionNames, openOptions } from '../open-options.ts'
import { type OptionValues, UsageError } from '../options.ts'
import { openOutputs } from '../output-options.ts'
import { shownFile } from '../shown-file.ts'
import type { Terminal } from '../terminal.ts'
import { defineVerb } from '../verb.ts'
import { versionText } from '../version.ts'

export const validate = defineVerb({
  name: 'validate',
  usage: 'validate [CONTENT…]',
  summary: 'reads and checks content without evidence: a verdict per detection, and what is wrong with it',
  options: [
    'content',
    'detection',
    'story',
    'technique',
    'type',
    ...knowledgeOptionNames,
    'filters',
    'severity',
    'strict',
    'report',
    'output',
  ],
  examples: [
    'karst validate ./security_content',
    'karst validate ./security_content -o github --severity missing-test=off',
    'karst validate detections/endpoint/mine.yml --strict -o sarif=karst.sarif',
  ],
  async run(invocation) {
    const { positionals, options, terminal } = invocation
    const severities = severityOptions(options)
    const paths = [...positionals, ...(options.content ?? [])]
    const heard: Diagnostic[] = []
    const { engine } = openOptions(invocation)
    const started = performance.now()
    const karst = await openKarst({
      ...engine,
      ...(paths.length === 0 ? {} : { content: paths }),
      report: (diagnostic) => heard.push(diagnostic),
    })
    const { content, knowledge } = karst
    const { detection, story, technique, type } = options
    const isSelection = [detection, story, technique, type].some((list) => list !== undefined)
    const report = await validateContent(content, knowledge, {
      levels: severities,
      hasLocations: options.geoip !== undefined,
      // What loading the content said is in the content itself.
      diagnostics: heard.filter((diagnostic) => !content.diagnostics.includes(diagnostic)),
      ...(isSelection
        ? {
            detections: selectDetections(content.detections, {
              ...(detection === undefined ? {} : { detections: detection }),
              ...(story === undefined ? {} : { stories: story }),
              ...(technique === undefined ? {} : { techniques: technique }),
              ...(type === undefined ? {} : { types: type }),
            }),
          }
        : {}),
    })
    const seconds = (performance.now() - started) / 1000
    const isStrict = options.strict === true
    const showsNotes = options.verbose === true
    const problems = report.problems.map(shownProblem)
    for (const output of openOutputs(options, terminal, problemFormats)) {
      const text = renderProblems(
        output.format,
        {
          problems,
          detections: report.verdicts.map(({ detection: { id, name, path }, status, ms }) => ({
            id,
            name,
            path,
            status,
            ms,
          })),
          program: versionText(),
          rules: [...checkCodes].map(([id, summary]) => ({ id, summary })),
        },
        { columns: output.columns, hasColor: output.hasColor, showsNotes, isStrict },
      )
      output.write(text)
      output.close()
    }
    await terminal.drained()
    if (options.report !== undefined) writeReport(options.report, report)
    printSummary(report, seconds, showsNotes, terminal)
    const fails = ({ severity }: Problem): boolean =>
      severity === 'error' || (isStrict && severity === 'warning')
    return report.problems.some(fails) ? 2 : 0
  },
})

function severityOptions({ severity = [] }: OptionValues): ReadonlyMap<CheckCode, Level> {
  return new Map(
    severity.map((text) => {
      const [code = '', name = ''] = text.split('=')
      const level = levels.find((known) => known === name)
      if (level === undefined) {
        throw new UsageError(`--severity needs CODE=LEVEL with one of ${levels.join(', ')}, found "${text}".`)
      }
      if (isCheckCode(code)) return [code, level]
      const [nearest] = suggest(code, checkCodes.keys())
      const advice = nearest === undefined ? 'docs/validate.md lists them.' : `Did you mean "${nearest}"?`
      throw new UsageError(`There is no check "${code}". ${advice}`)
    }),
  )
}

function shownProblem(problem: Problem): ShownProblem {
  const { code, severity, message, help, detection } = problem
  const position = positionOf(problem)
  return {
    code,
    severity,
    message,
    ...(help === undefined ? {} : { help }),
    ...(position === undefined ? {} : { place: { ...position, file: shownFile(position.file) } }),
    ...(detection === undefined
      ? {}
      : { detection: { id: detection.id, name: detection.name, path: detection.path } }),
  }
}

function writeReport(file: string, { verdicts }: ValidationReport): void {
  const handle = openSync(file, 'w')
  for (const verdict of verdicts) {
    writeSync(handle, reportLine({ ...verdict, matchedEvents: 0, rows: 0 }, 0))
  }
  closeSync(handle)
}

function printSummary(
  { verdicts, problems }: ValidationReport,
  seconds: number,
  showsNotes: boolean,
  terminal: Terminal,
): void {
  const of = (status: string): number => verdicts.filter((verdict) => verdict.status === status).length
  const parts = [
    `${of('ran')} can run`,
    ...(of('unsupported') > 0 ? [`${of('unsupported')} need what is not there`] : []),
    ...(of('error') > 0 ? [`${of('error')} are wrong`] : []),
  ]
  terminal.error(`detections: ${verdicts.length}: ${parts.join(', ')} (${seconds.toFixed(1)} s)`)
  const counts = (['error', 'warning', 'note'] as const).map((severity) => {
    const count = problems.filter((problem) => problem.severity === severity).length
    return `${count.toLocaleString('en')} ${severity}${count === 1 ? '' : 's'}`
  })
  const hint = showsNotes ? '' : '; --verbose lists notes as well'
  terminal.error(`problems:   ${counts.join(', ')}${hint}`)
  const byCode = new Map<string, number>()
  for (const { code } of problems) byCode.set(code, (byCode.get(code) ?? 0) + 1)
  for (const [code, count] of [...byCode].sort(([, a], [, b]) => b - a)) {
    terminal.error(`  ${String(count).padStart(5)} × ${code}: ${checkCodes.get(code as CheckCode)}`)
  }
}
