// Finds, for many searches at once, the events that each of them wants. Results are those of testing every search's
// filter on every event; three steps save nearly all of that work:
//
//   kinds      a block's parts are events of one kind (one source, one EventCode): what a search asks beyond that is
//              worked out once per kind, and most searches ask for another kind altogether
//   witnesses  of what is left, the term that the fewest events pass; all searches' witnesses on one field are looked
//              up together, once per distinct value
//   exact      only rows with a witness are tested against the search's whole condition

import type { Batch, BatchPart } from '../value/batch.ts'
import type { Column } from '../value/column.ts'
import { type Condition, holds, simplify, type Term, type View } from './condition.ts'
import { type Kind, Kinds } from './kinds.ts'
import { type Hits, type IndexedTerm, indexTerms, noHits, type ValueIndex } from './value-index.ts'
import { isWholeCondition, witnessOf } from './witness.ts'

/** The rows that one search wants. */
export interface Match {
  /** The search's number. */
  readonly search: number
  readonly rows: Batch
}

export interface Matcher {
  /** What each search wants of a batch, in the order of the searches; those that want nothing are left out. */
  match(batch: Batch): readonly Match[]
}

/** What searches still ask of events of one kind. */
interface KindPlan {
  /** Searches that want all of them. */
  readonly always: readonly number[]
  /** Searches whose condition must be asked for every row. */
  readonly unwitnessed: readonly number[]
  /** Where the witnesses of the others are looked up. */
  readonly indexes: readonly FieldIndex[]
  /** The condition of each search; undefined where its witness says it all. */
  readonly conditions: ReadonlyMap<number, Condition>
}

interface FieldIndex {
  readonly view: View
  readonly field: string
  readonly index: ValueIndex
}

/** Plans are kept for this many kinds. */
const mostPlans = 1000

/**
 * Makes a matcher.
 * @param conditions what each search wants
 */
export function createMatcher(conditions: readonly Condition[]): Matcher {
  const kinds = new Kinds(termsOf(conditions))
  const plans = new Map<string, KindPlan>()
  const planFor = (kind: Kind): KindPlan => {
    let plan = plans.get(kind.key)
    if (plan === undefined) {
      if (plans.size >= mostPlans) plans.clear()
      plan = makePlan(conditions, kind)
      plans.set(kind.key, plan)
    }
    return plan
  }
  return {
    match(batch) {
      const { parts } = batch
      if (parts === undefined) {
        const found = matchPart(batch, planFor(kinds.kindOf(batch)))
        return inOrder([...found].map(([search, rows]) => ({ search, rows: rowsOf(batch, rows) })))
      }
      const found = new Map<number, { readonly part: BatchPart; readonly rows: Rows }[]>()
      for (const part of parts) {
        for (const [search, rows] of matchPart(part.batch, planFor(kinds.kindOf(part.batch)))) {
          const known = found.get(search)
          if (known === undefined) found.set(search, [{ part, rows }])
          else known.push({ part, rows })
        }
      }
      return inOrder(
        [...found].map(([search, pieces]) => {
          const [first, ...others] = pieces
          if (others.length === 0) return { search, rows: rowsOf(first!.part.batch, first!.rows) }
          const rows = pieces.flatMap(({ part, rows: places }) =>
            places === 'all' ? [...part.rows] : places.map((row) => part.rows[row]!),
          )
          return {
            search,
            rows: rowsOf(
              batch,
              rows.sort((a, b) => a - b),
            ),
          }
        }),
      )
    },
  }
}

/** Row numbers, ascending. */
type Rows = readonly number[] | 'all'

const rowsOf = (batch: Batch, rows: Rows): Batch =>
  rows === 'all' || rows.length === batch.length ? batch : batch.gather(Uint32Array.from(rows))

const inOrder = (matches: Match[]): readonly Match[] => matches.sort((a, b) => a.search - b.search)

function makePlan(all: readonly Condition[], kind: Kind): KindPlan {
  const always: number[] = []
  const unwitnessed: number[] = []
  const conditions = new Map<number, Condition>()
  const searchesOf = new Map<Term, number[]>()
  all.forEach((condition, search) => {
    const rest = simplify(condition, kind.verdictOf)
    if (rest === false) return
    if (rest === true) {
      always.push(search)
      return
    }
    const witness = witnessOf(rest)
    if (witness === undefined) unwitnessed.push(search)
    if (witness === undefined || !isWholeCondition(rest)) conditions.set(search, rest)
    for (const term of witness?.terms ?? []) {
      const known = searchesOf.get(term)
      if (known === undefined) searchesOf.set(term, [search])
      else known.push(search)
    }
  })
  return { always, unwitnessed, conditions, indexes: fieldIndexes(searchesOf) }
}

