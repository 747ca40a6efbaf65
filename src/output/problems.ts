// What validating content found, in the formats of people and of CI systems.

import { printable } from '../diagnostics/render.ts'
import { csvLine } from './csv.ts'
import { workflowCommand } from './github.ts'
import { plural } from './html/format.ts'
import { junitXml } from './junit.ts'
import { section } from './markdown.ts'
import { type SarifRule, sarifLog } from './sarif.ts'
import { paintSeverity } from './terminal/colors.ts'

export const problemFormats = [
  'table',
  'ndjson',
  'json',
  'csv',
  'junit',
  'sarif',
  'markdown',
  'github',
] as const
export type ProblemFormat = (typeof problemFormats)[number]

export type ProblemSeverity = 'error' | 'warning' | 'note'

/** Lines and columns from 1; the end is behind the last character. */
export interface ProblemPlace {
  /** From the working directory where it is inside, with `/`. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

export interface ShownProblem {
  readonly code: string
  readonly severity: ProblemSeverity
  readonly message: string
  readonly help?: string
  readonly place?: ProblemPlace
  readonly detection?: { readonly id: string; readonly name: string; readonly path: string }
}

/** What was judged: for formats that also list what is in order. */
export interface JudgedDetection {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly status: 'ran' | 'unsupported' | 'error'
  readonly ms: number
}

export interface ProblemReport {
  readonly problems: readonly ShownProblem[]
  readonly detections: readonly JudgedDetection[]
  /** `karst 0.1.0` */
  readonly program: string
  /** Every code with its meaning. */
  readonly rules: readonly SarifRule[]
}

export interface ProblemOptions {
  readonly columns: number
  readonly hasColor: boolean
  /** Whether the table also lists notes. */
  readonly showsNotes: boolean
  /** Whether warnings are failures. */
  readonly isStrict: boolean
}

/** Draws a report. The order of problems is kept. */
export function renderProblems(
  format: ProblemFormat,
  report: ProblemReport,
  options: ProblemOptions,
): string {
  const { problems, program, rules } = report
  switch (format) {
    case 'table':
      return drawProblems(problems, options)
    case 'ndjson':
      return problems.map((problem) => `${JSON.stringify(plainProblem(problem))}\n`).join('')
    case 'json':
      return `${JSON.stringify(problems.map(plainProblem), undefined, 2)}\n`
    case 'csv':
      return [csvLine(csvColumns), ...problems.map((problem) => csvLine(csvCells(problem)))].join('')
    case 'junit':
      return problemsAsTests(report, options)
    case 'sarif':
      return sarifLog(
        program,
        rules,
        problems.map(({ code, severity, message, help, place, detection }) => ({
          ruleId: code,
          level: severity,
          message: [message, help].filter(Boolean).join(' '),
          subject: `${detection?.id ?? ''} ${message}`,
          ...(place === undefined ? {} : { place }),
        })),
      )
    case 'markdown':
      return problemsInMarkdown(report)
    case 'github':
      return problems.map(annotation).join('')
  }
}

/** One line of `-o ndjson`. Names are a public contract. */
function plainProblem({ code, severity, message, help, place, detection }: ShownProblem): object {
  return {
    code,
    severity,
    message,
    ...(help === undefined ? {} : { help }),
    ...(place === undefined
      ? {}
      : {
          file: place.file,
          line: place.line,
          column: place.column,
          end_line: place.endLine,
          end_column: place.endColumn,
        }),
    ...(detection === undefined ? {} : { detection }),
  }
}

const csvColumns = [
  'severity',
  'code',
  'file',
  'line',
  'column',
  'detection',
  'detection_id',
  'message',
  'help',
]

const csvCells = ({ severity, code, place, detection, message, help = '' }: ShownProblem): string[] => [
  severity,
  code,
  place?.file ?? '',
  String(place?.line ?? ''),
  String(place?.column ?? ''),
  detection?.name ?? '',
  detection?.id ?? '',
  message,
  help,
]

const colorOf = { error: 'high', warning: 'medium', note: 'informational' } as const

/** Files with their problems below them, as compilers and linters show them. */
function drawProblems(
  problems: readonly ShownProblem[],
  { columns, hasColor, showsNotes }: ProblemOptions,
): string {
  const shown = showsNotes ? problems : problems.filter(({ severity }) => severity !== 'note')
  if (shown.length === 0) return 'No problems.\n'
  const byFile = new Map<string, ShownProblem[]>()
  for (const problem of shown) {
    const file = problem.place?.file ?? '(no file)'
    byFile.set(file, [...(byFile.get(file) ?? []), problem])
  }
  const codeWidth = Math.max(...shown.map(({ code }) => code.length))
  const lines: string[] = []
  for (const [file, found] of byFile) {
    lines.push(printable(file))
    for (const { place, severity, code, message, help } of found) {
      const where = place === undefined ? '' : `${place.line}:${place.column}`
      const level = severity.padEnd(7)
      const head = `  ${where.padStart(8)}  ${hasColor ? paintSeverity(level, colorOf[severity]) : level}  ${code.padEnd(codeWidth)}  `
      const indent = 2 + 8 + 2 + 7 + 2 + codeWidth + 2
      const text = [message, help].filter(Boolean).join(' ')
      const [first = '', ...rest] = wrapped(printable(text), Math.max(40, columns - indent))
      lines.push(head + first, ...rest.map((line) => ' '.repeat(indent) + line))
    }
    lines.push('')
  }
  return `${lines.join('\n')}\n`
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

const oneLine = ({ severity, code, message, help, place }: ShownProblem): string =>
  `${place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `}${severity}[${code}]: ${[message, help].filter(Boolean).join(' ')}`

/** A case per detection, and one for each other file with problems. Errors fail, with --strict warnings as well. */
function problemsAsTests({ problems, detections }: ProblemReport, { isStrict }: ProblemOptions): string {
  const fails = ({ severity }: ShownProblem): boolean =>
    severity === 'error' || (isStrict && severity === 'warning')
  const testCase = (name: string, classname: string, seconds: number, own: readonly ShownProblem[]) => {
    const failures = own.filter(fails)
    const others = own.filter((problem) => !fails(problem))
    return {
      name,
      classname,
      seconds,
      result:
        failures.length === 0
          ? ({ kind: 'passed' } as const)
          : ({
              kind: 'failed',
              message: failures[0]!.message,
              details: failures.map(oneLine).join('\n'),
            } as const),
      output: others.map(oneLine).join('\n'),
    }
  }
  const byDetection = new Map<string, ShownProblem[]>()
  const byFile = new Map<string, ShownProblem[]>()
  for (const problem of problems) {
    const [groups, key] =
      problem.detection === undefined
        ? ([byFile, problem.place?.file ?? 'content'] as const)
        : ([byDetection, problem.detection.path] as const)
    groups.set(key, [...(groups.get(key) ?? []), problem])
  }
  return junitXml('karst validate', [
    {
      name: 'detections',
      cases: detections.map(({ name, path, ms }) =>
        testCase(name, path, ms / 1000, byDetection.get(path) ?? []),
      ),
    },
    ...(byFile.size === 0
      ? []
      : [{ name: 'other files', cases: [...byFile].map(([file, own]) => testCase(file, file, 0, own)) }]),
  ])
}

const severities = ['error', 'warning', 'note'] as const

function problemsInMarkdown({ problems, detections, program, rules }: ProblemReport): string {
  const of = (severity: ProblemSeverity): ShownProblem[] =>
    problems.filter((problem) => problem.severity === severity)
  const counts = severities.map((severity) => plural(of(severity).length, severity)).join(', ')
  const failed = detections.filter(({ status }) => status !== 'ran').length
  const meanings = new Map(rules.map(({ id, summary }) => [id, summary]))
  const byCode = new Map<string, ShownProblem[]>()
  for (const problem of problems) byCode.set(problem.code, [...(byCode.get(problem.code) ?? []), problem])
  const row = ({ place, code, detection, message, help }: ShownProblem): string[] => [
    detection?.name ?? '',
    place === undefined ? '' : `${place.file}:${place.line}`,
    code,
    [message, help].filter(Boolean).join(' '),
  ]
  const headings = ['detection', 'place', 'code', 'problem']
  return [
    '# Validation of content',
    `${plural(detections.length, 'detection')}, of which ${failed} cannot run here; ${counts}. Made by ${program}.`,
    ...section('Errors', headings, of('error').map(row)),
    ...section('Warnings', headings, of('warning').map(row)),
    ...section(
      'All checks that found something',
      ['code', 'severity', 'found', 'meaning'],
      [...byCode]
        .sort(([, a], [, b]) => b.length - a.length)
        .map(([code, found]) => [code, found[0]!.severity, String(found.length), meanings.get(code) ?? '']),
    ),
  ]
    .join('\n\n')
    .concat('\n')
}

const annotationLevel = { error: 'error', warning: 'warning', note: 'notice' } as const

const annotation = ({ severity, code, message, help, place, detection }: ShownProblem): string =>
  workflowCommand({
    level: annotationLevel[severity],
    title: detection === undefined ? code : `${code}: ${detection.name}`,
    message: [message, help].filter(Boolean).join('\n'),
    ...(place === undefined
      ? {}
      : { file: place.file, line: place.line, column: place.column, endLine: place.endLine }),
  })
