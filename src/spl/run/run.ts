// Runs searches: parses text, plans, and pulls batches through the commands.

import { assert, type Diagnostic, SearchError } from '../../diagnostics/diagnostic.ts'
import { type LocatedText, locatedText } from '../../diagnostics/source.ts'
import { Batch } from '../../value/batch.ts'
import { valueAt } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import { checkExpressions } from '../check/check-expressions.ts'
import { commandSyntaxes, definitionOf } from '../commands/index.ts'
import { compileExpression } from '../eval/compile.ts'
import type {
  DataModels,
  DatasetRows,
  EventSource,
  Extractions,
  Locations,
  Lookups,
  Macros,
  SavedSearches,
  ScanRequest,
  WantedFields,
} from '../host.ts'
import { type ExpandedText, expandMacros } from '../macros/expand.ts'
import { globalTimeModifiers, timeModifierBounds } from '../match/time-modifiers.ts'
import { buildPlan } from '../plan/build.ts'
import { optimise } from '../plan/optimise.ts'
import type { Plan, Step } from '../plan/plan.ts'
import type { Command, Pipeline, SearchExpression } from '../syntax/ast.ts'
import { type CommandSyntaxes, parseExpression, parsePipeline } from '../syntax/parser.ts'
import { defaultLimits, type Limits, type ParsingContext, type RunContext } from './context.ts'
import { MemoryBudget, type MemoryShare } from './memory.ts'
import { scanned } from './scan.ts'
import { resolveSubsearches } from './subsearch.ts'

/** What a search runs over and with. */
export interface SearchHost {
  readonly source: EventSource
  readonly macros: Macros
  readonly lookups: Lookups
  readonly dataModels: DataModels
  readonly locations?: Locations
  /** For savedsearch and others that name one; absent: there is none. */
  readonly savedSearches?: SavedSearches
  /** Stanzas of transforms.conf, for extract. */
  readonly extractions?: Extractions
  /** Forms, for kvform. */
  readonly forms?: Extractions
}

export interface SearchOptions {
  /** Epoch seconds that `now()` and relative times see. */
  readonly now: number
  /** IANA name, `UTC` or an offset. */
  readonly timeZone: string
  readonly limits?: Limits
  readonly signal?: AbortSignal
  /** Epoch seconds; undefined: unbounded. A search's own earliest and latest win. */
  readonly earliest?: number | undefined
  readonly latest?: number | undefined
  /** Receives each warning once. */
  readonly warn?: (diagnostic: Diagnostic) => void
  /** Its share of what may be held by searches that run together. Absent: it has all for itself. */
  readonly memory?: MemoryShare
  /** False: run the plan as written. The results are the same. */
  readonly optimise?: boolean
  /** The commands that the search may use, from `commandsWith`. Absent: Karst's own. */
  readonly commands?: CommandSyntaxes
}

/** A search that was read: its text after macro expansion, and its tree. */
export interface ParsedSearch {
  readonly expanded: ExpandedText
  readonly pipeline: Pipeline
}

/**
 * Expands macros and parses.
 * @throws SearchError with every error found
 */
export function parseSearch(source: LocatedText, macros: Macros, context: ParsingContext): ParsedSearch {
  const expanded = expandSearch(source, macros, context)
  return { expanded, pipeline: parseExpanded(expanded, context) }
}

function expandSearch(source: LocatedText, macros: Macros, context: ParsingContext): ExpandedText {
  const evaluate = (expression: string, name: string): Value => {
    const tree = parseExpression(expression, name)
    const column = compileExpression(tree, { ...context, warn: () => {} })(new Batch(1, []))
    return valueAt(column, 0)
  }
  return expandMacros(source, macros, { evaluate })
}

function parseExpanded(expanded: LocatedText, context: ParsingContext): Pipeline {
  const pipeline = parsePipeline(expanded, context.commands ?? commandSyntaxes)
  checkExpressions(pipeline, expanded, context)
  return pipeline
}

/**
 * Runs a parsed search and yields its rows. Leaving the loop stops it.
 * @throws SearchError when something turns out wrong while running
 */
export function runSearch(
  pipeline: Pipeline,
  host: SearchHost,
  options: SearchOptions,
): AsyncIterable<Batch> {
  return createContext(host, options).runPipeline(pipeline)
}

