// Turns search terms into a function that says which rows of a batch match. Each distinct value is tested once.

import { searchError } from '../../diagnostics/diagnostic.ts'
import type { Batch } from '../../value/batch.ts'
import type { Column } from '../../value/column.ts'
import { allRows, andInto, isEmpty, type Mask, noRows, not, orInto } from '../../value/mask.ts'
import type { Value } from '../../value/value.ts'
import type { ExpressionContext } from '../run/context.ts'
import type { SearchExpression } from '../syntax/ast.ts'
import { asSingleTerms, type SingleTerm, valueTest } from './single-term.ts'

/** Which rows of a batch match. The mask is the caller's to change. */
export type BatchPredicate = (batch: Batch) => Mask

/**
 * Compiles search terms.
 * @throws SearchError when a term cannot be run here
 */
export function compileSearch(
  expression: SearchExpression,
  context: Pick<ExpressionContext, 'now' | 'timeZone'>,
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
      case 'TimeModifier': {
        const simple = asSingleTerms(term)
        return simple === term ? compileSingle(term, context) : compile(simple)
      }
      case 'Subsearch':
        throw searchError('syntax', 'A subsearch must have run before its search does.')
    }
  }
  return compile(expression)
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

function compileSingle(
  term: SingleTerm,
  context: Pick<ExpressionContext, 'now' | 'timeZone'>,
): BatchPredicate {
  const test = valueTest(term, context)
  if (test === true) return (batch) => allRows(batch.length)
  const { field, passes } = test
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
      const { values, codes } = column
      const mask = noRows(length)
      // A dictionary larger than the batch is not worth visiting whole.
      if (values.length > length) {
        for (let row = 0; row < length; row++) if (passes(values[codes[row]!])) mask[row] = 1
        return mask
      }
      const verdicts = Uint8Array.from(values, (value) => (passes(value) ? 1 : 0))
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
