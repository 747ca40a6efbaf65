// The filters of many searches as conditions over shared terms: a term that several searches name is one object and is
// tested once per value. A condition is simplified by what is known of some events, and then asked row by row.

import { searchError } from '../diagnostics/diagnostic.ts'
import type { DataModelDataset } from '../spl/host.ts'
import {
  asSingleTerms,
  type Needle,
  needlesOf,
  type SingleTerm,
  valueTest,
} from '../spl/match/single-term.ts'
import type { ExpressionContext } from '../spl/run/context.ts'
import type { SearchExpression } from '../spl/syntax/ast.ts'
import { printSearch } from '../spl/syntax/print.ts'
import type { Value } from '../value/value.ts'

/** Whose fields a term speaks of: those of events, or those that a dataset makes of them. */
export interface View {
  /** 0 for events. */
  readonly id: number
  readonly dataset: DataModelDataset | undefined
}

/** A single term of any number of searches. */
export interface Term {
  readonly id: number
  readonly view: View
  readonly field: string
  readonly passes: (value: Value) => boolean
  readonly needles: readonly Needle[]
}

/** Which rows are meant. The inner conditions are never constants. */
export type Condition =
  | boolean
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'all' | 'any'; readonly inner: readonly Condition[] }

export function all(conditions: readonly Condition[]): Condition {
  if (conditions.includes(false)) return false
  const inner = conditions.filter((condition) => condition !== true)
  return inner.length === 0 ? true : inner.length === 1 ? inner[0]! : { kind: 'all', inner }
}

export function any(conditions: readonly Condition[]): Condition {
  if (conditions.includes(true)) return true
  const inner = conditions.filter((condition) => condition !== false)
  return inner.length === 0 ? false : inner.length === 1 ? inner[0]! : { kind: 'any', inner }
}

export const not = (inner: Condition): Condition =>
  typeof inner === 'boolean' ? !inner : { kind: 'not', inner }

/** The terms of many searches, each once. */
export class Terms {
  readonly #context: Pick<ExpressionContext, 'now' | 'timeZone'>
  readonly #terms = new Map<string, Condition>()
  readonly #views = new Map<DataModelDataset | undefined, View>()

  constructor(context: Pick<ExpressionContext, 'now' | 'timeZone'>) {
    this.#context = context
  }

  view(dataset: DataModelDataset | undefined): View {
    let view = this.#views.get(dataset)
    if (view === undefined) {
      // Events are view 0 even when a dataset is named first.
      view = { id: dataset === undefined ? 0 : this.#views.size + 1, dataset }
      this.#views.set(dataset, view)
    }
    return view
  }

  /**
   * A search's terms as a condition.
   * @throws SearchError when a term cannot be run here
   */
  condition(expression: SearchExpression, view: View): Condition {
    switch (expression.kind) {
      case 'And':
        return all(expression.terms.map((term) => this.condition(term, view)))
      case 'Or':
        return any(expression.terms.map((term) => this.condition(term, view)))
      case 'Not':
        return not(this.condition(expression.term, view))
      case 'Subsearch':
        throw searchError('syntax', 'A subsearch must have run before its search does.')
      default: {
        const simple = asSingleTerms(expression)
        return simple === expression ? this.#single(expression, view) : this.condition(simple, view)
      }
    }
  }

  /** A condition on one field of events that is not written as a search. */
  test(key: string, field: string, passes: (value: Value) => boolean): Condition {
    return this.#intern(`${key}\n`, () => ({
      view: this.view(undefined),
      field,
      passes,
      needles: [{ kind: 'test' }],
    }))
  }

  #single(term: SingleTerm, view: View): Condition {
    return this.#intern(`${view.id} ${printSearch(term)}`, () => {
      const test = valueTest(term, this.#context)
      return test === true || { view, ...test, needles: needlesOf(term) }
    })
  }

  #intern(key: string, make: () => Omit<Term, 'id'> | true): Condition {
    let condition = this.#terms.get(key)
    if (condition === undefined) {
      const made = make()
      condition = made === true || { kind: 'term', term: { id: this.#terms.size, ...made } }
      this.#terms.set(key, condition)
    }
    return condition
  }
}

/** What is left of a condition when some of its terms are known. */
export function simplify(condition: Condition, verdictOf: (term: Term) => boolean | undefined): Condition {
  if (typeof condition === 'boolean') return condition
  switch (condition.kind) {
    case 'term':
      return verdictOf(condition.term) ?? condition
    case 'not':
      return not(simplify(condition.inner, verdictOf))
    case 'all': {
      const left: Condition[] = []
      for (const inner of condition.inner) {
        const rest = simplify(inner, verdictOf)
        if (rest === false) return false
        if (rest !== true) left.push(rest)
      }
      return all(left)
    }
    case 'any': {
      const left: Condition[] = []
      for (const inner of condition.inner) {
        const rest = simplify(inner, verdictOf)
        if (rest === true) return true
        if (rest !== false) left.push(rest)
      }
      return any(left)
    }
  }
}

/** Whether a condition holds, when its terms can be asked. */
export function holds(condition: Condition, verdictOf: (term: Term) => boolean): boolean {
  if (typeof condition === 'boolean') return condition
  switch (condition.kind) {
    case 'term':
      return verdictOf(condition.term)
    case 'not':
      return !holds(condition.inner, verdictOf)
    case 'all':
      for (const inner of condition.inner) if (!holds(inner, verdictOf)) return false
      return true
    case 'any':
      for (const inner of condition.inner) if (holds(inner, verdictOf)) return true
      return false
  }
}
