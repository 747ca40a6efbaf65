// Eventtypes from eventtypes.conf: named searches that say what an event is.

import { SearchError } from '../diagnostics/diagnostic.ts'
import { type BatchPredicate, compileSearch } from '../spl/match/compile-search.ts'
import type { ExpressionContext } from '../spl/run/context.ts'
import type { SearchExpression } from '../spl/syntax/ast.ts'
import { parseSearchTerms } from '../spl/syntax/parser.ts'
import { Batch } from '../value/batch.ts'
import { constant } from '../value/column.ts'
import { aboutSetting, type Conf, type ConfValue, confBoolean, type Report } from './conf-file.ts'

/** A named search. */
export interface Eventtype {
  readonly name: string
  readonly expression: SearchExpression
}

/** An eventtype that events with certain constant fields can have. */
export interface PossibleEventtype {
  readonly name: string
  /** Absent: all of these events have it. */
  readonly matches?: BatchPredicate
}

const knownKeys = new Set(['search', 'priority', 'disabled', 'description', 'color'])

/**
 * Reads eventtypes in the order of their priority (1 first), then their names. Searches may name other eventtypes.
 * What cannot be read is reported and left out.
 */
export function readEventtypes(conf: Conf, report: Report): Eventtype[] {
  const searches = new Map<string, { setting: ConfValue; priority: number }>()
  for (const { name, settings } of conf.values()) {
    const setting = settings.get('search')
    if (setting === undefined || confBoolean(settings.get('disabled')?.value) === true) continue
    for (const [key, value] of settings) {
      if (knownKeys.has(key)) continue
      report(
        aboutSetting(
          'unsupported',
          `"${key}" of the eventtype "${name}" is not supported; it was ignored.`,
          value,
        ),
      )
    }
    searches.set(name, { setting, priority: Number(settings.get('priority')?.value ?? 5) || 5 })
  }
  const parsed = new Map<string, SearchExpression | undefined>()
  const parse = (name: string): SearchExpression | undefined => {
    if (parsed.has(name)) return parsed.get(name)
    parsed.set(name, undefined)
    const { setting } = searches.get(name)!
    try {
      const expression = withoutEventtypes(
        parseSearchTerms(setting.value, `eventtype ${name}`),
        searches,
        parse,
      )
      parsed.set(name, expression)
      return expression
    } catch (error) {
      if (!(error instanceof SearchError)) throw error
      const reasons = error.diagnostics.map((diagnostic) => diagnostic.message).join(' ')
      report(
        aboutSetting(
          'bad-content',
          `The search of the eventtype "${name}" cannot be used: ${reasons}`,
          setting,
        ),
      )
      return undefined
    }
  }
  const eventtypes: (Eventtype & { priority: number })[] = []
  for (const [name, { priority }] of searches) {
    const expression = parse(name)
    if (expression !== undefined) eventtypes.push({ name, expression, priority })
  }
  return eventtypes.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1))
}

/** Puts the searches of eventtypes in place of their names. A name that refers to itself matches nothing. */
function withoutEventtypes(
  expression: SearchExpression,
  searches: ReadonlyMap<string, unknown>,
  parse: (name: string) => SearchExpression | undefined,
): SearchExpression {
  const inner = (term: SearchExpression): SearchExpression => withoutEventtypes(term, searches, parse)
  const named = (test: (name: string) => boolean): SearchExpression => ({
    kind: 'Or',
    terms: [...searches.keys()].filter(test).flatMap((name) => parse(name) ?? []),
  })
  switch (expression.kind) {
    case 'And':
    case 'Or':
      return { ...expression, terms: expression.terms.map(inner) }
    case 'Not':
      return { ...expression, term: inner(expression.term) }
    case 'Comparison': {
      if (expression.field !== 'eventtype') return expression
      const names = named(valueTest(expression.value))
      return expression.operator === '!=' ? { kind: 'Not', term: names } : names
    }
    case 'In':
      return expression.field === 'eventtype'
        ? named((name) => expression.values.some((value) => valueTest(value)(name)))
        : expression
    default:
      return expression
  }
}

function valueTest(value: string): (name: string) => boolean {
  const pattern = new RegExp(`^${value.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i')
  return (name) => pattern.test(name)
}

/** Fields that are the same in all of some events. */
export type ConstantFields = ReadonlyMap<string, string>

/**
 * Finds the eventtypes that events with these constant fields can have, so that the searches of the many others need
 * not run.
 */
export function possibleEventtypes(
  eventtypes: readonly Eventtype[],
  constants: ConstantFields,
  context: ExpressionContext,
): PossibleEventtype[] {
  return eventtypes.flatMap(({ name, expression }) => {
    const rest = simplify(expression, constants, context)
    if (rest === false) return []
    return rest === true ? [{ name }] : [{ name, matches: compileSearch(rest, context) }]
  })
}

/** What is left of a search when some fields are known: true, false, or a search. */
export function simplify(
  expression: SearchExpression,
  constants: ConstantFields,
  context: ExpressionContext,
): SearchExpression | boolean {
  switch (expression.kind) {
    case 'And': {
      const terms = expression.terms
        .map((term) => simplify(term, constants, context))
        .filter((term) => term !== true)
      if (terms.includes(false)) return false
      return terms.length === 0 ? true : { kind: 'And', terms: terms as SearchExpression[] }
    }
    case 'Or': {
      const terms = expression.terms
        .map((term) => simplify(term, constants, context))
        .filter((term) => term !== false)
      if (terms.includes(true)) return true
      return terms.length === 0 ? false : { kind: 'Or', terms: terms as SearchExpression[] }
    }
    case 'Not': {
      const term = simplify(expression.term, constants, context)
      return typeof term === 'boolean' ? !term : { kind: 'Not', term }
    }
    case 'Comparison':
    case 'In': {
      const value = constants.get(expression.field)
      if (value === undefined) return expression
      return compileSearch(expression, context)(new Batch(1, [[expression.field, constant(value)]]))[0] === 1
    }
    default:
      return expression
  }
}
