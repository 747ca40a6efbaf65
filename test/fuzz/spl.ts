// Fuzzes the language: lexer, macro expander, parser, checks, plans, commands, expressions and aggregates. Searches that
// make sense (shared/random-spl.ts), searches put together from pieces, and real ones damaged are run over random events
// with hostile names and values. A search may be refused; nothing else may be thrown, and none may take long. And:
//
//   - printing a search and reading it again gives the same tree, also for terms and expressions on their own
//   - parts of a search written as macros, with arguments or as eval expressions, expand to the search
//   - rows are the same optimised and not, however the events are split into batches, and in columns of either kind
//   - rows have no field of which the checks say that it cannot be there
//
//   npx tsx test/fuzz/spl.ts [SECONDS [SEED]]      see README.md

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { SearchError } from '../../src/diagnostics/diagnostic.ts'
import { locatedText } from '../../src/diagnostics/source.ts'
import { type Knowledge, knowledgeOf } from '../../src/knowledge/knowledge.ts'
import { checkSearch, mayHave, resultFields } from '../../src/spl/check/check.ts'
import { commands } from '../../src/spl/commands/index.ts'
import { functions } from '../../src/spl/eval/functions/index.ts'
import type { Location, MacroDefinition, Macros, Scan } from '../../src/spl/host.ts'
import { defaultLimits } from '../../src/spl/run/context.ts'
import { rowsSource } from '../../src/spl/run/rows-source.ts'
import { type ParsedSearch, parseSearch, runSearch, type SearchHost } from '../../src/spl/run/run.ts'
import { aggregates } from '../../src/spl/stats/aggregates/index.ts'
import type { Pipeline } from '../../src/spl/syntax/ast.ts'
import { parseExpression, parseSearchTerms } from '../../src/spl/syntax/parser.ts'
import { printExpression, printPipeline, printSearch } from '../../src/spl/syntax/print.ts'
import { Batch } from '../../src/value/batch.ts'
import { dictOf, sliceColumn, valuesOf } from '../../src/value/column.ts'
import { type ResultRow, resultRow } from '../../src/value/result-row.ts'
import { pick, type RandomNumbers, randomNumbers } from '../support/random-numbers.ts'
import { corpusPaths } from './shared/corpus.ts'
import { fuzzProgram, inputNumbers, type Run, seedOf } from './shared/extent.ts'
import { inTime } from './shared/limits.ts'
import { isUnsteady, type RandomEvent, randomEvents, SearchWriter } from './shared/random-spl.ts'

/** For a search in all ways in which it is run. */
const maxMs = 20_000
const mostFailures = 20
const now = 1_700_000_000
const context = { now, timeZone: 'UTC', warn: () => {} }
/** Some are reached by these few events, which shows what happens then. */
const limits = { ...defaultLimits, subsearchMaxout: 20, listMaxsize: 5, maxRows: 20_000 }

export interface SplReport {
  readonly seed: number
  inputs: number
  ran: number
  refused: number
  rows: number
  macros: number
  slowest: { readonly input: number; readonly ms: number }
  /** Commands, functions and aggregates that ran, of all that there are. */
  readonly exercised: string
  readonly failures: readonly string[]
}

