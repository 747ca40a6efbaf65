// Runs searches over test data: events with the metadata that a test states, and a clock that stands at their end.
// Which tests there are and whether they pass is left to test-content.ts.

import type { Detection, DetectionTest, TestData } from '../content/detection.ts'
import { type RawEvent, withMetadata } from '../decode/reader.ts'
import { type DetectionOutcome, runDetections } from '../detect/run-detections.ts'
import { SearchError } from '../diagnostics/diagnostic.ts'
import { type EvidenceReport, readEvidence } from '../source/read-evidence.ts'
import { blocksOf, type EventGroup } from '../source/scan.ts'
import type { EventSource } from '../spl/host.ts'
import { parseSearch, type SearchHost, type SearchOptions } from '../spl/run/run.ts'
import { numberOf, type Value } from '../value/value.ts'
import type { Karst } from './engine.ts'
import { type DataOptions, findTestData } from './test-content-data.ts'

/** Data as it is read: a file and what its events are said to be. */
export interface LocatedData {
  readonly path: string
  readonly metadata: { readonly [Key in 'index' | 'source' | 'sourcetype' | 'host']?: string }
}

/** The data of a test, or why it cannot be had. */
export async function dataOf(
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
export interface TestSource extends EventSource {
  /** Of the first pass. */
  report(): EvidenceReport | undefined
}

/** Makes a source of test data. Each scan reads the files again. */
export function testSource(
  data: readonly LocatedData[],
  { knowledge, reading: options }: Pick<Karst, 'knowledge' | 'reading'>,
  signal: AbortSignal | undefined,
): TestSource {
  let reports: EvidenceReport[] | undefined
  async function* groups(own: EvidenceReport[]): AsyncGenerator<EventGroup> {
    for (const { path, metadata } of data) {
      const reading = readEvidence([path], { ...options, ...(signal === undefined ? {} : { signal }) })
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
  return withMetadata(event, { ...event.metadata, ...metadata })
}

export type Row = ReadonlyMap<string, Value>

/** What a search gave. */
export interface RunResult {
  readonly outcome: DetectionOutcome
  /** The first 10,000. */
  readonly rows: readonly Row[]
}

const mostRows = 10_000

/** Runs detections, all in one pass. */
export async function runAll(
  detections: readonly Detection[],
  host: SearchHost,
  options: SearchOptions,
): Promise<Map<Detection, RunResult>> {
  const rows = new Map<Detection, Row[]>(detections.map((detection) => [detection, []]))
  const results = new Map<Detection, RunResult>()
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

/** How searches over some test data are run: with the clock that was given, or one that stands at the end of the data. */
export function optionsFor(
  detections: readonly Detection[],
  newest: number | undefined,
  karst: Karst,
  { now: given, signal }: { readonly now?: number; readonly signal?: AbortSignal },
): SearchOptions {
  const now = given ?? (detections.some((detection) => asksForTime(detection, karst)) ? newest : undefined)
  return {
    ...karst.searchOptions,
    ...(now === undefined ? {} : { now }),
    ...(signal === undefined ? {} : { signal }),
  }
}

/** How many events there are, and the whole second after the newest. */
export async function countEvents(
  source: EventSource,
): Promise<{ events: number; newest: number | undefined }> {
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

const clockReaders = new WeakMap<Detection, boolean>()

/** Whether a search looks at the clock. A recording is from long ago, so time stands still at its end. */
function asksForTime(detection: Detection, { knowledge, searchOptions }: Karst): boolean {
  let asks = clockReaders.get(detection)
  if (asks === undefined) {
    try {
      const { text } = parseSearch(detection.search, knowledge.macros, searchOptions).expanded
      asks = /\b(?:now|time|relative_time)\s*\(|\b(?:earliest|latest|starttime|endtime|\w+ago)\s*=/i.test(
        text,
      )
    } catch (error) {
      // What is wrong with it is said when it is run.
      if (!(error instanceof SearchError)) throw error
      asks = false
    }
    clockReaders.set(detection, asks)
  }
  return asks
}
