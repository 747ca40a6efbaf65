// Judges content without evidence: reads every search, runs it over no events, checks what it surely gets wrong, and
// gathers what the checks of content need to know.

import type { Detection } from '../content/detection.ts'
import type { Content } from '../content/load.ts'
import { type CheckCode, type Level, levelOf } from '../content/validate/codes.ts'
import type { SearchFacts } from '../content/validate/facts.ts'
import { mainLabel, type Problem, problem } from '../content/validate/problem.ts'
import { checkContent } from '../content/validate/validate.ts'
import { type Diagnostic, SearchError } from '../diagnostics/diagnostic.ts'
import { type LocatedText, lineAndColumn, locatedText } from '../diagnostics/source.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { annotationsOf } from '../risk/annotations.ts'
import { bundledAttackTable } from '../risk/attack.ts'
import { fillDrilldowns } from '../risk/drilldowns.ts'
import { checkSearch, eventFields, listFields, mayHave, resultFields } from '../spl/check/check.ts'
import type { EventSource } from '../spl/host.ts'
import { createContext, type ParsedSearch, parseSearch, type SearchHost } from '../spl/run/run.ts'
import type { Pipeline } from '../spl/syntax/ast.ts'
import { checkOverlap } from './validate-overlap.ts'

export { type CheckCode, checkCodes, isCheckCode, type Level, levels } from '../content/validate/codes.ts'
export type { Problem } from '../content/validate/problem.ts'

export interface ValidateOptions {
  /** Levels other than the usual ones, by code. */
  readonly levels?: ReadonlyMap<CheckCode, Level>
  /** Judge these alone. Absent: all. */
  readonly detections?: readonly Detection[]
  /** What was said about configuration while it was loaded. */
  readonly diagnostics?: readonly Diagnostic[]
  /** Whether a location database was given, without which iplocation cannot be run. */
  readonly hasLocations?: boolean
}

/** What became of one detection. */
export interface Verdict {
  readonly detection: Detection
  /** `ran`: it can be run. */
  readonly status: 'ran' | 'unsupported' | 'error'
  readonly reason?: string
  readonly problems: number
  readonly ms: number
}

export interface ValidationReport {
  readonly verdicts: readonly Verdict[]
  /** By file and place. */
  readonly problems: readonly Problem[]
}

/** Validates content with what is known about events, macros, lookups and data models. */
export async function validateContent(
  content: Content,
  knowledge: Knowledge,
  options: ValidateOptions = {},
): Promise<ValidationReport> {
  const detections = options.detections ?? content.detections
  const isWhole = options.detections === undefined
  const problems: Problem[] = isWhole
    ? [...content.diagnostics, ...(options.diagnostics ?? [])].map((diagnostic) => contentProblem(diagnostic))
    : []
  const read: ReadSearch[] = []
  const drilldowns = new Map<string, readonly Diagnostic[]>()
  for (const detection of detections) {
    read.push(await readDetection(detection, knowledge, drilldowns, options.hasLocations ?? false))
  }
  for (const one of read) {
    const own = one.diagnostics.map((diagnostic) => contentProblem(diagnostic, one.detection))
    problems.push(...own, ...one.drilldowns)
  }
  if (isWhole) for (const baseline of content.baselines) problems.push(...checkBaseline(baseline, knowledge))

  const attack = bundledAttackTable()
  const context = {
    content,
    attack,
    killChainOf: ({ type, tags: { killChainPhases: _stated, ...tags }, ...rest }: Detection) =>
      annotationsOf({ ...rest, type, tags }, attack).kill_chain_phases,
  }
  const facts = read.map(({ facts: one }) => one)
  for (const found of checkContent(facts, context)) {
    if (isWhole || found.detection !== undefined) problems.push(found)
  }
  const searches = read.flatMap(({ detection, pipeline }) =>
    pipeline === undefined ? [] : [{ detection, pipeline }],
  )
  problems.push(...checkOverlap(searches))

  const judged = sorted(withLevels(problems, options.levels ?? new Map()))
  const counts = new Map<Detection, number>()
  for (const { detection } of judged)
    if (detection !== undefined) counts.set(detection, (counts.get(detection) ?? 0) + 1)
  return {
    problems: judged,
    verdicts: read.map(({ detection, status, reason, ms }) => ({
      detection,
      status,
      ...(reason === undefined ? {} : { reason }),
      problems: counts.get(detection) ?? 0,
      ms,
    })),
  }
}

