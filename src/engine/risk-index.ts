// Runs detections in two rounds: first those that read evidence, then those that read what the first ones raised, the
// indexes "risk" and "notable". Making those events is left to risk.

import type { Detection } from '../content/detection.ts'
import {
  type DetectionOutcome,
  type DetectionRow,
  type RunDetectionsOptions,
  runDetections,
} from '../detect/run-detections.ts'
import { SearchError } from '../diagnostics/diagnostic.ts'
import { locatedText } from '../diagnostics/source.ts'
import type { AssessedRow } from '../risk/assess.ts'
import { type AttackTable, bundledAttackTable } from '../risk/attack.ts'
import { byTime } from '../risk/entities.ts'
import { type DetectedFinding, type IndexedEvent, notableEvent, riskEvents } from '../risk/risk-index.ts'
import { throttle } from '../risk/throttle.ts'
import type { EventSource } from '../spl/host.ts'
import { parseSearch, type SearchHost } from '../spl/run/run.ts'
import { Batch, batchRows, type EventReference } from '../value/batch.ts'
import { numberOf } from '../value/value.ts'
import type { Finding } from '../detect/finding.ts'

export interface RoundsOptions extends Omit<RunDetectionsOptions, 'onRow' | 'onOutcome'> {
  assess(row: AssessedRow): Finding
  onFinding(found: DetectedFinding): void
  onOutcome(outcome: DetectionOutcome): void
  /** Findings of a detection that its throttling silenced. */
  onThrottled(detection: Detection, count: number): void
}

/**
 * Runs detections over evidence, and over the risk and notable events that their findings leave. An incident's own
 * notable event is not searched again, so that the second round is the last.
 */
export async function runInRounds(
  detections: readonly Detection[],
  host: SearchHost,
  options: RoundsOptions,
): Promise<void> {
  const rounds = Object.groupBy(detections, (detection) => reads(detection, host, options))
  const ofRisk = [...(rounds.risk ?? []), ...(rounds.both ?? [])]
  const index = ofRisk.length === 0 ? undefined : new RiskIndex()

  const { collector } = index ?? {}
  await runRound([...(rounds.evidence ?? []), ...(collector === undefined ? [] : [collector])], host, options, index)
  if (index === undefined || options.signal?.aborted) return
  const { source } = index
  if (rounds.risk !== undefined) await runRound(rounds.risk, { ...host, source }, options)
  if (rounds.both !== undefined) {
    await runRound(rounds.both, { ...host, source: joined(source, host.source) }, options)
  }
}

/** What a detection searches, judged by the indexes and data models that its search names. */
function reads(detection: Detection, { macros }: SearchHost, options: RoundsOptions): 'evidence' | 'risk' | 'both' {
  let text: string
  try {
    text = parseSearch(detection.search, macros, options).expanded.text
  } catch (error) {
    // What is wrong with the search is reported when it is run.
    if (error instanceof SearchError) return 'evidence'
    throw error
  }
  const named = [...text.matchAll(/\b(?:index|datamodel)\s*(?:=|:|\s)\s*"?(\w+)/gi)].map(([, name]) => name!.toLowerCase())
  const ofRisk = named.filter((name) => name === 'risk' || name === 'notable').length
  return ofRisk === 0 ? 'evidence' : ofRisk === named.length ? 'risk' : 'both'
}

async function runRound(
  detections: readonly Detection[],
  host: SearchHost,
  options: RoundsOptions,
  index?: RiskIndex,
): Promise<void> {
  const give = (found: DetectedFinding): void => {
    options.onFinding(found)
    index?.addFinding(found)
  }
  const held = new Map<Detection, Finding[]>()
  await runDetections(detections, host, {
    ...options,
    onRow(row) {
      const { detection } = row
      if (detection === index?.collector) index.addEvent(row)
      else if (detection.throttling === undefined) give({ detection, finding: options.assess(row) })
      else {
        const findings = held.get(detection) ?? []
        held.set(detection, findings)
        findings.push(options.assess(row))
      }
    },
    onOutcome(outcome) {
      const { detection } = outcome
      if (detection === index?.collector) return
      const findings = held.get(detection) ?? []
      const kept = detection.throttling === undefined ? findings : throttle(findings, detection.throttling)
      for (const finding of kept) give({ detection, finding })
      if (kept.length < findings.length) options.onThrottled(detection, findings.length - kept.length)
      options.onOutcome(outcome)
    },
  })
}

/** The risk and notable events of a scan: those of its findings, and those that the evidence itself holds. */
class RiskIndex {
  /** A search that takes part in the first round and brings the events that the evidence holds. */
  readonly collector: Detection
  readonly #attack: AttackTable = bundledAttackTable()
  readonly #findings: DetectedFinding[] = []
  readonly #events: IndexedRow[] = []

  constructor(any: Detection) {
    const name = 'events of the risk and notable indexes'
    this.collector = { ...any, name, search: locatedText({ name, text: 'index=risk OR index=notable' }) }
  }
}
