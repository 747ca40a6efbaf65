// Runs baselines, the searches that fill the lookups which some detections compare with, and tells which detections
// compare with a lookup that none has filled. Where their tables are written is decided when the engine is opened.

import { suggest } from '../base/suggest.ts'
import { compileWildcard, hasWildcard } from '../base/text/wildcard.ts'
import type { Baseline } from '../content/baselines.ts'
import type { Detection } from '../content/detection.ts'
import { type Diagnostic, SearchError, searchError } from '../diagnostics/diagnostic.ts'
import type { Lookups } from '../spl/host.ts'
import type { Batch } from '../value/batch.ts'

/** How a baseline fared. */
export interface BaselineOutcome {
  readonly baseline: Baseline
  readonly status: 'ran' | 'unsupported' | 'error' | 'skipped'
  /** Why it did not run, in a sentence. */
  readonly reason?: string
  /** Rows at the end of its search. */
  readonly rows: number
  /** The lookups that it writes, and how many rows each has now. */
  readonly lookups: ReadonlyMap<string, number>
}

export interface BaselineRun {
  readonly lookups: Lookups
  /** Runs one search over the evidence. */
  search(baseline: Baseline): AsyncIterable<Batch>
  onOutcome(outcome: BaselineOutcome): void
  readonly signal?: AbortSignal | undefined
}

/**
 * The baselines that fit any of the names: ids, names, or patterns of these.
 * @throws SearchError for a name that fits none
 */
export function selectBaselines(all: readonly Baseline[], names: readonly string[]): readonly Baseline[] {
  if (names.length === 0) return all
  const tests = names.map((name) => {
    const test = nameTest(name)
    if (!all.some(test)) {
      const [nearest] = suggest(
        name,
        all.map((baseline) => baseline.name),
      )
      const help = nearest === undefined ? undefined : `Did you mean "${nearest}"?`
      throw searchError('bad-argument', `No baseline fits "${name}".`, help)
    }
    return test
  })
  return all.filter((baseline) => tests.some((test) => test(baseline)))
}

/** Whether a baseline has this name or id, or fits this pattern of one. */
export function nameTest(name: string): (baseline: Baseline) => boolean {
  const test = hasWildcard(name)
    ? compileWildcard(name, { ignoreCase: true })
    : (label: string) => label.toLowerCase() === name.toLowerCase()
  return (baseline) => test(baseline.name) || test(baseline.id)
}

/**
 * Runs baselines one after the other, as later ones read what earlier ones wrote.
 * @param areNamed  the user chose them by name: then those run, too, which the state of the lookups would rule out
 */
export async function runBaselines(
  baselines: readonly Baseline[],
  areNamed: boolean,
  run: BaselineRun,
): Promise<void> {
  const { lookups } = run
  const counts = (baseline: Baseline): Map<string, number> =>
    new Map(baseline.lookups.map((name) => [name, rowCount(lookups, name)]))
  // Judged before the first one runs: a table that was filled a moment ago needs no update.
  const reasons = new Map(
    baselines.map((baseline) => [baseline, reasonToSkip(baseline, baselines, areNamed, counts(baseline))]),
  )
  for (const baseline of baselines) {
    if (run.signal?.aborted) return
    const skipped = reasons.get(baseline)
    if (skipped !== undefined) {
      run.onOutcome({ baseline, ...skipped, rows: 0, lookups: counts(baseline) })
      continue
    }
    let rows = 0
    try {
      for await (const batch of run.search(baseline)) rows += batch.length
      run.onOutcome({ baseline, status: 'ran', rows, lookups: counts(baseline) })
    } catch (error) {
      if (!(error instanceof SearchError)) throw error
      const errors = error.diagnostics.filter(({ severity }) => severity === 'error')
      const isUnsupported = errors.every(({ code }) => unsupportedCodes.has(code))
      const status = isUnsupported ? 'unsupported' : 'error'
      run.onOutcome({ baseline, status, reason: error.message, rows, lookups: counts(baseline) })
    }
  }
}

/** Problems that mean "Karst or the evidence lacks something", not "the search is wrong". */
const unsupportedCodes: ReadonlySet<Diagnostic['code']> = new Set([
  ...(['unsupported', 'unknown-command', 'unknown-function', 'unknown-macro'] as const),
  ...(['missing-lookup', 'missing-datamodel', 'regex-unsupported'] as const),
])

function reasonToSkip(
  { name, search, lookups }: Baseline,
  all: readonly Baseline[],
  areNamed: boolean,
  counts: ReadonlyMap<string, number>,
): (Pick<BaselineOutcome, 'status' | 'reason'> & { reason: string }) | undefined {
  if (/\|\s*fit\s/i.test(search.text)) {
    const reason = 'It trains a model with "fit" of the Machine Learning Toolkit, which Karst does not have.'
    return { status: 'unsupported', reason }
  }
  if (lookups.length === 0) {
    return { status: 'skipped', reason: 'It writes no lookup; "karst search" runs its search as a report.' }
  }
  if (areNamed) return undefined
  const isFilled = [...counts.values()].some((count) => count > 0)
  const sibling = (ending: string): boolean =>
    all.some(
      (other) => other.name.endsWith(ending) && other.lookups.some((lookup) => lookups.includes(lookup)),
    )
  if (/ - Initial$/i.test(name) && isFilled && sibling('Update'))
    return {
      status: 'skipped',
      reason: 'Its lookup has rows already, which it would replace; the update adds to them.',
    }
  if (/ - Update$/i.test(name) && !isFilled && sibling('Initial'))
    return { status: 'skipped', reason: 'Its lookup was empty, so there was nothing to update.' }
  return undefined
}

/** The rows of a lookup; none where it is not there. */
function rowCount(lookups: Lookups, name: string): number {
  let count = 0
  for (const row of lookups.get(name)?.rows() ?? []) if (row !== undefined) count++
  return count
}

/** A detection that compares with an empty lookup, and the baselines that fill it. */
export interface UnfilledLookup {
  readonly detection: Detection
  readonly lookup: string
  readonly baselines: readonly Baseline[]
}

/** The detections whose search names a lookup that baselines write and that has no rows. */
export function unfilledLookups(
  detections: readonly Detection[],
  baselines: readonly Baseline[],
  lookups: Lookups,
): readonly UnfilledLookup[] {
  const writers = new Map<string, Baseline[]>()
  for (const baseline of baselines) {
    for (const lookup of baseline.lookups) {
      const known = writers.get(lookup)
      if (known === undefined) writers.set(lookup, [baseline])
      else known.push(baseline)
    }
  }
  return [...writers].flatMap(([lookup, filling]) => {
    const named = new RegExp(`(?<![\\w.-])${lookup.replace(/[^\w]/g, '\\$&')}(?![\\w-])`)
    // Only words that hold it need a look at where they begin and end.
    const reading = detections.filter(({ search: { text } }) => text.includes(lookup) && named.test(text))
    if (reading.length === 0 || rowCount(lookups, lookup) > 0) return []
    return reading.map((detection) => ({ detection, lookup, baselines: filling }))
  })
}

/** The warning about a detection without its baseline. */
export function unfilledWarning({ detection, lookup, baselines }: UnfilledLookup): Diagnostic {
  const [first] = baselines
  const place = detection.place?.(['search'])
  return {
    code: 'missing-lookup',
    severity: 'warning',
    message: `${detection.name} compares with the lookup "${lookup}", which is empty: its baseline never ran.`,
    labels: place === undefined ? [] : [place],
    help: `Run: karst baseline run "${first?.name ?? ''}" EVIDENCE --content CONTENT --state DIR; then scan with --state DIR.`,
  }
}
