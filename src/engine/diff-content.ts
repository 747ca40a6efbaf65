// Compares what two versions of content find in the same evidence: findings gained, lost and changed, and detections
// that came, went or run no more.

import type { Detection } from '../content/detection.ts'
import type { Finding } from '../detect/finding.ts'
import type { DetectionOutcome } from '../detect/run-detections.ts'

/** What one version of the content gave. */
export interface ScannedContent {
  readonly findings: readonly Finding[]
  readonly outcomes: readonly DetectionOutcome[]
}

/** A field of a finding that differs; absent values are ''. */
export interface Difference {
  /** A field of the row, or `severity`, `risk message`, `risk objects`. */
  readonly field: string
  readonly old: string
  readonly new: string
}

interface ComparedDetection {
  readonly id: string
  readonly name: string
  readonly oldVersion?: number
  readonly newVersion?: number
}

export interface FindingChange extends ComparedDetection {
  readonly change: 'gained' | 'lost' | 'changed'
  readonly old?: Finding
  readonly new?: Finding
  /** Of a changed finding. */
  readonly differences: readonly Difference[]
}

export interface DetectionChange extends ComparedDetection {
  readonly change: 'added' | 'removed' | 'changed'
  readonly isSearchChanged: boolean
  readonly oldStatus?: DetectionOutcome['status']
  readonly newStatus?: DetectionOutcome['status']
  /** Why the new one does not run. */
  readonly reason?: string
}

export interface ContentDiff {
  readonly findings: readonly FindingChange[]
  readonly detections: readonly DetectionChange[]
  /** Findings that are the same. */
  readonly unchanged: number
}

/** Compares two scans of the same evidence. */
export function diffScans(before: ScannedContent, after: ScannedContent): ContentDiff {
  const findings: FindingChange[] = []
  const detections: DetectionChange[] = []
  let unchanged = 0
  for (const pair of pairedDetections(before.outcomes, after.outcomes)) {
    const change = detectionChange(pair)
    if (change !== undefined) detections.push(change)
    const compared = comparedOf(pair)
    const { changes, same } = compareFindings(
      findingsOf(pair.old, before.findings),
      findingsOf(pair.new, after.findings),
    )
    unchanged += same
    findings.push(...changes.map((found) => ({ ...compared, ...found })))
  }
  return { findings, detections, unchanged }
}

// ---- detections

interface Pair {
  readonly old?: DetectionOutcome
  readonly new?: DetectionOutcome
}

/** The same version belongs together; what is left of an id goes together in the order of versions. */
function pairedDetections(before: readonly DetectionOutcome[], after: readonly DetectionOutcome[]): Pair[] {
  const byId = new Map<string, { old: DetectionOutcome[]; new: DetectionOutcome[] }>()
  const group = ({ detection }: DetectionOutcome) => {
    const key = detection.id.toLowerCase()
    const known = byId.get(key) ?? { old: [], new: [] }
    byId.set(key, known)
    return known
  }
  for (const outcome of before) group(outcome).old.push(outcome)
  for (const outcome of after) group(outcome).new.push(outcome)
  return [...byId.values()].flatMap(({ old, new: fresh }) => {
    const pairs: Pair[] = []
    const left = [...fresh]
    const alone: DetectionOutcome[] = []
    for (const outcome of old) {
      const at = left.findIndex(({ detection }) => detection.version === outcome.detection.version)
      if (at === -1) alone.push(outcome)
      else pairs.push({ old: outcome, new: left.splice(at, 1)[0]! })
    }
    const byVersion = (a: DetectionOutcome, b: DetectionOutcome): number =>
      b.detection.version - a.detection.version
    alone.sort(byVersion)
    left.sort(byVersion)
    for (let index = 0; index < Math.max(alone.length, left.length); index++) {
      const [one, other] = [alone[index], left[index]]
      pairs.push({
        ...(one === undefined ? {} : { old: one }),
        ...(other === undefined ? {} : { new: other }),
      })
    }
    return pairs
  })
}

function comparedOf({ old, new: fresh }: Pair): ComparedDetection {
  const { id, name } = (fresh ?? old)!.detection
  return {
    id,
    name,
    ...(old === undefined ? {} : { oldVersion: old.detection.version }),
    ...(fresh === undefined ? {} : { newVersion: fresh.detection.version }),
  }
}

