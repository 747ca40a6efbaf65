// Tells why a search gives no rows over some evidence: which term or command removed the last row, and which field was
// never there. It runs the search once more, slowly, with an eye on every step.

import { SearchError } from '../diagnostics/diagnostic.ts'
import type { TstatsTerms } from '../spl/commands/shared/tstats-terms.ts'
import { compilePredicate } from '../spl/eval/compile.ts'
import { namedFields } from '../spl/eval/named-fields.ts'
import { compileSearch } from '../spl/match/compile-search.ts'
import { searchFields } from '../spl/match/search-fields.ts'
import type { RunContext } from '../spl/run/context.ts'
import { createContext, type SearchHost, type SearchOptions } from '../spl/run/run.ts'
import type { Command, Expression, Pipeline, SearchExpression } from '../spl/syntax/ast.ts'
import { printCommand, printExpression, printSearch } from '../spl/syntax/print.ts'
import type { Batch } from '../value/batch.ts'
import type { Mask } from '../value/mask.ts'
import { textsOf } from '../value/value.ts'

/** A step that rows pass or not. */
export interface PassedStep {
  /** The term or command as people write it. */
  readonly text: string
  /** Rows that were left when it was their turn, and after it. */
  readonly before: number
  readonly after: number
}

export interface Explanation {
  /** Events that there were at all. */
  readonly events: number
  readonly steps: readonly PassedStep[]
  /** What removed the last row, in a sentence. */
  readonly verdict: string
}

/** A condition that is tested on rows which passed the ones before it. */
interface Sieve {
  readonly text: string
  readonly fields: readonly string[]
  /** Undefined where it cannot be tested by itself. */
  readonly test: ((batch: Batch) => Mask) | undefined
  count: number
  /** Values of its fields in rows that reached it, most frequent first, and in how many rows they were. */
  readonly seen: Map<string, Map<string, number>>
}

/** Different values of a field that are remembered, and shown. */
const mostValues = 1000
const shownValues = 3

/** Runs a search that gave nothing once more and says where its last row was lost. */
export async function whyNoRows(
  pipeline: Pipeline,
  host: SearchHost,
  options: SearchOptions,
): Promise<Explanation> {
  const context = createContext(host, options)
  const steps: PassedStep[] = []
  const [first, ...others] = pipeline.commands
  let events = 0
  for await (const batch of context.scanEvents(undefined, new Set())) events += batch.length
  if (events === 0 || first === undefined) return { events, steps, verdict: 'There are no events.' }

  const base = baseSieves(first, context)
  if (base !== undefined) {
    const lost = await sift(base, events, steps, context)
    if (lost !== undefined) return { events, steps, verdict: lost }
  }
  const watched = others.map(
    (command): Watched => ({ command, sieves: commandSieves(command, context), before: 0 }),
  )
  let rows = context.runPipeline({ ...pipeline, commands: [first] })
  for (const watch of watched) {
    rows = context.runOver({ ...pipeline, commands: [watch.command] }, watching(rows, watch))
  }
  let results = 0
  for await (const batch of rows) results += batch.length
  if (results > 0) return { events, steps, verdict: `It gives ${plural(results, 'row')}.` }
  const last = watched.findLast(({ before }) => before > 0)
  if (last !== undefined) return { events, steps, verdict: lossOf(last, steps) }
  return {
    events,
    steps,
    verdict: `${shown(printCommand(first))} gave no rows of ${plural(events, 'event')}.`,
  }
}

interface Watched {
  readonly command: Command
  readonly sieves: readonly Sieve[]
  /** Rows that came to it. */
  before: number
}

function lossOf({ command, sieves, before }: Watched, steps: PassedStep[]): string {
  let left = before
  for (const sieve of sieves) {
    steps.push({ text: sieve.text, before: left, after: sieve.count })
    if (sieve.count === 0) return verdictOf(sieve, left)
    left = sieve.count
  }
  steps.push({ text: printCommand(command), before, after: 0 })
  return `${shown(printCommand(command))} removed the last ${plural(before, 'row')}.`
}

// ---- the events

interface Base {
  readonly sieves: Sieve[]
  /** What they are tested on: the events, or the rows of a dataset. */
  readonly rows: (events: Batch) => Batch
  readonly next?: Base
}

/** What the first command asks of events; undefined for commands that read none. */
function baseSieves(first: Command, context: RunContext): Base | undefined {
  const asTheyAre = (events: Batch): Batch => events
  if (first.name === 'search') return { sieves: searchSieves(termsOf(first), context), rows: asTheyAre }
  if (first.name !== 'tstats') return undefined
  const { from, where, by, options } = first.args as TstatsTerms
  const asked = where === undefined ? [] : searchSieves(where, context)
  const present = options.fillnull_value === undefined ? by.map(presence) : []
  if (from === undefined) return { sieves: [...asked, ...present], rows: asTheyAre }
  const dataset = context.dataModels.get(from.model, from.object)
  if (dataset === undefined) return undefined
  return {
    sieves: searchSieves(dataset.constraint, context, `${dataset.model}.${dataset.path}: `),
    rows: asTheyAre,
    next: { sieves: [...asked, ...present], rows: (events) => dataset.map(events) },
  }
}

