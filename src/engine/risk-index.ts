// Runs detections in two rounds: first those that read evidence, then those that read what the first ones raised, the
// indexes "risk" and "notable". Making those events is left to risk.

import type { Detection } from '../content/detection.ts'
import type { Finding } from '../detect/finding.ts'
import {
  type DetectionOutcome,
  type DetectionRow,
  type RunDetectionsOptions,
  runDetections,
  skipped,
} from '../detect/run-detections.ts'
import { SearchError } from '../diagnostics/diagnostic.ts'
import { locatedText } from '../diagnostics/source.ts'
import type { AssessedRow } from '../risk/assess.ts'
import { type AttackTable, bundledAttackTable } from '../risk/attack.ts'
import { byTime } from '../risk/entities.ts'
import { type DetectedFinding, type IndexedEvent, notableEvent, riskEvents } from '../risk/risk-index.ts'
import { throttle } from '../risk/throttle.ts'
import type { EventSource } from '../spl/host.ts'
import type { ParsedSearch, SearchHost } from '../spl/run/run.ts'
import { Batch, batchRows, type EventReference } from '../value/batch.ts'
import { numberOf } from '../value/value.ts'

export interface RoundsOptions extends Omit<RunDetectionsOptions, 'onRow' | 'onOutcome'> {
  parse(detection: Detection): ParsedSearch
  assess(row: AssessedRow): Finding
  /** What allow-lists make of a finding; undefined where they leave it out. */
  admit?(found: DetectedFinding): Finding | undefined
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
  const parse = parseOnce(options.parse)
  const readBy = new Map(detections.map((detection) => [detection, reads(detection, parse)]))
  const those = (what: Read): Detection[] => detections.filter((detection) => readBy.get(detection) === what)
  const [evidence, risk, both] = [those('evidence'), those('risk'), those('both')]
  const [any] = [...risk, ...both]
  const given = { ...options, parse }
  if (any === undefined) return runRound(evidence, host, given)

  const index = new RiskIndex(any)
  await runRound([...evidence, index.collector], host, given, index)
  if (options.signal?.aborted) {
    for (const detection of [...risk, ...both])
      options.onOutcome(skipped({ detection, matchedEvents: 0, rows: 0, ms: 0 }))
    return
  }
  const source = index.source()
  await runRound(risk, { ...host, source }, given)
  if (both.length > 0) await runRound(both, { ...host, source: joined(source, host.source) }, given)
}

/** What a search reads. */
type Read = 'evidence' | 'risk' | 'both'

type Parse = RoundsOptions['parse']

/** Remembers the searches that were read, and the errors of those that could not be. */
function parseOnce(parse: Parse): Parse {
  const results = new Map<Detection, () => ParsedSearch>()
  return (detection) => {
    let result = results.get(detection)
    if (result === undefined) {
      try {
        const search = parse(detection)
        result = () => search
      } catch (error) {
        result = () => {
          throw error
        }
      }
      results.set(detection, result)
    }
    return result()
  }
}

/** What a detection searches, judged by the indexes and data models that its search names. */
function reads(detection: Detection, parse: Parse): Read {
  let text: string
  try {
    text = parse(detection).expanded.text
  } catch (error) {
    // What is wrong with the search is reported when it is run.
    if (error instanceof SearchError) return 'evidence'
    throw error
  }
  const named = [
    ...text.matchAll(/\bindex\s*=\s*"?([\w*-]+)/gi),
    ...text.matchAll(/\bdatamodel\s*[=:\s]\s*"?(\w+)/gi),
  ].map(([, name]) => name!.toLowerCase())
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
      if (detection === index?.collector) return index.addEvent(row)
      const assessed = options.assess(row)
      // Before throttling: what is left out must not silence what is not.
      const finding = options.admit === undefined ? assessed : options.admit({ detection, finding: assessed })
      if (finding === undefined) return
      if (detection.throttling === undefined) return give({ detection, finding })
      const findings = held.get(detection) ?? []
      held.set(detection, findings)
      findings.push(finding)
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

/** An event as a row, and the records that led to it. */
interface IndexedRow {
  readonly event: IndexedEvent
  readonly origins: readonly EventReference[]
}

/** The risk and notable events of a scan: those of its findings, and those that the evidence itself holds. */
class RiskIndex {
  /** A search that takes part in the first round and brings the events that the evidence holds. */
  readonly collector: Detection
  readonly #attack: AttackTable = bundledAttackTable()
  readonly #findings: DetectedFinding[] = []
  readonly #fromEvidence: IndexedRow[] = []

  /** @param any a detection, of which the collector is a copy with another search */
  constructor(any: Detection) {
    const name = 'events of the indexes risk and notable'
    this.collector = { ...any, name, search: locatedText({ name, text: 'index=risk OR index=notable' }) }
  }

  addFinding(found: DetectedFinding): void {
    this.#findings.push(found)
  }

  addEvent({ row, events }: DetectionRow): void {
    this.#fromEvidence.push({ event: row, origins: events })
  }

  /** The events as an index gives them: the newest first. They are made while they are read, since they are many times the findings' size. */
  source(): EventSource {
    const findings = this.#findings.toSorted((a, b) => byTime(b.finding, a.finding))
    const fromEvidence = this.#fromEvidence.toSorted(
      (a, b) => (numberOf(b.event.get('_time')) ?? 0) - (numberOf(a.event.get('_time')) ?? 0),
    )
    const attack = this.#attack
    function* rows(): Generator<IndexedRow> {
      yield* fromEvidence
      for (const found of findings) {
        const notable = notableEvent(found, attack)
        const events = [...riskEvents(found, attack), ...(notable === undefined ? [] : [notable])]
        for (const event of events) yield { event, origins: found.finding.events }
      }
    }
    async function* batches(signal: AbortSignal): AsyncGenerator<Batch> {
      let waiting: IndexedRow[] = []
      for (const row of rows()) {
        waiting.push(row)
        if (waiting.length < batchRows) continue
        signal.throwIfAborted()
        yield batchOf(waiting)
        waiting = []
      }
      if (waiting.length > 0) yield batchOf(waiting)
    }
    return {
      scan: ({ signal }) => ({ batches: batches(signal), applied: { filter: false, times: false } }),
    }
  }
}

function batchOf(rows: readonly IndexedRow[]): Batch {
  const batch = Batch.fromRows(rows.map(({ event }) => event))
  return new Batch(
    batch.length,
    [],
    { names: () => batch.names(), read: (name) => batch.column(name) },
    (row) => rows[row]!.origins,
  )
}

/** One source after another. */
function joined(first: EventSource, second: EventSource): EventSource {
  return {
    scan(request) {
      async function* batches(): AsyncGenerator<Batch> {
        yield* first.scan(request).batches
        yield* second.scan(request).batches
      }
      return { batches: batches(), applied: { filter: false, times: false } }
    },
  }
}