/** The context in which a host's searches run; for callers that feed commands themselves. */
export function createContext(host: SearchHost, options: SearchOptions): RunContext {
  const warned = new Set<string>()
  const warn = (diagnostic: Diagnostic): void => {
    if (warned.has(diagnostic.message)) return
    warned.add(diagnostic.message)
    options.warn?.(diagnostic)
  }
  const signal = options.signal ?? new AbortController().signal
  const limits = options.limits ?? defaultLimits
  const base = {
    now: options.now,
    timeZone: options.timeZone,
    limits,
    memory: options.memory ?? new MemoryBudget(limits.maxMemory).share(),
    signal,
    warn,
    source: host.source,
    lookups: host.lookups,
    dataModels: host.dataModels,
    ...(options.commands === undefined ? {} : { commands: options.commands }),
    ...(host.locations === undefined ? {} : { locations: host.locations }),
    savedSearches: host.savedSearches ?? nothingNamed,
    extractions: host.extractions ?? nothingNamed,
    forms: host.forms ?? nothingNamed,
  }
  /** Pipelines inside others that were begun before their command asked for them. */
  const begun: Begun = new Map()
  const prepare = (plan: Plan): Plan => (options.optimise === false ? plan : optimise(plan))
  const within = (
    earliest: number | undefined,
    latest: number | undefined,
    savedSearch: readonly string[],
  ): RunContext => {
    const context: RunContext = {
      ...base,
      earliest,
      latest,
      savedSearch,
      async *runPipeline(pipeline, saved) {
        const running = begun.get(pipeline)
        if (running !== undefined) {
          begun.delete(pipeline)
          yield* running
          return
        }
        const plan = prepare(buildPlan(await withReadyTerms(pipeline, context)))
        const range = planRange(plan, context)
        const isSame = range.earliest === earliest && range.latest === latest && saved === undefined
        const names = saved === undefined ? savedSearch : [...savedSearch, saved]
        const inner = isSame ? context : within(range.earliest, range.latest, names)
        const nested = inner.source.expect === undefined ? [] : plan.steps.flatMap(pipelinesIn)
        try {
          yield* nested.length === 0
            ? runSteps(plan.steps, nothing(), inner)
            : runAhead(plan.steps, nested, inner, begun)
        } finally {
          for (const other of nested) await begun.get(other)?.return(undefined)
        }
      },
      runOver: (pipeline, input) =>
        runSteps(
          pipeline.commands.map((command) => ({ op: 'command', command })),
          input,
          context,
        ),
      expandMacros: (text) => expandSearch(locatedText({ name: 'search', text }), host.macros, base).text,
      parseSearch: (text) => parseExpanded(locatedText({ name: 'search', text }), base),
      scanEvents: (filter, fields, asDataset) =>
        scanned(context.source, scanRequest(filter, fields, asDataset, context), context),
    }
    return context
  }
  return within(options.earliest, options.latest, [])
}

async function* nothing(): AsyncIterable<Batch> {}

const nothingNamed = { get: () => undefined, names: () => [] }

type Begun = Map<Pipeline, AsyncGenerator<Batch>>

/**
 * Runs steps some of which have pipelines inside (append, join, …) and ask for events one after another. A source that
 * serves many searches can give them all at once, so they are begun together: what gives its rows only at the end is
 * started, and what would give them at once, too early, is announced to the source, which may gather it.
 */
function runAhead(
  steps: readonly Step[],
  nested: readonly Pipeline[],
  context: RunContext,
  begun: Begun,
): AsyncIterable<Batch> {
  for (const pipeline of nested) {
    if (pipeline.commands.some(holdsBack)) begun.set(pipeline, begin(context.runPipeline(pipeline)))
    else expect(() => firstScan(pipeline, context), context)
  }
  const place = steps.findIndex((step) => pipelinesIn(step).length > 0)
  const before = steps.slice(0, place)
  const rows = runSteps(before, nothing(), context)
  const isHeldBack = before.some((step) => step.op === 'command' && holdsBack(step.command))
  if (!isHeldBack) expect(() => stepScan(before[0], context), context)
  return runSteps(steps.slice(place), isHeldBack ? begin(rows) : rows, context)
}

const pipelinesIn = (step: Step): readonly Pipeline[] =>
  step.op === 'scan'
    ? []
    : [
        ...step.command.subsearches.map(({ pipeline }) => pipeline),
        ...(definitionOf(step.command)?.pipelines?.(step.command.args) ?? []),
      ]