/** Counts how many events pass each sieve. @returns the verdict when none is left */
async function sift(
  base: Base,
  events: number,
  steps: PassedStep[],
  context: RunContext,
): Promise<string | undefined> {
  for await (const batch of context.scanEvents(undefined, 'all')) {
    const passed = pass(batch, base)
    if (base.next !== undefined && passed.length > 0) pass(passed, base.next)
  }
  let left = events
  for (const sieve of [...base.sieves, ...(base.next?.sieves ?? [])]) {
    steps.push({ text: sieve.text, before: left, after: sieve.count })
    if (sieve.count === 0) return verdictOf(sieve, left)
    left = sieve.count
  }
  return undefined
}

const pass = (events: Batch, { sieves, rows }: Base): Batch => throughSieves(rows(events), sieves)

function throughSieves(batch: Batch, sieves: readonly Sieve[]): Batch {
  let left = batch
  for (const sieve of sieves) {
    if (left.length === 0) break
    remember(sieve, left)
    if (sieve.test !== undefined) left = left.filter(sieve.test(left))
    sieve.count += left.length
  }
  return left
}

function remember({ fields, seen }: Sieve, batch: Batch): void {
  for (const field of fields) {
    const values = seen.get(field) ?? new Map<string, number>()
    seen.set(field, values)
    for (let row = 0; row < batch.length; row++) {
      for (const text of textsOf(batch.value(field, row))) {
        const count = values.get(text)
        if (count !== undefined || values.size < mostValues) values.set(text, (count ?? 0) + 1)
      }
    }
  }
}

// ---- sieves of terms

function sieve(text: string, fields: Iterable<string>, test: Sieve['test']): Sieve {
  return { text, fields: [...fields], test, count: 0, seen: new Map() }
}

/** One for each term that must hold. */
function searchSieves(terms: SearchExpression, context: RunContext, prefix = ''): Sieve[] {
  if (terms.kind === 'And') return terms.terms.flatMap((term) => searchSieves(term, context, prefix))
  const text = prefix + printSearch(terms)
  const fields = [...searchFields(terms)].filter((name) => name !== '_raw' && name !== '_time')
  return [
    sieve(
      text,
      fields,
      testOf(() => compileSearch(terms, context)),
    ),
  ]
}

function whereSieves(condition: Expression, context: RunContext): Sieve[] {
  if (condition.kind === 'Binary' && condition.operator === 'AND') {
    return [...whereSieves(condition.left, context), ...whereSieves(condition.right, context)]
  }
  const test = testOf(() => compilePredicate(condition, context))
  return [sieve(`where ${printExpression(condition)}`, namedFields(condition), test)]
}

/** Undefined for a term that waits for a subsearch: it cannot be tested by itself. */
function testOf(compile: () => (batch: Batch) => Mask): Sieve['test'] {
  try {
    return compile()
  } catch (error) {
    if (error instanceof SearchError) return undefined
    throw error
  }
}

/** A grouped row needs a value. */
const presence = (field: string): Sieve =>
  sieve(`by ${field}`, [field], (batch) =>
    Uint8Array.from({ length: batch.length }, (_, row) => (batch.value(field, row) === undefined ? 0 : 1)),
  )

function commandSieves(command: Command, context: RunContext): Sieve[] {
  switch (command.name) {
    case 'search':
      return searchSieves(termsOf(command), context)
    case 'where':
      return whereSieves((command.args as { condition: Expression }).condition, context)
    case 'stats':
    case 'chart':
      return ((command.args as { by?: readonly string[] }).by ?? []).map(presence)
    case 'dedup':
      return (command.args as { fields: readonly string[] }).fields.map(presence)
    default:
      return []
  }
}

const termsOf = ({ args }: Command): SearchExpression => (args as { terms: SearchExpression }).terms

// ---- watching the rows between commands

async function* watching(batches: AsyncIterable<Batch>, watch: Watched): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    watch.before += batch.length
    throughSieves(batch, watch.sieves)
    yield batch
  }
}

// ---- words

function verdictOf({ text, fields, seen }: Sieve, before: number): string {
  const missing = fields.filter((field) => (seen.get(field)?.size ?? 0) === 0)
  const of =
    before === 1 ? 'the 1 row that was left' : `the ${before.toLocaleString('en')} rows that were left`
  if (missing.length > 0) {
    const names = missing.map((field) => `"${field}"`).join(', ')
    const verb = missing.length === 1 ? 'The field' : 'The fields'
    return `${shown(text)} removed ${of}. ${verb} ${names} ${missing.length === 1 ? 'is' : 'are'} in none of them.`
  }
  const found = fields.map((field) => `${field} is ${commonValues(seen.get(field)!)}`).join('; ')
  return `${shown(text)} removed ${of}.${found === '' ? '' : ` There ${found}.`}`
}

function commonValues(values: ReadonlyMap<string, number>): string {
  const sorted = [...values].sort(([, a], [, b]) => b - a)
  const common = sorted
    .slice(0, shownValues)
    .map(([text, count]) => `${JSON.stringify(cut(text))} (${count})`)
  const rest = sorted.length - common.length
  return `${common.join(', ')}${rest > 0 ? ` and ${rest} other values` : ''}`
}

const shown = (text: string): string => `\`${cut(text, 200)}\``

const cut = (text: string, longest = 60): string =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text

const plural = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
