// Runs the tests that detections declare: their data with the metadata that they state, all tests of the same data in one
// pass; and says why one fails.

import { type Detection, type DetectionTest, filterMacroName } from '../content/detection.ts'
import type { DetectionOutcome } from '../detect/run-detections.ts'
import type { Macros } from '../spl/host.ts'
import { parseSearch, type SearchHost, type SearchOptions } from '../spl/run/run.ts'
import { type ResultRow, resultRow } from '../value/result-row.ts'
import type { Karst } from './engine.ts'
import type { DataOptions } from './test-content-data.ts'
import {
  countEvents,
  dataOf,
  type LocatedData,
  optionsFor,
  type Row,
  runAll,
  type TestSource,
  testSource,
} from './test-content-run.ts'
import { missingRiskFields, rowMismatch } from './test-content-verdict.ts'
import { whyNoRows } from './why-no-rows.ts'

export interface TestOptions extends DataOptions {
  /** Absent: all of the content. */
  readonly detections?: readonly Detection[]
  /** The clock of the searches. Absent: just after the newest event of a test's data, where a search asks for the time. */
  readonly now?: number
  /** The folder with the user's filter macros: where one leaves nothing, the test says so. */
  readonly filters?: string
  readonly signal?: AbortSignal
  onResult(result: TestResult): void
}

/** How one test ended. */
export interface TestResult {
  readonly detection: Detection
  readonly test: DetectionTest
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped, in a sentence. */
  readonly reason?: string
  /** What helps to understand it, line by line. */
  readonly details: readonly string[]
  readonly events: number
  /** Events that passed the base search. */
  readonly matchedEvents: number
  readonly rows: number
  readonly ms: number
}

/** Runs tests and reports each. They come in the order of the content, those of the same data together. */
export async function testDetections(karst: Karst, options: TestOptions): Promise<void> {
  const detections = options.detections ?? karst.content.detections
  const groups = new Map<string, TestGroup>()
  for (const detection of detections) {
    for (const test of detection.tests) {
      const skip = (reason: string): void => options.onResult({ ...notRun(detection, test), reason })
      if (detection.tags.manualTest !== undefined) {
        skip(`it has to be tested by hand: ${detection.tags.manualTest}`)
        continue
      }
      if (test.attackData.length === 0) {
        skip('it names no data')
        continue
      }
      const found = await dataOf(detection, test, options)
      if (typeof found === 'string') {
        skip(found)
        continue
      }
      const key = JSON.stringify(found)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { data: found, cases: [{ detection, test }] })
      else group.cases.push({ detection, test })
    }
  }
  for (const group of groups.values()) {
    if (options.signal?.aborted) return
    await runGroup(group, karst, options)
  }
}

interface TestCase {
  readonly detection: Detection
  readonly test: DetectionTest
}

/** Tests of the same data. */
interface TestGroup {
  readonly data: readonly LocatedData[]
  readonly cases: TestCase[]
}

const notRun = (detection: Detection, test: DetectionTest): Omit<TestResult, 'reason'> => ({
  detection,
  test,
  status: 'skipped',
  details: [],
  events: 0,
  matchedEvents: 0,
  rows: 0,
  ms: 0,
})

async function runGroup({ data, cases }: TestGroup, karst: Karst, options: TestOptions): Promise<void> {
  const source = testSource(data, karst, options.signal)
  const host = karst.hostOver(source)
  const detections = [...new Set(cases.map(({ detection }) => detection))]
  const { events, newest } = await countEvents(source)
  const searchOptions = optionsFor(detections, newest, karst, options)
  const results = await runAll(detections, host, searchOptions)
  for (const { detection, test } of cases) {
    if (options.signal?.aborted) return
    const { outcome, rows } = results.get(detection)!
    const verdict = await judge(
      { detection, test },
      outcome,
      rows,
      source,
      host,
      searchOptions,
      karst,
      options,
    )
    const { matchedEvents, ms, rows: rowCount } = outcome
    options.onResult({ detection, test, ...verdict, events, matchedEvents, rows: rowCount, ms })
  }
}

