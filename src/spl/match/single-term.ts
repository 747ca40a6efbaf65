// Single search terms as tests of one field's value, and what a value must have about it to pass: the common ground of
// the compiled search, which tests whole columns, and of the index over the terms of many searches.

import { parseCidr } from '../../base/net/cidr.ts'
import { parseNumber } from '../../base/text/number.ts'
import { compileTerm } from '../../base/text/segment.ts'
import { hasWildcard } from '../../base/text/wildcard.ts'
import { assert } from '../../diagnostics/diagnostic.ts'
import { isMultivalue, numberOf, scalarText, type Value } from '../../value/value.ts'
import type { ExpressionContext } from '../run/context.ts'
import type { Comparison, InList, Keyword, MatchMode, SearchExpression, TimeModifier } from '../syntax/ast.ts'
import { timeModifierBounds } from './time-modifiers.ts'
import { equalityTest, membershipTest, orderTest, spellingsOf, type TextTest } from './value-test.ts'

/** A search term that is not made of others. */
export type SingleTerm = Comparison | InList | Keyword | TimeModifier

/** A term as a test of values. */
export interface ValueTest {
  readonly field: string
  readonly passes: (value: Value) => boolean
}

/**
 * Something that a text has when it passes a term's test. Texts and pieces are in lower case, and so must be the text
 * that they are looked for in.
 */
export type Needle =
  /** The text is this one. */
  | { readonly kind: 'exact'; readonly text: string }
  /** The text is a number of this value. */
  | { readonly kind: 'number'; readonly value: number }
  /** The text contains this one. */
  | { readonly kind: 'piece'; readonly text: string }
  /** Nothing simpler than the test itself can be said. */
  | { readonly kind: 'test' }

type TermContext = Pick<ExpressionContext, 'now' | 'timeZone'>

/**
 * Compiles a single term; true when it matches every event, whatever its fields.
 * `!=` is no single term: see `asSingleTerms`.
 */
export function valueTest(term: SingleTerm, context: TermContext): ValueTest | true {
  switch (term.kind) {
    case 'Comparison':
      return comparisonTest(term)
    case 'In':
      return { field: term.field, passes: anyText(membershipTest(term.values)) }
    case 'Keyword':
      if (term.text === '*') return true
      return {
        field: '_raw',
        passes: anyText(
          compileTerm(term.text, { caseSensitive: term.mode === 'case', term: term.mode === 'term' }),
        ),
      }
    case 'TimeModifier': {
      const { earliest, latest } = timeModifierBounds(term, context)
      return { field: '_time', passes: timeTest(earliest, latest) }
    }
  }
}

/** `field!=value` in other words: the field must be there, and no value of it may be equal. */
export function asSingleTerms(term: SingleTerm): SearchExpression {
  if (term.kind !== 'Comparison' || term.operator !== '!=') return term
  return {
    kind: 'And',
    terms: [
      { ...term, operator: '=', value: '*', mode: 'plain' },
      { kind: 'Not', term: { ...term, operator: '=' } },
    ],
  }
}

/** A test of times; a bound that is absent does not bound. */
export function timeTest(
  earliest = Number.NEGATIVE_INFINITY,
  latest = Number.POSITIVE_INFINITY,
): ValueTest['passes'] {
  return (value) => {
    const time = numberOf(value)
    return time !== undefined && time >= earliest && time < latest
  }
}

function comparisonTest({ field, operator, value, mode, subsearch }: Comparison): ValueTest | true {
  assert(subsearch === undefined, 'a subsearch in a comparison was not run before its search')
  assert(operator !== '!=', 'an inequality was not taken apart')
  if (operator !== '=') return { field, passes: anyText(orderTest(operator, value)) }
  if (value !== '*') return { field, passes: anyText(equalityTest(value, mode)) }
  return field === 'index' ? true : { field, passes: (found) => found !== undefined }
}

/** Whether a text of the value passes; any one of a multivalue will do. */
function anyText(test: TextTest): ValueTest['passes'] {
  return (value) => {
    if (typeof value === 'string') return test(value)
    if (value === undefined) return false
    return isMultivalue(value) ? value.some(test) : test(scalarText(value))
  }
}

/** A value that passes the term has at least one of these about one of its texts. */
export function needlesOf(term: SingleTerm): readonly Needle[] {
  switch (term.kind) {
    case 'Comparison':
      if (term.operator !== '=') return [{ kind: 'test' }]
      return spellingsOf(term.value).map((value) => equalityNeedle(value, term.mode))
    case 'In':
      return term.values.flatMap(spellingsOf).map((value) => equalityNeedle(value, 'plain'))
    case 'Keyword':
      return [pieceNeedle(term.text, term.mode)]
    case 'TimeModifier':
      return [{ kind: 'test' }]
  }
}

function equalityNeedle(literal: string, mode: MatchMode): Needle {
  if (hasWildcard(literal)) return pieceNeedle(literal, mode)
  if (literal.includes('/') && parseCidr(literal) !== undefined) return { kind: 'test' }
  const number = parseNumber(literal)
  return number === undefined
    ? { kind: 'exact', text: literal.toLowerCase() }
    : { kind: 'number', value: number }
}

/** The longest text between the stars. */
function pieceNeedle(pattern: string, mode: MatchMode): Needle {
  // A part of a text may have another lower case than the same part of the whole (Greek sigma at the end of a word).
  if (mode === 'case') return { kind: 'test' }
  const pieces = pattern.toLowerCase().split('*')
  const longest = pieces.reduce((best, piece) => (piece.length > best.length ? piece : best))
  return longest === '' ? { kind: 'test' } : { kind: 'piece', text: longest }
}