/** Runs random searches, and goes on when a promise is broken: what was broken is told with the input's number. */
export async function fuzzSpl(run: Run): Promise<SplReport> {
  const real = realSearches()
  const knowledge = surroundings()
  const report = {
    seed: run.seed,
    inputs: 0,
    ran: 0,
    refused: 0,
    rows: 0,
    macros: 0,
    slowest: { input: 0, ms: 0 },
  }
  const coverage = new Coverage()
  const failures: string[] = []
  for (const input of inputNumbers(run)) {
    const random = randomNumbers(seedOf(run.seed, input))
    const spl = randomSearch(random, real)
    const events = randomEvents(random)
    const choices = seedOf(run.seed + 1, input)
    let tried: Tried | undefined
    try {
      const ms = await inTime(maxMs, async () => {
        tried = await trySearch(spl, events, knowledge, randomNumbers(choices))
      })
      if (ms > report.slowest.ms) report.slowest = { input, ms: Math.round(ms) }
    } catch (error) {
      failures.push(`input ${input}: ${JSON.stringify(spl)}\n${shownError(error)}`)
      if (failures.length >= mostFailures) break
    }
    report.inputs++
    if (tried === undefined) continue
    report.macros += tried.macros
    if (tried.rows === undefined) {
      report.refused++
      continue
    }
    report.ran++
    report.rows += tried.rows
    coverage.add(tried.pipeline!, spl)
  }
  return { ...report, exercised: coverage.summary(), failures }
}

