// Reads evidence into raw events, file by file, and keeps account of what was read, what was empty, what was damaged
// and what could not be read. Finding and opening files is files.ts.

import type { Damage, DecodeLimits, DecodeOptions, RawEvent } from '../decode/reader.ts'
import {
  type EvidenceFile,
  type EvidenceOptions,
  type EvidencePlace,
  type EvidenceProblem,
  evidenceAt,
  evidencePlaces,
  reasonOf,
} from './files.ts'

import type { EventGroup } from './scan.ts'

/** How evidence is read. */
export interface ReadOptions extends EvidenceOptions {
  /** Also reads records that were deleted or superseded, where the format keeps them. */
  readonly recover?: boolean
  /** The zone of times that state none. */
  readonly timeZone?: string
  /** What one event may cost. */
  readonly decodeLimits?: DecodeLimits
  /** Ends the reading after the group in hand. */
  readonly signal?: AbortSignal
  /** Called when a file was read, refused or found to be missing, in order. */
  onFile?(file: FileReport): void
}

/** What became of one file, or of one path that led to none. */
export interface FileReport {
  readonly name: string
  /**
   * `incomplete`: reading broke off, so that events may be missing at the end. `missing`: no such file.
   * `stopped`: whoever reads the groups wanted no more.
   */
  readonly status: 'read' | 'stopped' | 'incomplete' | 'empty' | 'unreadable' | 'missing'
  /** Why it is incomplete, unreadable or missing. */
  readonly reason?: string
  readonly format?: string
  readonly events: number
  /** After unpacking. */
  readonly bytes: number
  /** The first of the damages; `damageCount` counts all. */
  readonly damages: readonly Damage[]
  readonly damageCount: number
  /** Events that are known to be lost to damage. */
  readonly lostEvents: number
}

/** Evidence as it is read. The report grows with it, and is complete when the groups have ended. */
export interface EvidenceReading {
  readonly groups: AsyncGenerator<EventGroup, void, undefined>
  readonly report: EvidenceReport
}

/** How many damages of a file are kept with their places. */
const keptDamages = 100

const problemStatuses: ReadonlySet<FileReport['status']> = new Set(['incomplete', 'unreadable', 'missing'])

/** The account of all evidence that was read. */
export class EvidenceReport {
  readonly files: FileReport[] = []
  events = 0
  bytes = 0
  damageCount = 0
  lostEvents = 0
  /** Events of the file in hand so far, which `events` does not count yet. */
  eventsUnderway = 0

  add(file: FileReport): void {
    this.eventsUnderway = 0
    this.files.push(file)
    this.events += file.events
    this.bytes += file.bytes
    this.damageCount += file.damageCount
    this.lostEvents += file.lostEvents
  }

  /** Whether something that was given could not be read, or not in full. */
  get hasProblems(): boolean {
    return this.damageCount > 0 || this.files.some(({ status }) => problemStatuses.has(status))
  }

  /** The files of a status, in the order in which they were met. */
  withStatus(status: FileReport['status']): readonly FileReport[] {
    return this.files.filter((file) => file.status === status)
  }
}

/** Reads the evidence under the paths. Nothing that evidence holds makes it throw. */
export function readEvidence(paths: Iterable<string>, options: ReadOptions = {}): EvidenceReading {
  return readPlaces(evidencePlaces(paths, options), options)
}

/** The same for places that were found before. */
export function readPlaces(
  places: Iterable<EvidencePlace | EvidenceProblem> | AsyncIterable<EvidencePlace | EvidenceProblem>,
  options: ReadOptions = {},
): EvidenceReading {
  const report = new EvidenceReport()
  return { groups: readGroups(places, options, report), report }
}

async function* readGroups(
  places: Iterable<EvidencePlace | EvidenceProblem> | AsyncIterable<EvidencePlace | EvidenceProblem>,
  options: ReadOptions,
  report: EvidenceReport,
): AsyncGenerator<EventGroup, void, undefined> {
  const account = (file: FileReport) => {
    report.add(file)
    options.onFile?.(file)
  }
  for await (const found of evidenceAt(places, options)) {
    if (options.signal?.aborted) return
    if (found.kind === 'problem') {
      account(unreadFile(found.name, found.isMissing ? 'missing' : 'unreadable', found.reason))
      continue
    }
    switch (found.format.kind) {
      case 'empty':
        account({ ...nothingRead(found.name), status: 'empty' })
        break
      case 'unknown':
        account(unreadFile(found.name, 'unreadable', found.format.reason))
        break
      case 'known': {
        const reader = new FileReader(found, options)
        try {
          for await (const group of reader.groups(
            found.format.decoder.decode(reader.source(), reader.decodeOptions()),
          )) {
            report.eventsUnderway += group.events.length
            yield group
          }
        } finally {
          account({ ...reader.report(), format: found.format.decoder.format })
        }
        break
      }
    }
  }
}

function nothingRead(name: string) {
  return { name, events: 0, bytes: 0, damages: [], damageCount: 0, lostEvents: 0 }
}

/** The account of a file of which nothing was read. */
export const unreadFile = (name: string, status: FileReport['status'], reason: string): FileReport => ({
  ...nothingRead(name),
  status,
  reason,
})

/** Reads one file and counts. */
class FileReader {
  private readonly file: EvidenceFile
  private readonly options: ReadOptions
  private readonly damages: Damage[] = []
  private events = 0
  private bytes = 0
  private damageCount = 0
  private lostEvents = 0
  private isWhole = false
  private failure: string | undefined

  constructor(file: EvidenceFile, options: ReadOptions) {
    this.file = file
    this.options = options
  }

  source() {
    const { name, chunks } = this.file.open()
    return { name, chunks: () => this.counted(chunks()) }
  }

  decodeOptions(): DecodeOptions {
    const { recover = false, decodeLimits, timeZone } = this.options
    return {
      recover,
      onDamage: (damage) => this.note(damage),
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(decodeLimits === undefined ? {} : { limits: decodeLimits }),
    }
  }

  async *groups(groups: AsyncIterable<readonly RawEvent[]>): AsyncGenerator<EventGroup, void, undefined> {
    try {
      let counted = 0
      for await (const events of groups) {
        this.events += events.length
        yield { file: this.file.name, events, bytes: this.bytes - counted }
        counted = this.bytes
        if (this.options.signal?.aborted) return
      }
      this.isWhole = true
    } catch (error) {
      this.failure = reasonOf(error)
    }
  }

  report(): FileReport {
    const { damages, damageCount, events, bytes, lostEvents, failure } = this
    const counts = { name: this.file.name, events, bytes, damages, damageCount, lostEvents }
    if (failure === undefined) return { ...counts, status: this.isWhole ? 'read' : 'stopped' }
    return { ...counts, status: events > 0 ? 'incomplete' : 'unreadable', reason: failure }
  }

  private note(damage: Damage): void {
    this.damageCount++
    this.lostEvents += damage.lostEvents ?? 0
    if (this.damages.length < keptDamages) this.damages.push(damage)
  }

  private async *counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.bytes += chunk.length
      yield chunk
    }
  }
}
