// How tests of detections ended, in the formats of people and of CI systems. Failures come last where people read.

import { printable } from '../diagnostics/render.ts'
import { csvLine } from './csv.ts'
import { workflowCommand } from './github.ts'
import { plural } from './html/format.ts'
import { type JunitCase, junitXml } from './junit.ts'
import { section } from './markdown.ts'
import { paintSeverity } from './terminal/colors.ts'

export const testFormats = ['table', 'ndjson', 'json', 'csv', 'junit', 'markdown', 'github'] as const
export type TestFormat = (typeof testFormats)[number]

export interface ShownTest {
  readonly detection: {
    readonly id: string
    readonly name: string
    readonly version: number
    readonly path: string
    /** The search as written. */
    readonly search: string
    /** From the working directory, with `/`. */
    readonly file: string
  }
  readonly test: string
  readonly status: 'passed' | 'failed' | 'skipped'
  readonly reason?: string
  readonly details: readonly string[]
  readonly events: number
  readonly matchedEvents: number
  readonly rows: number
  readonly ms: number
}

export interface TestTableOptions {
  readonly hasColor: boolean
  /** Whether tests that passed are listed. */
  readonly showsPassed: boolean
  /** Whether tests that were skipped count as failed. */
  readonly isStrict: boolean
}

/** Draws results. */
export function renderTests(
  format: TestFormat,
  tests: readonly ShownTest[],
  options: TestTableOptions & { readonly program: string },
): string {
  switch (format) {
    case 'table':
      return drawTests(tests, options)
    case 'ndjson':
      return tests.map((test) => `${JSON.stringify(plainTest(test))}\n`).join('')
    case 'json':
      return `${JSON.stringify(tests.map(plainTest), undefined, 2)}\n`
    case 'csv':
      return [csvLine(csvColumns), ...tests.map((test) => csvLine(csvCells(test)))].join('')
    case 'junit':
      return testsAsJunit(tests, options.isStrict)
    case 'markdown':
      return testsInMarkdown(tests, options.program)
    case 'github':
      return tests
        .filter((test) => isFailure(test, options.isStrict))
        .map(annotation)
        .join('')
  }
}

const isFailure = ({ status }: ShownTest, isStrict: boolean): boolean =>
  status === 'failed' || (isStrict && status === 'skipped')

/** One line of `-o ndjson`. Names are a public contract. */
function plainTest({
  detection,
  test,
  status,
  reason,
  details,
  events,
  matchedEvents,
  rows,
  ms,
}: ShownTest): object {
  const { id, name, version, path } = detection
  return {
    detection: { id, name, version, path },
    test,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(details.length === 0 ? {} : { details }),
    events,
    matched_events: matchedEvents,
    rows,
    ms: Math.round(ms * 10) / 10,
  }
}

const csvColumns = [
  'status',
  'detection',
  'detection_id',
  'version',
  'test',
  'events',
  'matched_events',
  'rows',
  'ms',
  'reason',
]

const csvCells = ({
  status,
  detection,
  test,
  events,
  matchedEvents,
  rows,
  ms,
  reason = '',
}: ShownTest): string[] => [
  status,
  detection.name,
  detection.id,
  String(detection.version),
  test,
  String(events),
  String(matchedEvents),
  String(rows),
  ms.toFixed(1),
  reason,
]

const colorOf = { passed: 'low', failed: 'high', skipped: 'medium' } as const
const words = { passed: 'ok', failed: 'FAILED', skipped: 'skipped' } as const

/** Passed tests first, then why others were skipped, failures last, where the eye falls. */
function drawTests(tests: readonly ShownTest[], { hasColor, showsPassed }: TestTableOptions): string {
  const of = (status: ShownTest['status']): ShownTest[] => tests.filter((test) => test.status === status)
  const head = ({ status, detection, test }: ShownTest): string => {
    const word = words[status].padEnd(8)
    return `${hasColor ? paintSeverity(word, colorOf[status]) : word}${printable(`${detection.name} v${detection.version}: ${test}`)}`
  }
  const lines: string[] = []
  if (showsPassed) {
    for (const test of of('passed'))
      lines.push(`${head(test)} (${plural(test.rows, 'row')} of ${plural(test.events, 'event')})`)
  }
  const skipped = of('skipped')
  const reasons = new Map<string, ShownTest[]>()
  for (const test of skipped) {
    // Paths differ from test to test; what was wrong does not.
    const kind = (test.reason ?? '').replace(/looked for .*|https?:\/\/\S+|\S*\/\S+/g, '…')
    reasons.set(kind, [...(reasons.get(kind) ?? []), test])
  }
  for (const same of reasons.values()) {
    for (const test of showsPassed ? same : same.slice(0, 1)) {
      lines.push(head(test), `        ${printable(test.reason ?? '')}`)
    }
    if (!showsPassed && same.length > 1) lines.push(`        and ${same.length - 1} more for this reason`)
  }
  for (const test of of('failed')) {
    lines.push(head(test), `        ${printable(test.reason ?? '')}`)
    for (const detail of test.details) lines.push(`          ${printable(detail)}`)
    lines.push(`        ${printable(test.detection.file)}`)
  }
  const counts = (['passed', 'skipped', 'failed'] as const).map((status) => `${of(status).length} ${status}`)
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    `tests: ${tests.length}: ${counts.join(', ')}`,
    '',
  ].join('\n')
}

function testsAsJunit(tests: readonly ShownTest[], isStrict: boolean): string {
  const byDetection = new Map<string, ShownTest[]>()
  for (const test of tests) {
    const key = `${test.detection.name} v${test.detection.version}`
    byDetection.set(key, [...(byDetection.get(key) ?? []), test])
  }
  return junitXml(
    'karst test',
    [...byDetection].map(([name, own]) => ({ name, cases: own.map((test) => junitCase(test, isStrict)) })),
  )
}

function junitCase(shown: ShownTest, isStrict: boolean): JunitCase {
  const { detection, test, status, reason = '', details, ms } = shown
  const common = { name: test, classname: detection.path, seconds: ms / 1000 }
  if (isFailure(shown, isStrict)) {
    const text = [reason, ...details, '', detection.search.trim()].join('\n')
    return { ...common, result: { kind: 'failed', message: reason, details: text } }
  }
  if (status === 'skipped') return { ...common, result: { kind: 'skipped', message: reason } }
  return { ...common, result: { kind: 'passed' } }
}

function testsInMarkdown(tests: readonly ShownTest[], program: string): string {
  const of = (status: ShownTest['status']): ShownTest[] => tests.filter((test) => test.status === status)
  const row = ({ detection, test, reason = '' }: ShownTest): string[] => [
    `${detection.name} v${detection.version}`,
    test,
    reason,
  ]
  return [
    '# Tests of detections',
    `${plural(tests.length, 'test')}: ${of('passed').length} passed, ${of('skipped').length} skipped, ${of('failed').length} failed. Made by ${program}.`,
    ...section('Failed', ['detection', 'test', 'why'], of('failed').map(row)),
    ...section('Skipped', ['detection', 'test', 'why'], of('skipped').map(row)),
  ]
    .join('\n\n')
    .concat('\n')
}

const annotation = ({ detection, test, reason = '', details }: ShownTest): string =>
  workflowCommand({
    level: 'error',
    title: `${detection.name}: ${test}`,
    message: [reason, ...details].join('\n'),
    file: detection.file,
    line: 1,
  })
