// A detection as its author wrote it: everything that a content file states, in one shape for all formats.
// Reading the formats is left to escu-yaml, expanding and running the search to others.

import type { Label, LocatedText } from '../diagnostics/source.ts'

export const detectionTypes = ['TTP', 'Anomaly', 'Hunting', 'Correlation'] as const

/**
 * What becomes of a detection's rows in Splunk Enterprise Security: TTP a finding and risk, Anomaly risk, Hunting
 * results only, Correlation a finding over the risk index.
 */
export type DetectionType = (typeof detectionTypes)[number]

export const riskObjectTypes = ['system', 'user', 'other'] as const
export type RiskObjectType = (typeof riskObjectTypes)[number]

/** A field whose values take risk. */
export interface RiskObjectField {
  readonly field: string
  readonly type: RiskObjectType
  /** 0 to 100. */
  readonly score: number
}

/** A field whose values say what threatened: an address, a process, a file. */
export interface ThreatObjectField {
  readonly field: string
  /** `ip_address`, `process_name`, … */
  readonly type: string
}

/** What a row of the detection means as risk. */
export interface DetectionRisk {
  /** Text with `$field$` tokens. */
  readonly message: string
  readonly objects: readonly RiskObjectField[]
  readonly threatObjects: readonly ThreatObjectField[]
}

export interface Drilldown {
  /** Text with `$field$` tokens. */
  readonly name: string
  /** SPL with `$field$` tokens and `%original_detection_search%`. */
  readonly search: string
  /** `$info_min_time$`, a number of seconds, or a relative time. */
  readonly earliest: string
  readonly latest: string
}

export interface TestData {
  /** A URL, or a path from the content's root. */
  readonly data: string
  readonly source: string
  readonly sourcetype: string
  readonly customIndex?: string
  readonly host?: string
}

/** A row that a test expects: the fields that matter; an empty text stands for a field that is null. */
export type ExpectedRow = ReadonlyMap<string, readonly string[]>

export interface DetectionTest {
  readonly name: string
  readonly attackData: readonly TestData[]
  /** The data is harmless, so the detection must find nothing in it. */
  readonly mustNotFire: boolean
  /** Exactly these rows, in any order. Absent: any row will do. */
  readonly expectedRows?: readonly ExpectedRow[]
}

/** Rows with the same values of these fields count once within the period. */
export interface Throttling {
  readonly fields: readonly string[]
  readonly seconds: number
}

/** What the author says about a detection; a list is empty and a text absent where nothing is said. */
export interface DetectionTags {
  readonly analyticStories: readonly string[]
  readonly assetType?: string
  readonly mitreAttackIds: readonly string[]
  /** Absent where the file leaves them to be derived from the ATT&CK tactics. */
  readonly killChainPhases?: readonly string[]
  /** Absent where the file leaves them to be derived from the detection's type. */
  readonly nist?: readonly string[]
  /** Absent where the file leaves them to be derived from the security domain. */
  readonly cis20?: readonly string[]
  readonly cve: readonly string[]
  readonly products: readonly string[]
  readonly securityDomain?: string
  /** 0 to 100. */
  readonly impact?: number
  /** 0 to 100. */
  readonly confidence?: number
  /** As the file states it; what counts is the score of the risk objects. */
  readonly riskScore?: number
  readonly requiredFields: readonly string[]
  readonly atomicGuids: readonly string[]
  /** Why the detection cannot be tested automatically. */
  readonly manualTest?: string
}

export interface Detection {
  readonly id: string
  readonly name: string
  readonly version: number
  /** As written, usually `2024-05-12`. */
  readonly date: string
  readonly author: string
  /** `production`, `experimental`, `deprecated`, … */
  readonly status: string
  readonly type: DetectionType
  readonly description: string
  /** Alternatives; each is the sources that are needed together (`A AND B`). */
  readonly dataSources: readonly (readonly string[])[]
  readonly search: LocatedText
  readonly howToImplement: string
  readonly knownFalsePositives: string
  readonly references: readonly string[]
  readonly drilldowns: readonly Drilldown[]
  /** Absent where the file states no risk. */
  readonly risk?: DetectionRisk
  readonly tags: DetectionTags
  readonly tests: readonly DetectionTest[]
  readonly throttling?: Throttling
  /** The name of its saved search in Splunk, where the content says so: `ACME - NAME - Rule`. */
  readonly searchName?: string
  /** The file, from the content's root, with `/`. */
  readonly path: string
  /** The file as it can be opened from the working directory. */
  readonly file: string
  /** Where a key's value is written in the file; where it is missing, the nearest thing that holds it. Absent: not known. */
  place?(keys: readonly (string | number)[], text?: string): Label
}

/**
 * The name of the macro through which users cut a detection's false positives without editing its search.
 * @see contentctl: blanks, `-`, `.` and `/` become `_`, all in lower case
 */
export function filterMacroName(detectionName: string): string {
  return `${detectionName.replace(/[ \-./]/g, '_').toLowerCase()}_filter`
}

/**
 * The risk score of an impact and a confidence, each 0 to 100: their product over 100, as a whole number.
 * @see contentctl: Python's `round`, which takes halves to the even neighbour
 */
export function riskScore(impact: number, confidence: number): number {
  const exact = (impact * confidence) / 100
  const below = Math.floor(exact)
  const rest = exact - below
  if (rest !== 0.5) return Math.round(exact)
  return below % 2 === 0 ? below : below + 1
}