function shownError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\n${shownError(error.cause)}`
  return (error instanceof Broken ? error.message : (error.stack ?? error.message)) + cause
}

/** A promise of the language that does not hold. */
class Broken extends Error {}

/**
 * Commands whose rows show the order of the fields that reach them. The fields of events have none that holds: it is that
 * of their first appearance, and batches have their own.
 */
const showsFieldOrder = /\b(?:foreach|untable|tojson|transpose)\b/

/** Where not all rows are asked for, it depends on batches whether one that is refused is reached. */
const stopsEarly = /\bhead\b|\[/

/** What became of a search. */
interface Tried {
  readonly macros: number
  readonly pipeline?: Pipeline
  /** Undefined when it was refused. */
  readonly rows?: number
}

/** @throws whatever is wrong with us */
async function trySearch(
  spl: string,
  events: readonly RandomEvent[],
  knowledge: Knowledge,
  random: RandomNumbers,
): Promise<Tried> {
  const parsed = await refusable(() => parse(spl, knowledge.macros))
  const macros = checkMacros(spl, parsed, random)
  if (parsed instanceof SearchError) return { macros }
  const { pipeline } = parsed
  checkPrinting(parsed, knowledge.macros)
  checkSearch(parsed, { dataModels: knowledge.dataModels, lookups: knowledge.lookups })
  const planned = await rowsOf(pipeline, hostOver(events, knowledge))
  if (!isUnsteady(spl)) {
    const written = await rowsOf(pipeline, hostOver(events, knowledge), false)
    checkSame('not optimised', planned, written)
    const batchRows = 1 + random(4)
    const split = await rowsOf(pipeline, hostOver(events, knowledge, batchRows, random(2) === 0))
    const isRefused = planned instanceof SearchError || split instanceof SearchError
    if (!showsFieldOrder.test(spl) && !(isRefused && stopsEarly.test(spl)))
      checkSame(`in batches of ${batchRows}`, planned, split)
  }
  if (planned instanceof SearchError) return { macros, pipeline }
  const fields = resultFields(pipeline)
  for (const row of planned) {
    const stray = Object.keys(row).find((name) => !mayHave(fields, name))
    if (stray !== undefined)
      throw new Broken(`The checks say that there is no field "${stray}", and there is`)
  }
  return { macros, pipeline, rows: planned.length }
}

/** The result, or the SearchError with which something was refused. */
async function refusable<Result>(run: () => Result | Promise<Result>): Promise<Result | SearchError> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof SearchError) return error
    throw error
  }
}

const parse = (spl: string, macros: Macros): ParsedSearch =>
  parseSearch(locatedText({ name: 'search', text: spl }), macros, context)

function hostOver(
  events: readonly RandomEvent[],
  knowledge: Knowledge,
  batchRows?: number,
  asDictionaries = false,
): SearchHost {
  const { macros, lookups, dataModels, savedSearches, extractions, forms } = knowledge
  const rows = rowsSource(events, batchRows === undefined ? {} : { batchRows })
  return {
    source: asDictionaries ? { scan: (request) => withDictionaries(rows.scan(request), events) } : rows,
    macros,
    lookups,
    dataModels,
    savedSearches,
    extractions,
    forms,
    locations: { find: (address) => (address.startsWith('10.') ? somewhere : undefined) },
  }
}

/** The same rows in columns that are dictionaries, as those of evidence are: with values that no row of theirs has. */
function withDictionaries({ batches, applied }: Scan, events: readonly RandomEvent[]): Scan {
  async function* withDictionary() {
    for await (const batch of batches) {
      yield new Batch(
        batch.length,
        batch.names().map((name) => {
          const values = [...valuesOf(batch.column(name)!, batch.length)]
          const others = events.map((event) => event.get(name))
          return [name, sliceColumn(dictOf([...values, ...others]), 0, batch.length)] as const
        }),
      )
    }
  }
  return { batches: withDictionary(), applied }
}

async function rowsOf(
  pipeline: Pipeline,
  host: SearchHost,
  optimise = true,
): Promise<ResultRow[] | SearchError> {
  return refusable(async () => {
    const rows: ResultRow[] = []
    for await (const batch of runSearch(pipeline, host, { now, timeZone: 'UTC', optimise, limits })) {
      const known = batch.detach('all')
      for (let row = 0; row < known.length; row++) rows.push(resultRow(known.row(row)))
    }
    return rows
  })
}

/** The order of fields is that of their first appearance, which depends on batches. */
const inOrder = (row: ResultRow): [string, ResultRow[string]][] =>
  Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))

function checkSame(how: string, expected: ResultRow[] | SearchError, found: ResultRow[] | SearchError): void {
  const shown = (result: ResultRow[] | SearchError): string[] =>
    result instanceof SearchError ? [result.message] : result.map((row) => JSON.stringify(inOrder(row)))
  const [one, other] = [shown(expected), shown(found)]
  const at = one.findIndex((row, index) => row !== other[index])
  if (at < 0 && one.length === other.length) return
  const place = at < 0 ? one.length : at
  throw new Broken(
    `${how}: ${other.length} instead of ${one.length} rows; row ${place} is\n  ${other[place]}\ninstead of\n  ${one[place]}`,
  )
}

// ---- printing

/** What a tree says, without where it says it. */
function meaning(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(meaning)
  if (tree instanceof Map || tree instanceof Set) return [...tree].map(meaning)
  if (tree === null || typeof tree !== 'object') return typeof tree === 'function' ? undefined : tree
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([name]) => !places.has(name))
      .map(([name, value]) => [name, meaning(value)]),
  )
}

/** Where things stand, and how a keyword was quoted, which its printed form decides. */
const places = new Set(['span', 'nameSpan', 'text', 'textStart', 'start', 'end', 'quoted', 'source'])

function checkPrinting({ pipeline, expanded }: ParsedSearch, macros: Macros): void {
  const printed = printPipeline(pipeline)
  const again = parse(printed, macros).pipeline
  const reprinted = printPipeline(again)
  if (reprinted !== printed) throw new Broken(`Printed and read again it is printed as ${reprinted}`)
  // What is printed has single blanks, and some arguments are kept as they were written: the default name of sum(a  b).
  const hasMoreBlanks = /\s\s|[^\S ]/.test(expanded.text.replace(/"(?:\\.|[^"\\])*"|'[^'"]*'/g, 'x'))
  if (!hasMoreBlanks && !isDeepStrictEqual(meaning(again), meaning(pipeline)))
    throw new Broken(`Printed and read again it means something else: ${printed}`)
}

/** The same for search terms and for an expression. */
function checkPrintedPart(text: string, isTerms: boolean): void {
  try {
    const [tree, printed, again] = isTerms ? reprintedTerms(text) : reprintedExpression(text)
    if (!isDeepStrictEqual(meaning(again), meaning(tree)))
      throw new Broken(`${text} is printed as ${printed}, which means something else`)
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
  }
}

function reprintedTerms(text: string) {
  const tree = parseSearchTerms(text)
  const printed = printSearch(tree)
  return [tree, printed, orFault(printed, () => parseSearchTerms(printed))] as const
}

function reprintedExpression(text: string) {
  const tree = parseExpression(text)
  const printed = printExpression(tree)
  return [tree, printed, orFault(printed, () => parseExpression(printed))] as const
}

/** What is printed must be readable. */
function orFault<Result>(printed: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    throw new Broken(`This was printed and cannot be read: ${printed}`, { cause: error })
  }
}

// ---- macros

/** Writes parts of a search as macros and expands them; returns how many. */
function checkMacros(spl: string, parsed: ParsedSearch | SearchError, random: RandomNumbers): number {
  if (spl.includes('`')) return 0
  const definitions = new Map<string, MacroDefinition>()
  const disguised = disguise(spl, random, definitions, 0)
  if (definitions.size === 0) return 0
  const macros: Macros = { get: (name) => definitions.get(name), names: () => definitions.keys() }
  let text: string
  try {
    text = parse(disguised, macros).expanded.text
  } catch (error) {
    if (error instanceof SearchError && parsed instanceof SearchError) return definitions.size
    throw new Broken(`With macros it is refused: ${shownMacros(disguised, definitions)}`, { cause: error })
  }
  if (parsed instanceof SearchError) throw new Broken(`With macros it is not refused: ${disguised}`)
  if (text !== parsed.expanded.text)
    throw new Broken(`${shownMacros(disguised, definitions)} expands to ${text}`)
  return definitions.size
}

