// The cross-fire matrix: what every detection finds in every dataset that some test names. It shows detections that fire
// on what is none of their business, and datasets that nobody looks at.

import type { Detection } from '../content/detection.ts'
import type { Karst } from './engine.ts'
import type { DataOptions } from './test-content-data.ts'
import { countEvents, dataOf, type LocatedData, optionsFor, runAll, testSource } from './test-content-run.ts'

export interface CrossFireOptions extends DataOptions {
  /** Absent: all of the content. */
  readonly detections?: readonly Detection[]
  readonly now?: number
  readonly signal?: AbortSignal
  /** Called after each dataset. */
  onDataset?(done: number, all: number): void
}

export interface CrossFire {
  readonly datasets: readonly { readonly path: string; readonly events: number }[]
  /** Every detection, in the order of the content. */
  readonly detections: readonly CrossFireRow[]
  /** Tests whose data was not there. */
  readonly skipped: number
}

export interface CrossFireRow {
  readonly detection: Detection
  /** By the dataset's place in the list: how many rows the detection gives there, zeros left out. */
  readonly rows: ReadonlyMap<number, number>
  /** The datasets in which a test of its own says that it must find something. */
  readonly declared: ReadonlySet<number>
  /** Why it could not be run. */
  readonly problem?: string
}

/** Runs every detection over every dataset at hand, one pass for each dataset. */
export async function crossFire(karst: Karst, options: CrossFireOptions): Promise<CrossFire> {
  const detections = options.detections ?? karst.content.detections
  const places = new Map<string, number>()
  const datasets: LocatedData[] = []
  const declared = new Map<Detection, Set<number>>()
  let skipped = 0
  for (const detection of detections) {
    const own = new Set<number>()
    declared.set(detection, own)
    for (const test of detection.tests) {
      const found = await dataOf(detection, test, options)
      if (typeof found === 'string') {
        skipped++
        continue
      }
      for (const data of found) {
        const key = JSON.stringify(data)
        const place = places.get(key) ?? datasets.push(data) - 1
        places.set(key, place)
        if (!test.mustNotFire) own.add(place)
      }
    }
  }

  const rows = new Map(detections.map((detection) => [detection, new Map<number, number>()]))
  const problems = new Map<Detection, string>()
  const counts: number[] = []
  for (const [place, data] of datasets.entries()) {
    if (options.signal?.aborted) break
    const source = testSource([data], karst, options.signal)
    const { events, newest } = await countEvents(source)
    counts.push(events)
    const searchOptions = optionsFor(detections, newest, karst, options)
    const results = await runAll(detections, karst.hostOver(source), searchOptions)
    for (const [detection, { outcome }] of results) {
      if (outcome.rows > 0) rows.get(detection)!.set(place, outcome.rows)
      if (outcome.status !== 'ran') problems.set(detection, outcome.reason?.split('\n')[0] ?? outcome.status)
    }
    options.onDataset?.(place + 1, datasets.length)
  }
  return {
    datasets: datasets.slice(0, counts.length).map(({ path }, place) => ({ path, events: counts[place]! })),
    detections: detections.map((detection) => {
      const problem = problems.get(detection)
      return {
        detection,
        rows: rows.get(detection)!,
        declared: declared.get(detection)!,
        ...(problem === undefined ? {} : { problem }),
      }
    }),
    skipped,
  }
}