const holdsBack = (command: Command): boolean => definitionOf(command)?.holdsBack?.(command.args) === true

/** Asks for the first rows at once, and hands them on with all others to whoever comes for them. */
function begin(rows: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  const iterator = rows[Symbol.asyncIterator]()
  const first = iterator.next()
  // An error is met again by whoever comes for the rows.
  first.catch(() => {})
  async function* all(): AsyncGenerator<Batch> {
    try {
      for (let result = await first; result.done !== true; result = await iterator.next()) yield result.value
    } finally {
      await iterator.return?.()
    }
  }
  return all()
}

function expect(request: () => ScanRequest | undefined, { source }: RunContext): void {
  try {
    const expected = request()
    if (expected !== undefined) source.expect?.(expected)
  } catch (error) {
    // What is wrong with it is said when it is run.
    if (!(error instanceof SearchError)) throw error
  }
}

/** The events that a step asks for; undefined when it reads none, or which ones is known only when it runs. */
function stepScan(step: Step | undefined, context: RunContext): ScanRequest | undefined {
  if (step?.op === 'scan') return scanRequest(step.filter, step.fields, undefined, context)
  if (step === undefined || step.command.subsearches.length > 0) return undefined
  const wanted = definitionOf(step.command)?.scans?.(step.command.args, context)
  return wanted && scanRequest(wanted[0], wanted[1], wanted[2], context)
}

/** The events that a pipeline begins with, as far as they are known. */
function firstScan(pipeline: Pipeline, context: RunContext): ScanRequest | undefined {
  if (pipeline.commands[0]?.name === 'search' && pipeline.commands[0].subsearches.length > 0) return undefined
  const plan = optimise(buildPlan(pipeline))
  return stepScan(plan.steps[0], { ...context, ...planRange(plan, context) })
}

/** The pipeline with the subsearches of its first terms run, so that the plan can give those terms to the source. */
async function withReadyTerms(pipeline: Pipeline, context: RunContext): Promise<Pipeline> {
  const [first, ...others] = pipeline.commands
  if (first?.name !== 'search' || first.subsearches.length === 0) return pipeline
  return { ...pipeline, commands: [await resolveSubsearches(first, context), ...others] }
}

/** The time range that the plan's first search states, else that of the context. */
function planRange(
  { steps: [first] }: Plan,
  context: RunContext,
): { earliest: number | undefined; latest: number | undefined } {
  let { earliest, latest } = context
  if (first?.op === 'scan' && first.filter !== undefined) {
    for (const modifier of globalTimeModifiers(first.filter)) {
      const bounds = timeModifierBounds(modifier, context)
      earliest = bounds.earliest ?? earliest
      latest = bounds.latest ?? latest
    }
  }
  return { earliest, latest }
}

function runSteps(
  steps: readonly Step[],
  input: AsyncIterable<Batch>,
  context: RunContext,
): AsyncIterable<Batch> {
  return steps.reduce<AsyncIterable<Batch>>((rows, step) => runStep(step, rows, context), input)
}

function runStep(step: Step, input: AsyncIterable<Batch>, context: RunContext): AsyncIterable<Batch> {
  switch (step.op) {
    case 'scan':
      return context.scanEvents(step.filter, step.fields)
    case 'command':
      return runCommand(step.command, input, context)
  }
}

async function* runCommand(
  command: Command,
  input: AsyncIterable<Batch>,
  context: RunContext,
): AsyncIterable<Batch> {
  const resolved = await resolveSubsearches(command, context)
  const definition = definitionOf(resolved)
  assert(definition !== undefined, `the command ${resolved.name} was parsed but is not there`)
  yield* definition.run(resolved.args, input, context)
}

function scanRequest(
  filter: SearchExpression | undefined,
  fields: WantedFields,
  asDataset: DatasetRows | undefined,
  { signal, earliest, latest }: Pick<RunContext, 'signal' | 'earliest' | 'latest'>,
): ScanRequest {
  return {
    fields,
    signal,
    ...(filter === undefined ? {} : { filter }),
    ...(asDataset === undefined ? {} : { asDataset }),
    ...(earliest === undefined ? {} : { earliest }),
    ...(latest === undefined ? {} : { latest }),
  }
}
