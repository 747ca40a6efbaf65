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
import { type Mask, rowsOf } from '../value/mask.ts'
import { joinParts } from '../value/parts.ts'
import { type Condition, holds, simplify, type Term, type View } from './condition.ts'
import { type Kind, Kinds, type KindValues, kindValuesOf } from './kinds.ts'
import { type Hits, type IndexedTerm, indexTerms, noHits, type ValueIndex } from './value-index.ts'
import { isWholeCondition, witnessOf } from './witness.ts'

/** What one search looks for. */
export interface Wanted {
  readonly condition: Condition
  /** The view that it wants its rows in; absent: as events. */
  readonly view?: View
}

/** The rows of a block that one search wants. */
export interface Match {
  /** The search's number. */
  readonly search: number
  /**
   * The rows that any search wants in the same view, in the order of the block: as events, or as rows of the dataset that
   * the searches want. One batch for all of these searches, so that a column is read once for them all.
   */
  readonly among: Batch
  /** Which of these the search wants, ascending. */
  readonly places: Uint32Array
}

export interface Matcher {
  /** What each search wants of a batch, in the order of the searches; those that want nothing are left out. */
  match(batch: Batch): readonly Match[]
  /** Whether any search can want events of a kind. */
  isWanted(kind: KindValues): boolean
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
      const wantedRows = new Map<View | undefined, ViewRows>()
      for (const part of batch.parts ?? [{ rows: all, batch }]) {
        const views = new PartViews(part.batch)
        const matches = matchPart(part.batch, views, planFor(kinds.kindOf(kindValuesOf(part.batch))))
        for (const [search, places] of matches) {
          const { view } = wanted[search]!
          let rows = wantedRows.get(view)
          if (rows === undefined) {
            rows = new ViewRows(batch, view)
            wantedRows.set(view, rows)
          }
          rows.add(search, part, views, places)
        }
      }
      return [...wantedRows.values()].flatMap((rows) => rows.matches()).sort((a, b) => a.search - b.search)
    },
    isWanted(kind) {
      const { always, unwitnessed, indexes } = planFor(kinds.kindOf(kind))
      return always.length > 0 || unwitnessed.length > 0 || indexes.length > 0
    },
  }
}

/** Row numbers, ascending. */
type Rows = readonly number[] | 'all'

/** The rows of a block that searches want in one view. */
class ViewRows {
  readonly #batch: Batch
  readonly #view: View | undefined
  readonly #parts = new Map<BatchPart, WantedPart>()
  readonly #bySearch = new Map<number, (readonly [WantedPart, Rows])[]>()

  constructor(batch: Batch, view: View | undefined) {
    this.#batch = batch
    this.#view = view
  }

  /** @param places the rows' numbers in the part */
  add(search: number, part: BatchPart, views: PartViews, places: Rows): void {
    let wanted = this.#parts.get(part)
    if (wanted === undefined) {
      wanted = { part, views, isWanted: new Uint8Array(part.rows.length) }
      this.#parts.set(part, wanted)
    }
    if (places === 'all') wanted.isWanted.fill(1)
    else for (const place of places) wanted.isWanted[place] = 1
    const pieces = this.#bySearch.get(search)
    if (pieces === undefined) this.#bySearch.set(search, [[wanted, places]])
    else pieces.push([wanted, places])
  }

  matches(): Match[] {
    const parts = [...this.#parts.values()]
    const placesOf = new Map(parts.map((part) => [part, rowsOf(part.isWanted)]))
    const { among, positions } = this.#among(parts, placesOf)
    return Array.from(this.#bySearch, ([search, pieces]) => {
      const length = pieces.reduce(
        (sum, [{ part }, rows]) => sum + (rows === 'all' ? part.rows.length : rows.length),
        0,
      )
      const places = new Uint32Array(length)
      let end = 0
      for (const [{ part }, rows] of pieces) {
        if (rows === 'all') for (const row of part.rows) places[end++] = positions[row]!
        else for (const row of rows) places[end++] = positions[part.rows[row]!]!
      }
      return { search, among, places: pieces.length === 1 ? places : places.sort() }
    })
  }

  /** All wanted rows as one batch, and where each row of the block is in it. */
  #among(
    parts: readonly WantedPart[],
    placesOf: ReadonlyMap<WantedPart, Uint32Array>,
  ): { readonly among: Batch; readonly positions: Uint32Array } {
    const positions = new Uint32Array(this.#batch.length)
    for (const part of parts) for (const place of placesOf.get(part)!) positions[part.part.rows[place]!] = 1
    let length = 0
    for (let row = 0; row < positions.length; row++) if (positions[row] === 1) positions[row] = length++
    const joined = parts.map((wanted): BatchPart => {
      const { part, views } = wanted
      const places = placesOf.get(wanted)!
      const rows = views.batch(this.#view)
      return {
        rows: places.map((place) => positions[part.rows[place]!]!),
        batch: places.length === rows.length ? rows : rows.gather(places),
      }
    })
    if (joined.length === 1) return { among: joined[0]!.batch, positions }
    const rowOf = new Uint32Array(length)
    for (const part of parts) {
      for (const place of placesOf.get(part)!) {
        const row = part.part.rows[place]!
        rowOf[positions[row]!] = row
      }
    }
    const { origins } = this.#batch
    return { among: joinParts(joined, length, origins && ((row) => origins(rowOf[row]!))), positions }
  }
}

/** A part of a block, and which of its rows some search wants. */
interface WantedPart {
  readonly part: BatchPart
  readonly views: PartViews
  readonly isWanted: Mask
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