const shownMacros = (text: string, definitions: ReadonlyMap<string, MacroDefinition>): string =>
  JSON.stringify([text, ...definitions.values()], null, 1)

/** The text with some of its parts replaced by calls of macros that stand for them. */
function disguise(
  text: string,
  random: RandomNumbers,
  definitions: Map<string, MacroDefinition>,
  depth: number,
): string {
  const cuts = cutsOf(text)
  let result = text
  for (let left = random(3); left > 0 && cuts.length > 1 && depth < 3; left--) {
    const first = random(cuts.length - 1)
    const start = cuts[first]!
    const end = cuts[Math.min(cuts.length - 1, first + 1 + random(6))]!
    // Behind a part that was replaced already positions are others.
    if (result.slice(0, end) !== text.slice(0, end) || end === start) continue
    const part = disguise(text.slice(start, end), random, definitions, depth + 1)
    result = `${text.slice(0, start)}${callFor(part, random, definitions)}${result.slice(end)}`
  }
  return result
}

/** Positions outside quotation marks, between words. */
function cutsOf(text: string): number[] {
  const cuts: number[] = []
  let inQuotes = false
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') inQuotes = !inQuotes
    else if (!inQuotes && /[\s,|()[\]]/.test(text[at]!)) cuts.push(at, at + 1)
  }
  return inQuotes ? [] : [...new Set([0, ...cuts, text.length])].sort((a, b) => a - b)
}

/** Defines a macro whose expansion is the text, and gives a call of it. */
function callFor(text: string, random: RandomNumbers, definitions: Map<string, MacroDefinition>): string {
  const name = `m${definitions.size}`
  const isEval = random(4) === 0 && !/[`\ud800-\udfff\0]/.test(text)
  let definition = isEval ? `"${text.replace(/[\\"]/g, '\\$&')}"` : text
  const args: string[] = []
  const given: string[] = []
  // A word becomes an argument, and so does what stands between quotation marks.
  const argument = (found: RegExpExecArray | null, value: string): void => {
    if (found === null || definition.includes('$')) return
    const token = `p${args.length}`
    args.push(token)
    given.push(value)
    const at = found.index + found[0].indexOf(found[1]!)
    definition = `${definition.slice(0, at)}$${token}$${definition.slice(at + found[1]!.length)}`
  }
  if (random(2) === 0 && !text.includes('`')) {
    const word = /(?<![\w$\\])(\w{2,})(?![\w$])/.exec(definition)
    argument(word, word?.[1] ?? '')
    const quoted = isEval || args.length > 0 ? null : /(?<!\\)"([\w ,()=]+)"/.exec(definition)
    argument(quoted, `"${quoted?.[1]}"`)
  }
  const key = args.length === 0 ? name : `${name}(${args.length})`
  definitions.set(key, {
    name: key,
    args,
    definition,
    isEval,
    ...(random(4) === 0 ? { validation: 'true()' } : {}),
  })
  return args.length === 0 ? `\`${name}\`` : `\`${name}(${given.join(', ')})\``
}

