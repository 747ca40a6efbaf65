// Runs the tests that detections declare: their data with the metadata that they state, all tests of the same data in one
// pass; and says why one fails.

import { type Detection, type DetectionTest, filterMacroName, type TestData } from '../content/detection.ts'
import type { RawEvent } from '../decode/reader.ts'
import { type DetectionOutcome, runDetections } from '../detect/run-detections.ts'
import { SearchError } from '../diagnostics/diagnostic.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { type EvidenceReport, readEvidence } from '../source/read-evidence.ts'
import { blocksOf, type EventGroup } from '../source/scan.ts'
import type { EventSource, Macros } from '../spl/host.ts'
import { parseSearch, type SearchHost, type SearchOptions } from '../spl/run/run.ts'
import { type ResultRow, resultRow } from '../value/result-row.ts'
import { numberOf, type Value } from '../value/value.ts'
import type { Karst } from './engine.ts'
import { type DataOptions, findTestData } from './test-content-data.ts'
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

/** Data as it is read: a file and what its events are said to be. */
interface LocatedData {
  readonly path: string
  readonly metadata: { readonly [Key in 'index' | 'source' | 'sourcetype' | 'host']?: string }
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

/** The data of a test, or why it cannot be had. */
async function dataOf(
  detection: Detection,
  { attackData }: DetectionTest,
  options: DataOptions,
): Promise<readonly LocatedData[] | string> {
  const located: LocatedData[] = []
  for (const data of attackData) {
    const found = await findTestData(detection, data.data, options)
    if (found.kind === 'missing') return [`${found.reason}.`, found.help].filter(Boolean).join(' ')
    located.push({ path: found.path, metadata: metadataOf(data) })
  }
  return located
}

/** contentctl sends a file to Splunk's raw HTTP input with just these, so they count whatever the events say. */
function metadataOf({ source, sourcetype, customIndex, host }: TestData): LocatedData['metadata'] {
  return {
    ...(source === '' ? {} : { source }),
    ...(sourcetype === '' ? {} : { sourcetype }),
    index: customIndex ?? 'main',
    ...(host === undefined ? {} : { host }),
  }
}

/** An event source over test data. */
interface TestSource extends EventSource {
  /** Of the first pass. */
  report(): EvidenceReport | undefined
}

function testSource(
  data: readonly LocatedData[],
  knowledge: Knowledge,
  signal: AbortSignal | undefined,
): TestSource {
  let reports: EvidenceReport[] | undefined
  async function* groups(own: EvidenceReport[]): AsyncGenerator<EventGroup> {
    for (const { path, metadata } of data) {
      const reading = readEvidence([path], signal === undefined ? {} : { signal })
      own.push(reading.report)
      for await (const { file, events } of reading.groups) {
        yield { file, events: events.map((event) => said(event, metadata)) }
      }
    }
  }
  return {
    scan() {
      const own: EvidenceReport[] = []
      reports ??= own
      return { batches: blocksOf(groups(own), knowledge, {}), applied: { filter: false, times: false } }
    },
    report: () => reports?.find(({ hasProblems }) => hasProblems) ?? reports?.[0],
  }
}

/** An event with other metadata; its form and fields stay, so that a Windows event is still read as one. */
function said(event: RawEvent, metadata: LocatedData['metadata']): RawEvent {
  return {
    time: event.time,
    raw: () => event.raw(),
    position: event.position,
    content: event.content,
    metadata: { ...event.metadata, ...metadata },
  }
}

async function runGroup({ data, cases }: TestGroup, karst: Karst, options: TestOptions): Promise<void> {
  const source = testSource(data, karst.knowledge, options.signal)
  const host = karst.hostOver(source)
  const detections = [...new Set(cases.map(({ detection }) => detection))]
  const { events, newest } = await countEvents(source)
  const now = options.now ?? (detections.some((one) => asksForTime(one, karst)) ? newest : undefined)
  const searchOptions: SearchOptions = {
    ...karst.searchOptions,
    ...(now === undefined ? {} : { now }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }
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
    const { matchedEvents, ms } = outcome
    options.onResult({ detection, test, ...verdict, events, matchedEvents, rows: rows.length, ms })
  }
}

type Row = ReadonlyMap<string, Value>

/** Rows that are kept of a search, for judging; more only count. */
const mostRows = 10_000

async function runAll(
  detections: readonly Detection[],
  host: SearchHost,
  options: SearchOptions,
): Promise<Map<Detection, { outcome: DetectionOutcome; rows: readonly Row[] }>> {
  const rows = new Map<Detection, Row[]>(detections.map((detection) => [detection, []]))
  const results = new Map<Detection, { outcome: DetectionOutcome; rows: readonly Row[] }>()
  await runDetections(detections, host, {
    ...options,
    onRow: ({ detection, row }) => {
      const kept = rows.get(detection)!
      if (kept.length < mostRows) kept.push(row)
    },
    onOutcome: (outcome) => results.set(outcome.detection, { outcome, rows: rows.get(outcome.detection)! }),
  })
  return results
}

async function countEvents(source: EventSource): Promise<{ events: number; newest: number | undefined }> {
  let events = 0
  let newest: number | undefined
  const { signal } = new AbortController()
  for await (const batch of source.scan({ fields: new Set(['_time']), signal }).batches) {
    events += batch.length
    for (let row = 0; row < batch.length; row++) {
      const time = numberOf(batch.value('_time', row))
      if (time !== undefined && (newest === undefined || time > newest)) newest = time
    }
  }
  return { events, newest: newest === undefined ? undefined : Math.floor(newest) + 1 }
}

/** Whether a search looks at the clock. A recording is from long ago, so time stands still at its end. */
function asksForTime({ search }: Detection, { knowledge, searchOptions }: Karst): boolean {
  try {
    const { text } = parseSearch(search, knowledge.macros, searchOptions).expanded
    return /\b(?:now|time|relative_time)\s*\(|\b(?:earliest|latest|starttime|endtime|\w+ago)\s*=/i.test(text)
  } catch (error) {
    // What is wrong with it is said when it is run.
    if (error instanceof SearchError) return false
    throw error
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

/** A file that cannot be read proves nothing. */
function dataProblem(source: TestSource): string | undefined {
  const [file] =
    source.report()?.files.filter(({ status }) => status === 'unreadable' || status === 'missing') ?? []
  return file === undefined
    ? undefined
    : `The data cannot be read: ${file.name}: ${file.reason ?? file.status}.`
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
