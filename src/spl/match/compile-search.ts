// Turns search terms into a function that says which rows of a batch match. Each distinct value is tested once.

import { parseNumber } from '../../base/text/number.ts'
import { compileTerm } from '../../base/text/segment.ts'
import { parseTimeBound } from '../../base/time/relative.ts'
import { assert, searchError } from '../../diagnostics/diagnostic.ts'
import type { Batch } from '../../value/batch.ts'
import type { Column } from '../../value/column.ts'
import { allRows, andInto, isEmpty, type Mask, noRows, not, orInto } from '../../value/mask.ts'
import { isMultivalue, scalarText, type Value } from '../../value/value.ts'
import type { ExpressionContext } from '../run/context.ts'
import type { Comparison, SearchExpression, TimeModifier } from '../syntax/ast.ts'
import { printSearch } from '../syntax/print.ts'
import { timeModifierBounds } from './time-modifiers.ts'
import { equalityTest, membershipTest, orderTest, type TextTest } from './value-test.ts'

/** Which rows of a batch match. The mask is the caller's to change. */
export type BatchPredicate = (batch: Batch) => Mask

/** Remembers what single terms gave for the batch in hand, so that searches that share terms share the work. */
export class TermCache {
  #batch: Batch | undefined
  readonly #masks = new Map<string, Mask>()

  /** The mask of a term; it must not be changed. */
  mask(batch: Batch, term: string, compute: () => Mask): Mask {
    if (batch !== this.#batch) {
      this.#batch = batch
      this.#masks.clear()
    }
    let mask = this.#masks.get(term)
    if (mask === undefined) {
      mask = compute()
      this.#masks.set(term, mask)
    }
    return mask
  }
}

/**
 * Compiles search terms.
 * @param cache shared by searches that run over the same batches
 * @throws SearchError when a term cannot be run here
 */
export function compileSearch(
  expression: SearchExpression,
  context: Pick<ExpressionContext, 'now' | 'timeZone'>,
  cache?: TermCache,
): BatchPredicate {
  const compile = (term: SearchExpression): BatchPredicate => {
    switch (term.kind) {
      case 'And':
        return every([...term.terms].sort((a, b) => cost(a) - cost(b)).map(compile))
      case 'Or':
        return some(term.terms.map(compile))
      case 'Not': {
        const inner = compile(term.term)
        return (batch) => not(inner(batch))
      }
      case 'Comparison':
      case 'In':
      case 'Keyword':
      case 'TimeModifier':
        return cached(term, compileTermOf(term, context), cache)
      case 'Subsearch':
        throw searchError('syntax', 'A subsearch must have run before its search does.')
    }
  }
  return compile(expression)
}

function cached(
  term: SearchExpression,
  predicate: BatchPredicate,
  cache: TermCache | undefined,
): BatchPredicate {
  if (cache === undefined) return predicate
  const key = printSearch(term)
  return (batch) => cache.mask(batch, key, () => predicate(batch)).slice()
}

/** Terms on one field are cheap, the text of the whole event is dear, and groups are dearer than what they hold. */
function cost(term: SearchExpression): number {
  switch (term.kind) {
    case 'TimeModifier':
      return 0
    case 'Comparison':
      return 1
    case 'In':
      return 2
    case 'Not':
      return cost(term.term)
    case 'Keyword':
      return 10
    case 'And':
    case 'Or':
      return 3 + Math.max(0, ...term.terms.map(cost))
    case 'Subsearch':
      return 20
  }
}

function every(predicates: readonly BatchPredicate[]): BatchPredicate {
  const [first, ...others] = predicates
  if (first === undefined) return (batch) => allRows(batch.length)
  return (batch) => {
    const mask = first(batch)
    for (const predicate of others) {
      if (isEmpty(mask)) return mask
      andInto(mask, predicate(batch))
    }
    return mask
  }
}

function some(predicates: readonly BatchPredicate[]): BatchPredicate {
  const [first, ...others] = predicates
  if (first === undefined) return (batch) => noRows(batch.length)
  return (batch) => {
    const mask = first(batch)
    for (const predicate of others) orInto(mask, predicate(batch))
    return mask
  }
}

function compileTermOf(
  term: Extract<SearchExpression, { kind: 'Comparison' | 'In' | 'Keyword' | 'TimeModifier' }>,
  context: Pick<ExpressionContext, 'now' | 'timeZone'>,
): BatchPredicate {
  switch (term.kind) {
    case 'Comparison':
      return compareField(term)
    case 'In':
      return testField(term.field, membershipTest(term.values))
    case 'Keyword': {
      if (term.text === '*') return (batch) => allRows(batch.length)
      const matches = compileTerm(term.text, {
        caseSensitive: term.mode === 'case',
        term: term.mode === 'term',
      })
      return testField('_raw', matches)
    }
    case 'TimeModifier':
      return withinTimes(term, context)
  }
}

function compareField({ field, operator, value, mode, subsearch }: Comparison): BatchPredicate {
  assert(subsearch === undefined, 'a subsearch in a comparison was not run before its search')
  switch (operator) {
    case '=':
      if (value === '*') return field === 'index' ? (batch) => allRows(batch.length) : hasField(field)
      return testField(field, equalityTest(value, mode))
    case '!=': {
      // The field must be there, and no value of it may be equal.
      const equal = testField(field, equalityTest(value, mode))
      const exists = hasField(field)
      return (batch) => {
        const mask = not(equal(batch))
        andInto(mask, exists(batch))
        return mask
      }
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      return testField(field, orderTest(operator, value))
  }
}

const hasField = (field: string): BatchPredicate => testField(field, () => true)

/** The rows where a text of the field passes; any one of a multivalue will do. */
function testField(field: string, test: TextTest): BatchPredicate {
  const passes = (value: Value): boolean => {
    if (value === undefined) return false
    return isMultivalue(value) ? value.some(test) : test(scalarText(value))
  }
  return (batch) => {
    const column = batch.column(field)
    return column === undefined ? noRows(batch.length) : testColumn(column, batch.length, passes)
  }
}

function testColumn(column: Column, length: number, passes: (value: Value) => boolean): Mask {
  switch (column.kind) {
    case 'const':
      return passes(column.value) ? allRows(length) : noRows(length)
    case 'dict': {
      const verdicts = Uint8Array.from(column.values, (value) => (passes(value) ? 1 : 0))
      const { codes } = column
      const mask = noRows(length)
      for (let row = 0; row < length; row++) mask[row] = verdicts[codes[row]!]!
      return mask
    }
    case 'plain': {
      const { values } = column
      const mask = noRows(length)
      for (let row = 0; row < length; row++) if (passes(values[row])) mask[row] = 1
      return mask
    }
  }
}

function withinTimes(
  modifier: TimeModifier,
  { now, timeZone }: Pick<ExpressionContext, 'now' | 'timeZone'>,
): BatchPredicate {
  const { earliest, latest } = timeModifierBounds(
    modifier,
    (text) => parseTimeBound(text, now, timeZone),
    now,
  )
  return (batch) => {
    const times = batch.column('_time')
    if (times === undefined) return noRows(batch.length)
    return testColumn(times, batch.length, (value) => {
      const time =
        typeof value === 'number' ? value : typeof value === 'string' ? parseNumber(value) : undefined
      return (
        time !== undefined &&
        (earliest === undefined || time >= earliest) &&
        (latest === undefined || time < latest)
      )
    })
  }
}