// ---- searches

function randomSearch(random: RandomNumbers, real: readonly string[]): string {
  switch (random(8)) {
    case 0:
      return assembled(random)
    case 1:
      return damaged(pick(random, known), random)
    case 2:
      return damaged(pick(random, real.length > 0 ? real : known), random)
    default: {
      const search = writer(random).search()
      checkPrintedPart(writer(random).write('condition'), false)
      checkPrintedPart(writer(random).write('any'), false)
      checkPrintedPart(writer(random).write('terms'), true)
      return random(6) === 0 ? damaged(search, random) : search
    }
  }
}

const generators = commands.filter(({ type }) => type === 'generating').map(({ name }) => name)
const followers = commands
  .filter(({ type, mayFollow }) => type !== 'generating' || mayFollow !== undefined)
  .map(({ name }) => name)

const writer = (random: RandomNumbers): SearchWriter => new SearchWriter(random, followers, generators)

/** The examples of all commands: between them every option is used. */
const known = commands.flatMap((command) =>
  command.examples.map((example) => (typeof example === 'string' ? example : example.search)),
)

/** Searches of Splunk's content, where it is at hand. */
const realSearches = (): string[] =>
  corpusPaths('escu/detections', '.yml').flatMap(
    (path) => /^search: *'?([\s\S]*?)^how_to/m.exec(readFileSync(path, 'utf8'))?.[1] ?? [],
  )

const words = [
  'a', 'b', 'host', '_time', '_raw', '"my field"', "'my field'", '*', 'a*', 'x.y{}', '__proto__', '1', '-1', '0', '1e400',
  '"x"', '"*"', '"(a+)+$"', '"%Y-%m-%d"', '"s/a/b/g"', '5m', '1h', '-1d@d', 'by', 'as', 'AS', 'over', 'where', 'output',
  'OUTPUTNEW', 'IN', 'NOT', 'AND', 'OR', '(', ')', ',', '=', '!=', '<', '>=', '+', '-', '*', '/', '%', '.', '[', ']', '|',
  'span=1h', 'limit=2', 'field=a', 'max_match=0', 'window=3', 'current=f', 'mode=sed', 'true()', 'null()', '`', '```',
  '"(?<g>\\\\d+)"', '[search a=1 | fields a]', '[| makeresults | return $a]', '$a$', '\\', "'", '"', '<<FIELD>>', '\u202e',
  '`plain`', '`two(a, "b c")`', '`computed(1)`', '`checked(x)`', '`loop`', '`half`', '`missing`', '`two(', '```note``` ',
] // biome-ignore format: a list

const names = [
  ...commands.map(({ name }) => name),
  ...functions.map(({ name }) => `${name}(`),
  ...aggregates.map(({ name }) => `${name}(a)`),
]

function assembled(random: RandomNumbers): string {
  const parts: string[] = [random(2) === 0 ? '*' : '| makeresults count=3']
  for (let left = 1 + random(4); left > 0; left--) {
    parts.push('|', pick(random, commands).name)
    for (let more = random(8); more > 0; more--) parts.push(piece(random))
  }
  return parts.join(random(10) === 0 ? '' : ' ')
}

const piece = (random: RandomNumbers): string => (random(4) === 0 ? pick(random, names) : pick(random, words))