function detectionChange(pair: Pair): DetectionChange | undefined {
  const { old, new: fresh } = pair
  const isSearchChanged =
    old !== undefined && fresh !== undefined && plainSearch(old.detection) !== plainSearch(fresh.detection)
  const isSame =
    old !== undefined &&
    fresh !== undefined &&
    !isSearchChanged &&
    old.status === fresh.status &&
    old.detection.version === fresh.detection.version
  if (isSame) return undefined
  return {
    ...comparedOf(pair),
    change: old === undefined ? 'added' : fresh === undefined ? 'removed' : 'changed',
    isSearchChanged,
    ...(old === undefined ? {} : { oldStatus: old.status }),
    ...(fresh === undefined ? {} : { newStatus: fresh.status }),
    ...(fresh?.reason === undefined ? {} : { reason: fresh.reason }),
  }
}

const plainSearch = ({ search }: Detection): string => search.text.replace(/\s+/g, ' ').trim()

function findingsOf(outcome: DetectionOutcome | undefined, findings: readonly Finding[]): Finding[] {
  if (outcome === undefined) return []
  const { id, version } = outcome.detection
  return findings.filter(({ detection }) => detection.id === id && detection.version === version)
}

// ---- findings

type FoundChange = Pick<FindingChange, 'change' | 'old' | 'new' | 'differences'>

/** What makes a finding the same one, from the surest sign to the weakest; undefined where it has no such sign. */
const signs: readonly ((finding: Finding) => string | undefined)[] = [
  ({ row }) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))),
  ({ events }) =>
    events.length === 0 ? undefined : JSON.stringify(events.map(({ file, record }) => [file, record]).sort()),
  ({ risk, first, last }) => JSON.stringify([objectsOf(risk), first, last]),
  ({ risk, time }) => JSON.stringify([objectsOf(risk), time]),
]

const objectsOf = ({ objects }: Finding['risk']): string[] =>
  objects.map(({ type, object }) => `${type} ${object}`).sort()

function compareFindings(
  before: readonly Finding[],
  after: readonly Finding[],
): { changes: FoundChange[]; same: number } {
  let old = [...before]
  let fresh = [...after]
  const changes: FoundChange[] = []
  let same = 0
  for (const sign of signs) {
    const waiting = new Map<string, Finding[]>()
    for (const finding of fresh) {
      const key = sign(finding)
      if (key !== undefined) waiting.set(key, [...(waiting.get(key) ?? []), finding])
    }
    const left: Finding[] = []
    const taken = new Set<Finding>()
    for (const finding of old) {
      const key = sign(finding)
      const match = key === undefined ? undefined : waiting.get(key)?.shift()
      if (match === undefined) {
        left.push(finding)
        continue
      }
      taken.add(match)
      const differences = differencesOf(finding, match)
      if (differences.length === 0) same++
      else changes.push({ change: 'changed', old: finding, new: match, differences })
    }
    old = left
    fresh = fresh.filter((finding) => !taken.has(finding))
  }
  changes.push(
    ...old.map((finding): FoundChange => ({ change: 'lost', old: finding, differences: [] })),
    ...fresh.map((finding): FoundChange => ({ change: 'gained', new: finding, differences: [] })),
  )
  return { changes, same }
}

function differencesOf(old: Finding, fresh: Finding): Difference[] {
  const shown = (value: string | readonly string[] | undefined): string =>
    value === undefined ? '' : typeof value === 'string' ? value : value.join('\n')
  const own = (row: Finding['row'], name: string) => (Object.hasOwn(row, name) ? row[name] : undefined)
  const pairs: [field: string, old: string, new: string][] = [
    ['severity', old.severity, fresh.severity],
    ['risk message', old.risk.message, fresh.risk.message],
    ['risk objects', riskText(old), riskText(fresh)],
    ...[...new Set([...Object.keys(old.row), ...Object.keys(fresh.row)])].map(
      (name): [string, string, string] => [name, shown(own(old.row, name)), shown(own(fresh.row, name))],
    ),
  ]
  return pairs
    .filter(([, before, after]) => before !== after)
    .map(([field, before, after]) => ({ field, old: before, new: after }))
}

const riskText = ({ risk }: Finding): string =>
  risk.objects
    .map(({ type, object, score }) => `${type} ${object}: ${score}`)
    .sort()
    .join('\n')