/** What a search surely gets wrong though it can be run; nothing for one that cannot, which its run reports. */
export function searchWarnings(search: LocatedText, knowledge: Knowledge): readonly Diagnostic[] {
  try {
    return checkSearch(parseSearch(search, knowledge.macros, knowledge.context), knowledge)
  } catch (error) {
    if (error instanceof SearchError) return []
    throw error
  }
}

/** A detection whose search was read, as far as it could be. */
interface ReadSearch {
  readonly detection: Detection
  readonly status: Verdict['status']
  readonly reason?: string
  readonly diagnostics: readonly Diagnostic[]
  readonly drilldowns: readonly Problem[]
  readonly facts: SearchFacts
  readonly pipeline?: Pipeline
  readonly ms: number
}

async function readDetection(
  detection: Detection,
  knowledge: Knowledge,
  drilldowns: Map<string, readonly Diagnostic[]>,
  hasLocations: boolean,
): Promise<ReadSearch> {
  const started = performance.now()
  const bare = { detection, drilldowns: [], facts: { detection, macros: [] } }
  let search: ParsedSearch
  try {
    search = parseSearch(detection.search, knowledge.macros, knowledge.context)
  } catch (error) {
    return { ...bare, ...failure(error), ms: performance.now() - started }
  }
  const warnings: Diagnostic[] = [...checkSearch(search, knowledge)]
  const dry = await dryRun(search, knowledge, detection.search, (warning) => warnings.push(warning))
  const outcome = dry.status === 'ran' && !hasLocations ? withoutLocations(search) : dry
  const fields = resultFields(search.pipeline, knowledge)
  const read = eventFields(search.pipeline, knowledge)
  return {
    ...bare,
    ...outcome,
    diagnostics: [...outcome.diagnostics, ...warnings],
    drilldowns: [...drilldownProblems(detection, knowledge, drilldowns)],
    facts: {
      detection,
      expanded: search.expanded.text,
      macros: search.expanded.macros.map(({ name }) => name),
      mayGive: (field) => mayHave(fields, field),
      given: listFields(fields),
      ...(read === undefined ? {} : { eventFields: [...read].sort() }),
    },
    pipeline: search.pipeline,
    ms: performance.now() - started,
  }
}

const noEvents: EventSource = {
  scan: () => ({ batches: (async function* () {})(), applied: { filter: true, times: true } }),
}

/** Runs a search over no events, so that everything it names is looked for: lookups, data models, functions. */
async function dryRun(
  { pipeline }: ParsedSearch,
  knowledge: Knowledge,
  written: LocatedText,
  warn: (warning: Diagnostic) => void,
): Promise<Pick<ReadSearch, 'status' | 'reason' | 'diagnostics'>> {
  const { lookups, macros, dataModels, savedSearches, extractions, forms, context } = knowledge
  const host: SearchHost = {
    source: noEvents,
    macros,
    dataModels,
    savedSearches,
    extractions,
    forms,
    // Nothing is written while content is judged.
    lookups: { ...lookups, write: () => ({ droppedFields: [], skippedRows: 0 }) },
    locations: { find: () => undefined },
  }
  const placed = (diagnostic: Diagnostic): Diagnostic =>
    diagnostic.labels.length > 0
      ? diagnostic
      : {
          ...diagnostic,
          labels: written.locate({ start: 0, end: Math.max(1, written.text.trimEnd().length) }),
        }
  try {
    const running = createContext(host, { ...context, warn: (warning) => warn(placed(warning)) })
    for await (const batch of running.runPipeline(pipeline)) if (batch.length < 0) break
    return { status: 'ran', diagnostics: [] }
  } catch (error) {
    const failed = failure(error)
    return { ...failed, diagnostics: failed.diagnostics.map(placed) }
  }
}

/** The verdict on a search that can be run, if it has a location database. Which one is not the content's business. */
function withoutLocations({ pipeline, expanded }: ParsedSearch): ReturnType<typeof failure> {
  const command = pipeline.commands.find(({ name }) => name === 'iplocation')
  if (command === undefined) return { status: 'ran', diagnostics: [] }
  const message = 'iplocation needs a location database, and none was given.'
  const labels = expanded.locate(command.nameSpan)
  const help = 'Give a .mmdb file with --geoip FILE.'
  return {
    status: 'unsupported',
    reason: `${message} ${help}`,
    diagnostics: [{ code: 'unsupported', severity: 'warning', message, labels, help }],
  }
}

/** Problems that mean "Karst or the evidence lacks something", not "the search is wrong". */
const lacking = new Set<CheckCode>([
  'unsupported', 'unknown-command', 'unknown-function', 'unknown-macro', 'missing-lookup', 'missing-datamodel',
  'regex-unsupported',
]) // biome-ignore format: a list