/** A search with a few pieces removed, doubled, replaced or inserted. */
function damaged(search: string, random: RandomNumbers): string {
  const parts = search.slice(0, 3000).split(/(\s+|(?=[|()[\],="'`])|(?<=[|()[\],="'`]))/)
  for (let left = random(5); left > 0; left--) {
    const at = random(parts.length)
    switch (random(4)) {
      case 0:
        parts.splice(at, 1)
        break
      case 1:
        parts.splice(at, 0, parts[at] ?? '')
        break
      case 2:
        parts[at] = piece(random)
        break
      default:
        parts.splice(at, 0, ' ', piece(random), ' ')
    }
  }
  return parts.join('')
}

// ---- surroundings

const somewhere: Location = {
  city: 'Here',
  continent: 'Europe',
  country: 'Austria',
  region: '',
  metroCode: '',
  timezone: 'UTC',
  latitude: '48.2',
  longitude: '16.4',
}

/** What searches can name. */
const surroundings = (): Knowledge =>
  knowledgeOf(
    {
      macros: `[plain]\ndefinition = a=1 OR b=x
[half]\ndefinition = | stats count by
[two(2)]\nargs = p, q\ndefinition = $p$="$q$" $other$
[computed(1)]\nargs = p\ndefinition = "a=" . ($p$ + 1)\niseval = 1
[checked(1)]\nargs = p\ndefinition = b=$p$\nvalidation = len("$p$") < 5\nerrormsg = too long
[loop]\ndefinition = x \`loop\``,
      savedsearches: '[saved]\nsearch = search * | eval z="$tok$" | head 2',
      transforms: '[stanza]\nREGEX = (\\w+)=(\\S+)\nFORMAT = $1::$2',
      lookups: new Map([['t.csv', 'a,n,t\nx,1,one\n1,2,"tw""o"\nweb1,,\nx,3,é\n,0,__proto__\n']]),
      forms: new Map([['form', 'sshd\\[(?<pid>\\d+)']]),
      models: [
        {
          name: 'M.json',
          text: JSON.stringify({
            modelName: 'M',
            objects: [
              {
                objectName: 'O',
                constraints: [{ search: 'a=*' }],
                fields: [{ fieldName: 'a' }, { fieldName: 'b' }, { fieldName: 'n' }],
                calculations: [
                  { calculationType: 'Eval', expression: 'a.b', outputFields: [{ fieldName: 'ab' }] },
                ],
              },
              { objectName: 'P', parentName: 'O', constraints: [{ search: 'b=x' }] },
            ],
          }),
        },
      ],
    },
    { context, report: () => {} },
  )

// ---- coverage

/** Which commands, functions and aggregates were part of searches that ran. */
class Coverage {
  readonly #commands = new Set<string>()
  readonly #texts = new Set<string>()

  add(pipeline: Pipeline, spl: string): void {
    for (const { name } of pipeline.commands) this.#commands.add(name)
    for (const [, name] of spl.matchAll(/\b([a-z][a-z0-9_]*)\(/gi)) this.#texts.add(name!.toLowerCase())
  }

  summary(): string {
    const called = (name: string): boolean =>
      [...this.#texts].some((text) => text.replace(/\d+$/, '') === name || text === name)
    const lists = [
      ['commands', commands.map(({ name }) => name), (name: string) => this.#commands.has(name)],
      ['functions', functions.map(({ name }) => name), called],
      ['aggregates', aggregates.map(({ name }) => name), called],
    ] as const
    return lists
      .map(([what, all, has]) => {
        const missed = all.filter((name) => !has(name))
        const without = missed.length === 0 || missed.length > 12 ? '' : ` (not ${missed.join(', ')})`
        return `${all.length - missed.length} of ${all.length} ${what}${without}`
      })
      .join(', ')
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await fuzzProgram(fuzzSpl, { usualInputs: 15_000 })