type Verdict = Pick<TestResult, 'status' | 'reason' | 'details'>

const passed: Verdict = { status: 'passed', details: [] }
const failed = (reason: string, details: readonly string[] = []): Verdict => ({
  status: 'failed',
  reason,
  details,
})

async function judge(
  { detection, test }: TestCase,
  outcome: DetectionOutcome,
  rows: readonly Row[],
  source: TestSource,
  host: SearchHost,
  searchOptions: SearchOptions,
  karst: Karst,
  options: TestOptions,
): Promise<Verdict> {
  if (outcome.status === 'unsupported')
    return { status: 'skipped', reason: `Karst cannot run the search: ${outcome.reason}`, details: [] }
  if (outcome.status !== 'ran') return failed(`The search cannot be run: ${outcome.reason}`)
  const problem = dataProblem(source)
  if (problem !== undefined) return failed(problem)

  const shown = rows.map((row) => resultRow(row))
  const found = ownVerdict(detection, test, rows, shown)
  if (found.status === 'passed' || test.mustNotFire) return found
  const bySilence = await silencedByFilter(detection, test, host, searchOptions, karst, options)
  if (bySilence !== undefined) return failed(bySilence, found.details)
  if (rows.length > 0) return found
  const { pipeline } = parseSearch(detection.search, host.macros, searchOptions)
  const { events, steps, verdict } = await whyNoRows(pipeline, host, searchOptions)
  const details = steps.map(({ text, before, after }) => `${before} → ${after}  ${text}`)
  return failed(`${found.reason} ${verdict}`, [`${events} events`, ...details])
}

function ownVerdict(
  detection: Detection,
  { mustNotFire, expectedRows }: DetectionTest,
  rows: readonly Row[],
  shown: readonly ResultRow[],
): Verdict {
  if (mustNotFire) {
    if (rows.length === 0) return passed
    const details = shown.slice(0, 5).map((row) => JSON.stringify(row))
    return failed(`It must find nothing in this data, and gives ${plural(rows.length, 'row')}.`, details)
  }
  if (expectedRows !== undefined) {
    const mismatch = rowMismatch(expectedRows, shown)
    if (mismatch !== undefined) return failed(mismatch.reason, mismatch.details)
    if (rows.length === 0) return passed
  } else if (rows.length === 0) return failed('It finds nothing.')
  const missing = missingRiskFields(detection, rows)
  return missing === undefined ? passed : failed(missing)
}

/** A file that cannot be read, or only in part, proves nothing. */
function dataProblem(source: TestSource): string | undefined {
  const file = source
    .report()
    ?.files.find(({ status }) => status === 'unreadable' || status === 'missing' || status === 'incomplete')
  if (file === undefined) return undefined
  const how = file.status === 'incomplete' ? 'cannot be read in full' : 'cannot be read'
  return `The data ${how}: ${file.name}: ${file.reason ?? file.status}.`
}

/** Says so when the user's own filter is what makes a test fail. */
async function silencedByFilter(
  detection: Detection,
  test: DetectionTest,
  host: SearchHost,
  searchOptions: SearchOptions,
  { knowledge }: Karst,
  { filters }: TestOptions,
): Promise<string | undefined> {
  const name = filterMacroName(detection.name)
  const filter = knowledge.macros.get(name)
  if (filters === undefined || filter?.origin?.startsWith(filters) !== true) return undefined
  const macros: Macros = {
    names: () => host.macros.names(),
    get: (wanted) => (wanted === name ? { ...filter, definition: 'search *' } : host.macros.get(wanted)),
  }
  const results = await runAll([detection], { ...host, macros }, searchOptions)
  const { outcome, rows } = results.get(detection)!
  if (outcome.status !== 'ran') return undefined
  const without = ownVerdict(
    detection,
    test,
    rows,
    rows.map((row) => resultRow(row)),
  )
  if (without.status !== 'passed') return undefined
  return `The filter ${filter.origin} silences what this test must find: without it the detection gives ${plural(rows.length, 'row')}.`
}

const plural = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