function fieldIndexes(searchesOf: ReadonlyMap<Term, readonly number[]>): FieldIndex[] {
  const fields = new Map<string, { view: View; field: string; terms: IndexedTerm[] }>()
  for (const [term, searches] of searchesOf) {
    const { view, field } = term
    const key = `${view.id} ${field}`
    const known = fields.get(key)
    if (known === undefined) fields.set(key, { view, field, terms: [{ term, searches }] })
    else known.terms.push({ term, searches })
  }
  return [...fields.values()].map(({ view, field, terms }) => ({ view, field, index: indexTerms(terms) }))
}

/** The rows of a part that each search wants. */
function matchPart(batch: Batch, plan: KindPlan): Map<number, Rows> {
  const found = new Map<number, Rows>()
  for (const search of plan.always) found.set(search, 'all')
  if (plan.indexes.length === 0 && plan.unwitnessed.length === 0) return found

  const terms = new PartTerms(batch)
  const candidates = new Map<number, number[]>()
  for (const { view, field, index } of plan.indexes) {
    const column = terms.column(view, field)
    if (column !== undefined) collectCandidates(column, batch.length, index, candidates)
  }
  for (const [search, rows] of candidates) {
    const condition = plan.conditions.get(search)
    const distinct = ascending(rows)
    const kept = condition === undefined ? distinct : distinct.filter((row) => terms.holds(condition, row))
    if (kept.length > 0) found.set(search, kept)
  }
  for (const search of plan.unwitnessed) {
    const condition = plan.conditions.get(search)!
    const kept: number[] = []
    for (let row = 0; row < batch.length; row++) if (terms.holds(condition, row)) kept.push(row)
    if (kept.length > 0) found.set(search, kept)
  }
  return found
}

/** Adds the rows that have a witness to the lists of its searches. */
function collectCandidates(
  column: Column,
  length: number,
  index: ValueIndex,
  candidates: Map<number, number[]>,
): void {
  const add = (hits: Hits, row: number): void => {
    for (const search of hits) {
      const rows = candidates.get(search)
      if (rows === undefined) candidates.set(search, [row])
      else rows.push(row)
    }
  }
  switch (column.kind) {
    case 'const': {
      const hits = index.hits(column.value)
      if (hits !== noHits) for (let row = 0; row < length; row++) add(hits, row)
      return
    }
    case 'dict': {
      const { values, codes } = column
      const byCode = values.map((value) => index.hits(value))
      if (byCode.every((hits) => hits === noHits)) return
      for (let row = 0; row < length; row++) add(byCode[codes[row]!]!, row)
      return
    }
    case 'plain': {
      const { values } = column
      for (let row = 0; row < length; row++) add(index.hits(values[row]), row)
    }
  }
}

/** A row with two witnesses is listed twice, and those of another field stand behind. */
function ascending(rows: readonly number[]): readonly number[] {
  for (let place = 1; place < rows.length; place++) {
    if (rows[place]! <= rows[place - 1]!) return [...new Set(rows)].sort((a, b) => a - b)
  }
  return rows
}

const unknown = 0
const passed = 1
const failed = 2

/** A term's column in a part, and its verdicts by code or row, as far as they were asked for. */
interface TestedTerm {
  readonly column: Column
  readonly verdicts: Uint8Array
}

/** Answers terms for the rows of a part, each distinct value once. */
class PartTerms {
  readonly #batches: (Batch | undefined)[]
  readonly #tested = new Map<Term, TestedTerm | boolean>()
  #row = 0

  constructor(batch: Batch) {
    this.#batches = [batch]
  }

  column({ id, dataset }: View, field: string): Column | undefined {
    let batch = this.#batches[id]
    if (batch === undefined) {
      batch = dataset!.map(this.#batches[0]!)
      this.#batches[id] = batch
    }
    return batch.column(field)
  }

  holds(condition: Condition, row: number): boolean {
    this.#row = row
    return holds(condition, this.#verdict)
  }

  readonly #verdict = (term: Term): boolean => {
    let tested = this.#tested.get(term)
    if (tested === undefined) {
      tested = this.#test(term)
      this.#tested.set(term, tested)
    }
    if (typeof tested === 'boolean') return tested
    const { column, verdicts } = tested
    const row = this.#row
    const place = column.kind === 'dict' ? column.codes[row]! : row
    if (verdicts[place] === unknown) {
      const value = column.kind === 'const' ? column.value : column.values[place]
      verdicts[place] = term.passes(value) ? passed : failed
    }
    return verdicts[place] === passed
  }

  #test(term: Term): TestedTerm | boolean {
    const column = this.column(term.view, term.field)
    if (column === undefined) return false
    if (column.kind === 'const') return term.passes(column.value)
    return { column, verdicts: new Uint8Array(column.values.length) }
  }
}

/** The terms that conditions are made of. */
function termsOf(conditions: readonly Condition[]): Set<Term> {
  const terms = new Set<Term>()
  const collect = (condition: Condition): void => {
    if (typeof condition === 'boolean') return
    if (condition.kind === 'term') terms.add(condition.term)
    else if (condition.kind === 'not') collect(condition.inner)
    else condition.inner.forEach(collect)
  }
  conditions.forEach(collect)
  return terms
}
