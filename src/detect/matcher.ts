// Finds, for many searches at once, the events that each of them wants. Results are those of testing every search's
// filter on every event; three steps save nearly all of that work:
//
//   kinds      a block's parts are events of one kind (one source, one EventCode): what a search asks beyond that is
//              worked out once per kind, and most searches ask for another kind altogether
//   witnesses  of what is left, the term that the fewest events pass; all searches' witnesses on one field are looked
//              up together, once per distinct value
//   exact      only rows with a witness are tested against the search's whole condition

import type { Batch } from '../value/batch.ts'
import type { Column } from '../value/column.ts'
import { joinParts } from '../value/parts.ts'
import { type Condition, holds, simplify, type Term, type View } from './condition.ts'
import { type Kind, Kinds } from './kinds.ts'
import { type Hits, type IndexedTerm, indexTerms, noHits, type ValueIndex } from './value-index.ts'
import { isWholeCondition, witnessOf } from './witness.ts'

/** What one search looks for. */
export interface Wanted {
  readonly condition: Condition
  /** The view that it wants its rows in; absent: as events. */
  readonly view?: View
}

/** The rows that one search wants. */
export interface Match {
  /** The search's number. */
  readonly search: number
  /** As events, or as rows of the dataset that the search wants. */
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

/** Makes a matcher. */
export function createMatcher(wanted: readonly Wanted[]): Matcher {
  const kinds = new Kinds(termsOf(wanted))
  const plans = new Map<string, KindPlan>()
  const planFor = (kind: Kind): KindPlan => {
    let plan = plans.get(kind.key)
    if (plan === undefined) {
      if (plans.size >= mostPlans) plans.clear()
      plan = makePlan(wanted, kind)
      plans.set(kind.key, plan)
    }
    return plan
  }
  return {
    match(batch) {
      const all = Uint32Array.from({ length: batch.length }, (_, row) => row)
      const found = new Map<number, Piece[]>()
      for (const part of batch.parts ?? [{ rows: all, batch }]) {
        const views = new PartViews(part.batch)
        const matches = matchPart(part.batch, views, planFor(kinds.kindOf(part.batch)))
        for (const [search, rows] of matches) {
          const piece = {
            rows: rows === 'all' ? part.rows : gatherRows(part.rows, rows),
            places: rows,
            views,
          }
          const pieces = found.get(search)
          if (pieces === undefined) found.set(search, [piece])
          else pieces.push(piece)
        }
      }
      return [...found]
        .map(([search, pieces]) => ({ search, rows: joinPieces(batch, pieces, wanted[search]!.view) }))
        .sort((a, b) => a.search - b.search)
    },
  }
}

/** Row numbers, ascending. */
type Rows = readonly number[] | 'all'

/** Rows of one part that a search wants. */
interface Piece {
  /** Their numbers in the block. */
  readonly rows: Uint32Array
  /** Their numbers in the part. */
  readonly places: Rows
  readonly views: PartViews
}

const gatherRows = (from: Uint32Array, places: readonly number[]): Uint32Array =>
  Uint32Array.from(places, (place) => from[place]!)

/** The rows of the pieces, in the order of the block. */
function joinPieces(batch: Batch, pieces: readonly Piece[], view: View | undefined): Batch {
  const batchOf = ({ places, views }: Piece): Batch => {
    const part = views.batch(view)
    return places === 'all' ? part : part.gather(Uint32Array.from(places))
  }
  const length = pieces.reduce((sum, { rows }) => sum + rows.length, 0)
  if (pieces.length === 1) return batchOf(pieces[0]!)
  if (length === batch.length && view === undefined) return batch
  const blockRows = new Uint32Array(length)
  const ends: number[] = []
  let end = 0
  for (const { rows } of pieces) {
    blockRows.set(rows, end)
    end += rows.length
    ends.push(end)
  }
  const order = Uint32Array.from({ length }, (_, index) => index).sort(
    (a, b) => blockRows[a]! - blockRows[b]!,
  )
  const position = new Uint32Array(length)
  for (let row = 0; row < length; row++) position[order[row]!] = row
  const parts = pieces.map((piece, number) => ({
    rows: position.subarray(ends[number - 1] ?? 0, ends[number]),
    batch: batchOf(piece),
  }))
  const { origins } = batch
  return joinParts(parts, length, origins && ((row) => origins(blockRows[order[row]!]!)))
}

function makePlan(wanted: readonly Wanted[], kind: Kind): KindPlan {
  const always: number[] = []
  const unwitnessed: number[] = []
  const conditions = new Map<number, Condition>()
  const searchesOf = new Map<Term, number[]>()
  wanted.forEach(({ condition }, search) => {
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
function matchPart(batch: Batch, views: PartViews, plan: KindPlan): Map<number, Rows> {
  const found = new Map<number, Rows>()
  for (const search of plan.always) found.set(search, 'all')
  if (plan.indexes.length === 0 && plan.unwitnessed.length === 0) return found

  const terms = new PartTerms(views)
  const candidates = new Map<number, number[]>()
  for (const { view, field, index } of plan.indexes) {
    const column = views.batch(view).column(field)
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

/** A part as events, and as rows of the datasets that searches want it in. */
class PartViews {
  readonly #batches: (Batch | undefined)[]

  constructor(events: Batch) {
    this.#batches = [events]
  }

  batch(view: View | undefined): Batch {
    const events = this.#batches[0]!
    if (view?.dataset === undefined) return events
    let batch = this.#batches[view.id]
    if (batch === undefined) {
      batch = view.dataset.map(events)
      this.#batches[view.id] = batch
    }
    return batch
  }
}

/** Answers terms for the rows of a part, each distinct value once. */
class PartTerms {
  readonly #views: PartViews
  readonly #tested = new Map<Term, TestedTerm | boolean>()
  #row = 0

  constructor(views: PartViews) {
    this.#views = views
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
    const column = this.#views.batch(term.view).column(term.field)
    if (column === undefined) return false
    if (column.kind === 'const') return term.passes(column.value)
    return { column, verdicts: new Uint8Array(column.values.length) }
  }
}

/** The terms that conditions are made of. */
function termsOf(wanted: readonly Wanted[]): Set<Term> {
  const terms = new Set<Term>()
  const collect = (condition: Condition): void => {
    if (typeof condition === 'boolean') return
    if (condition.kind === 'term') terms.add(condition.term)
    else if (condition.kind === 'not') collect(condition.inner)
    else condition.inner.forEach(collect)
  }
  for (const { condition } of wanted) collect(condition)
  return terms
}