function failure(error: unknown): Pick<ReadSearch, 'status' | 'reason' | 'diagnostics'> {
  if (!(error instanceof SearchError)) {
    // One search on which Karst fails must not hide what is wrong with a thousand others.
    const reason = `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
    const message = `Karst made a mistake with this search: ${error instanceof Error ? error.message : String(error)}.`
    const help = 'Please report it with the search.'
    return {
      status: 'error',
      reason,
      diagnostics: [{ code: 'unsupported', severity: 'error', message, labels: [], help }],
    }
  }
  const errors = error.diagnostics.filter(({ severity }) => severity === 'error')
  const isUnsupported = errors.length > 0 && errors.every(({ code }) => lacking.has(code))
  return {
    status: isUnsupported ? 'unsupported' : 'error',
    reason: error.message,
    diagnostics: error.diagnostics,
  }
}

/**
 * Drilldowns are filled with values that say nothing, and then have to be searches. Most detections have the same ones,
 * so what was found out about a text is kept.
 */
function* drilldownProblems(
  detection: Detection,
  knowledge: Knowledge,
  known: Map<string, readonly Diagnostic[]>,
): Iterable<Problem> {
  if (detection.drilldowns.length === 0) return
  const tokens = detection.drilldowns.flatMap(({ search }) => search.match(/\$[^$\n]{1,80}\$/g) ?? [])
  const row = new Map(tokens.map((token) => [token.slice(1, -1), 'value']))
  // The detection's own search is judged by itself.
  const search = locatedText({ name: 'search', text: '*' })
  const drilldowns = fillDrilldowns({ ...detection, search }, row, { count: 1 }, knowledge.context)
  for (const [index, filled] of drilldowns.entries()) {
    let errors = known.get(filled.search)
    if (errors === undefined) {
      errors = errorsOf(locatedText({ name: filled.name, text: filled.search }), knowledge)
      known.set(filled.search, errors)
    }
    const [first] = errors
    if (first === undefined) continue
    const keys = ['drilldown_searches', index, 'search']
    yield problem('bad-drilldown', detection, keys, `The drilldown cannot be run: ${first.message}`, {
      ...(first.help === undefined ? {} : { help: first.help }),
      ...(errors.every(({ code }) => lacking.has(code)) ? { level: 'warning' as const } : {}),
    })
  }
}

function errorsOf(search: LocatedText, { macros, context }: Knowledge): readonly Diagnostic[] {
  try {
    parseSearch(search, macros, context)
    return []
  } catch (error) {
    if (error instanceof SearchError) return error.diagnostics
    throw error
  }
}

function checkBaseline({ search, file }: Content['baselines'][number], knowledge: Knowledge): Problem[] {
  let diagnostics: readonly Diagnostic[]
  try {
    diagnostics = checkSearch(parseSearch(search, knowledge.macros, knowledge.context), knowledge)
  } catch (error) {
    diagnostics = failure(error).diagnostics
  }
  return diagnostics.map((diagnostic) => ({ ...contentProblem(diagnostic), file }))
}

function contentProblem(diagnostic: Diagnostic, detection?: Detection): Problem {
  const { code, severity, labels } = diagnostic
  const file = detection?.file ?? labels[0]?.source.name
  return {
    ...diagnostic,
    severity: levelOf(code, severity),
    ...(detection === undefined ? {} : { detection }),
    ...(file === undefined ? {} : { file }),
  }
}

function withLevels(problems: readonly Problem[], levels: ReadonlyMap<CheckCode, Level>): Problem[] {
  return problems.flatMap((one) => {
    const level = levels.get(one.code)
    if (level === undefined) return [one]
    return level === 'off' ? [] : [{ ...one, severity: level }]
  })
}

/** Where a problem is. Lines and columns from 1; the end is behind the last character. */
export interface ProblemPosition {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** Where a problem is, for people and programs; undefined where no file is to blame. */
export function positionOf(one: Problem): ProblemPosition | undefined {
  const label = mainLabel(one)
  if (label === undefined) {
    return one.file === undefined
      ? undefined
      : { file: one.file, line: 1, column: 1, endLine: 1, endColumn: 1 }
  }
  const { source, span } = label
  const end = lineAndColumn(source, span.end)
  return { file: source.name, ...lineAndColumn(source, span.start), endLine: end.line, endColumn: end.column }
}

function sorted(problems: readonly Problem[]): Problem[] {
  return problems
    .map((one) => ({ one, position: positionOf(one) }))
    .sort(
      (a, b) =>
        compare(a.one.file ?? '', b.one.file ?? '') ||
        (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
        (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
        compare(a.one.code, b.one.code),
    )
    .map(({ one }) => one)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
