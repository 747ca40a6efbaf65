// What a report of a scan is made of. The command line gathers it; the sections of the report draw it.

import type { Detection } from '../../content/detection.ts'
import type { Finding } from '../../detect/finding.ts'
import type { AllowUse } from '../../risk/allow-list.ts'
import type { DetectedFinding } from '../../risk/risk-index.ts'

/** One evidence file, and what reading it gave. */
export interface ReportedFile {
  readonly name: string
  readonly status: 'read' | 'stopped' | 'incomplete' | 'empty' | 'unreadable' | 'missing'
  readonly reason?: string
  readonly format?: string
  readonly events: number
  readonly bytes: number
  readonly damageCount: number
  readonly damages: readonly { readonly position: string; readonly reason: string }[]
  readonly lostEvents: number
}

/** The digest of a file as it lies on disk: an archive has one, not each file in it. */
export interface ReportedDigest {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

/** How a detection fared. */
export interface ReportedRun {
  readonly detection: Detection
  readonly status: 'ran' | 'unsupported' | 'error' | 'skipped'
  readonly reason?: string
  readonly matchedEvents: number
  readonly rows: number
}

/** A scan from its evidence to its findings. */
export interface ReportData {
  /** Epoch milliseconds. */
  readonly made: number
  /** `karst 0.1.0` */
  readonly program: string
  /** What was asked for: paths and content, as they were given. */
  readonly evidencePaths: readonly string[]
  readonly contentPaths: readonly string[]
  readonly seconds: number
  readonly isInterrupted: boolean
  readonly findings: readonly Finding[]
  /** What Karst's own incident rules found, where that is not among the findings. */
  readonly incidents: readonly DetectedFinding[]
  /** What allow-lists did, by entry. */
  readonly allowed: readonly AllowUse[]
  readonly runs: readonly ReportedRun[]
  readonly files: readonly ReportedFile[]
  /** Of the files, where they were asked for. */
  readonly digests: readonly ReportedDigest[]
  readonly events: number
  readonly bytes: number
  /** How many findings throttling silenced. */
  readonly throttled: number
  /** The texts of events, by file and record with a line break between; not of all of them. */
  readonly rawEvents: ReadonlyMap<string, string>
}
