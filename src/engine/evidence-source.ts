// Evidence as an event source: every scan reads the paths again, from the first file to the last. Many requests are served
// by one reading, with several threads where there is much to read.

import { availableParallelism } from 'node:os'
import {
  createRowFinder,
  type FindingSource,
  type FoundRows,
  type RowFinder,
  type RowRequest,
} from '../detect/row-finder.ts'
import { searchError } from '../diagnostics/diagnostic.ts'
import { type EvidencePlace, type EvidenceProblem, evidencePlaces, standardInput } from '../source/files.ts'
import { EvidenceReport, type FileReport, readPlaces, unreadFile } from '../source/read-evidence.ts'
import { blocksOf } from '../source/scan.ts'
import { findRows, type Reading } from './find-rows.ts'
import { unpackRows } from './packed-rows.ts'
import { isSource, type ReaderPool, startReaders } from './reader-pool.ts'
import type { ReaderSetup, Unit } from './scan-messages.ts'
import { SeenKinds } from './seen-kinds.ts'

/** An event source over files, and what reading them gave. */
export interface EvidenceSource extends FindingSource {
  /** Of the first pass, growing while it runs; a later pass reads the same. Undefined before. */
  report(): EvidenceReport | undefined
  /** Ends the threads that read. */
  close(): Promise<void>
}

/** Which threads may read. */
export interface Readers {
  /** How many threads read beside the one that searches; 0: it reads itself. Absent: as many as pay. */
  readonly count?: number
  /** Bytes that the process may take, about. */
  readonly maxMemory: number
  /** What a thread needs to read as this one does. */
  readonly setup: ReaderSetup
}

/** Of less evidence a thread of its own does not pay: it takes about half a second to begin. */
const leastBytesForReaders = 48 * 1024 * 1024

/** What a reader takes as a rule: its knowledge, and the events in hand. */
const readerBytes = 100 * 1024 * 1024

/** What the rest of the process takes, with a thousand detections. */
const mainBytes = 300 * 1024 * 1024

/** What a reader may hold at most, in megabytes; a block of the largest events that are read needs a few hundred. */
const heapMegabytes = (maxMemory: number): number => Math.max(512, Math.ceil(maxMemory / 1024 / 1024))

/**
 * Makes an event source over paths.
 * @param onPass is told when the first pass begins
 */
export function evidenceSource(
  paths: readonly string[],
  reading: Reading,
  readers?: Readers,
  onPass: (report: EvidenceReport) => void = () => {},
): EvidenceSource {
  const { knowledge, defaults, options } = reading
  const seen = new SeenKinds()
  let first: EvidenceReport | undefined
  let places: readonly (EvidencePlace | EvidenceProblem)[] | undefined
  let pool: ReaderPool | undefined

  const begin = (report: EvidenceReport): void => {
    if (first !== undefined && paths.includes(standardInput)) {
      throw searchError(
        'unsupported',
        'The search reads its evidence more than once, and standard input can be read only once.',
        'Save the input to a file and give that.',
      )
    }
    if (first !== undefined) return
    first = report
    onPass(report)
  }

  const allPlaces = async (): Promise<readonly (EvidencePlace | EvidenceProblem)[]> => {
    if (places === undefined) {
      const found: (EvidencePlace | EvidenceProblem)[] = []
      for await (const place of evidencePlaces(paths, options)) found.push(place)
      places = found
    }
    return places
  }

  /** Without the files of which it is known that they hold nothing for the finder. */
  const worthReading = async (finder: RowFinder): Promise<readonly (EvidencePlace | EvidenceProblem)[]> => {
    const all = await allPlaces()
    if (first === undefined) return all
    return all.filter((place) => place.kind === 'place' && seen.mayHold(place.path, finder.isWanted))
  }

  async function* findHere(
    finder: RowFinder,
    isOpen: (request: number) => boolean,
  ): AsyncGenerator<readonly FoundRows[]> {
    const onFile = (file: FileReport): void => {
      if (isWhole(file)) seen.addWhole(file.name)
      options.onFile?.(file)
    }
    const { blocks, report } = findRows(
      await worthReading(finder),
      finder,
      { ...reading, options: { ...options, onFile } },
      isOpen,
    )
    begin(report)
    for await (const { found, kinds } of blocks) {
      seen.add(kinds)
      yield found
    }
  }

  async function* findWithReaders(
    readers: ReaderPool,
    finder: RowFinder,
    requests: readonly RowRequest[],
  ): AsyncGenerator<readonly FoundRows[]> {
    const chosen = await worthReading(finder)
    const report = new EvidenceReport()
    begin(report)
    for await (const message of readers.pass(chosen, requests)) {
      if (options.signal?.aborted) return
      if ('error' in message) {
        for (const file of brokenFiles(message, report)) report.add(file)
        continue
      }
      for (const file of message.files) {
        report.add(file)
        if (isWhole(file)) seen.addWhole(file.name)
      }
      report.eventsUnderway = message.eventsUnderway
      for (const diagnostic of message.diagnostics) knowledge.report(diagnostic)
      if (message.rows === undefined) continue
      seen.add(message.kinds)
      yield unpackRows(message.rows)
    }
  }

  return {
    report: () => first,
    scan: () => {
      const { groups, report } = readPlaces(evidencePlaces(paths, options), options)
      begin(report)
      return { batches: blocksOf(groups, knowledge, defaults), applied: { filter: false, times: false } }
    },
    async *find(requests, isOpen) {
      const finder = createRowFinder(requests, knowledge.context)
      if (readers !== undefined && pool === undefined) {
        const count = readersFor(await allPlaces(), readers)
        if (count > 0) pool = startReaders(count, readers.setup, heapMegabytes(readers.maxMemory))
      }
      yield* pool === undefined ? findHere(finder, isOpen) : findWithReaders(pool, finder, requests)
    },
    async close() {
      await pool?.close()
      pool = undefined
    },
  }
}

const isWhole = ({ status }: FileReport): boolean => status === 'read' || status === 'empty'

/** How many threads are to read. */
function readersFor(
  places: readonly (EvidencePlace | EvidenceProblem)[],
  { count: wanted, maxMemory }: Readers,
): number {
  const files = places.filter((place) => place.kind === 'place')
  // A pipe cannot be handed on.
  if (files.some(({ sizeBytes }) => sizeBytes === undefined)) return 0
  if (wanted !== undefined) return wanted
  if (isSource) return 0
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes!, 0)
  if (bytes < leastBytesForReaders) return 0
  const affordable = Math.floor((maxMemory - mainBytes) / readerBytes)
  return Math.max(1, Math.min(availableParallelism() - 1, affordable))
}

/** The files of a unit whose reader broke down, as far as they were not read by then. */
function brokenFiles(
  { unit, error }: { readonly unit: Unit; readonly error: Error },
  { files }: EvidenceReport,
): FileReport[] {
  // Only evidence can exhaust a reader's memory; anything else is a fault of ours.
  if ((error as { readonly code?: string }).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error
  const known = new Set(files.map(({ name }) => name))
  return unit.places.flatMap((place) =>
    place.kind === 'problem' || known.has(place.path)
      ? []
      : [
          unreadFile(
            place.path,
            'incomplete',
            'reading it, or a file read together with it, took too much memory',
          ),
        ],
  )
}
