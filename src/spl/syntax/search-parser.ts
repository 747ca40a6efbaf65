// Parses the search language: the terms of `search`, `tstats where`, eventtypes and data-model constraints.
//
//   and  := or { [AND] or }          AND binds loosest here, unlike in expressions
//   or   := not { OR not }
//   not  := NOT not | ( and ) | [ subsearch ] | field op value | field IN ( values ) | TERM(x) | CASE(x) | "phrase" | word

import type { Comparison, ComparisonOperator, MatchMode, SearchExpression } from './ast.ts'
import type { SubsearchReader } from './expression-parser.ts'
import { type Scanner, unescapeSearchValue } from './scanner.ts'

/** Deeper nesting is refused, so that a hostile search cannot exhaust the stack. */
const deepest = 200

const wordPattern = /(?:\\["\\]|[^\s()[\]|"=<>!]|!(?!=))+/y
/** A bare value goes on to the next blank; quotation marks in it are escaped, parentheses belong to it in pairs. */
const valuePattern = /(?:\\["\\]|[^\s()[\]|"])+/y
const itemPattern = /(?:\\["\\]|[^\s(),[\]|"])+/y
const operators = ['!=', '<=', '>=', '==', '=', '<', '>'] as const

/** The time modifiers of the search command. Search Reference: Time modifiers; search: time options */
const timeModifiers = new Set([
  'earliest',
  'latest',
  '_index_earliest',
  '_index_latest',
  'starttime',
  'endtime',
  'starttimeu',
  'endtimeu',
  'startdaysago',
  'enddaysago',
  'starthoursago',
  'endhoursago',
  'startminutesago',
  'endminutesago',
  'startmonthsago',
  'endmonthsago',
  'searchtimespandays',
  'searchtimespanhours',
  'searchtimespanminutes',
  'searchtimespanmonths',
  'daysago',
  'hoursago',
  'minutesago',
  'monthsago',
  'timeformat',
])

/** Search Reference: search (hosttag, eventtypetag) */
const tagFields: ReadonlyMap<string, string> = new Map([
  ['eventtypetag', 'tag::eventtype'],
  ['hosttag', 'tag::host'],
])

/** What `=` means for a bound, written out: `earliest>=@d+1h`, `latest<@d`. */
const inclusive: ReadonlyMap<string, ComparisonOperator> = new Map([
  ['earliest', '>='],
  ['latest', '<'],
])

export interface SearchParserOptions {
  /** Words at which the search ends: `by` and `groupby` for the where clause of tstats. */
  readonly stopWords?: readonly string[]
}

/**
 * Parses terms up to the end, or to a stop word, and leaves the scanner there.
 * @throws SearchError with the place
 */
export function parseSearchAt(
  scanner: Scanner,
  subsearch: SubsearchReader,
  options: SearchParserOptions = {},
): SearchExpression {
  const parser = new SearchParser(scanner, subsearch, options)
  const terms = parser.terms(false)
  return parser.timeFormat === undefined ? terms : withTimeFormat(terms, parser.timeFormat)
}

/** The terms with `timeformat` taken out and put where it counts. */
function withTimeFormat(expression: SearchExpression, format: string): SearchExpression {
  switch (expression.kind) {
    case 'And':
    case 'Or': {
      const terms = expression.terms
        .filter((term) => !isTimeFormat(term))
        .map((term) => withTimeFormat(term, format))
      return terms.length === 1 ? terms[0]! : { ...expression, terms }
    }
    case 'Not':
      return { kind: 'Not', term: withTimeFormat(expression.term, format) }
    case 'TimeModifier':
      if (isTimeFormat(expression)) return { kind: 'And', terms: [] }
      return expression.name === 'starttime' || expression.name === 'endtime'
        ? { ...expression, format }
        : expression
    default:
      return expression
  }
}

const isTimeFormat = (term: SearchExpression): boolean =>
  term.kind === 'TimeModifier' && term.name === 'timeformat'

class SearchParser {
  readonly #scanner: Scanner
  readonly #subsearch: SubsearchReader
  readonly #stopWords: ReadonlySet<string>
  #depth = 0
  /** What `timeformat` says of the search's starttime and endtime, wherever it stands. */
  timeFormat: string | undefined

  constructor(scanner: Scanner, subsearch: SubsearchReader, { stopWords = [] }: SearchParserOptions) {
    this.#scanner = scanner
    this.#subsearch = subsearch
    this.#stopWords = new Set(stopWords)
  }

  terms(inParentheses: boolean): SearchExpression {
    const scanner: Scanner = this.#scanner
    const terms: SearchExpression[] = []
    for (;;) {
      scanner.skipBlanks()
      if (scanner.atEnd || scanner.peek() === ')' || this.#atStopWord()) break
      const before = scanner.position
      if (this.#takeOperator('AND')) {
        if (terms.length === 0) {
          scanner.fail('syntax', 'AND needs a term before it.', { start: before, end: scanner.position })
        }
        scanner.skipBlanks()
        if (scanner.atEnd || scanner.peek() === ')' || this.#atStopWord()) {
          scanner.fail('syntax', 'AND needs a term after it.', { start: before, end: before + 3 })
        }
        continue
      }
      terms.push(this.#alternatives())
    }
    if (!inParentheses && scanner.peek() === ')') {
      scanner.fail('syntax', 'The parenthesis was never opened.', {
        start: scanner.position,
        end: scanner.position + 1,
      })
    }
    return terms.length === 1 ? terms[0]! : { kind: 'And', terms }
  }

  #alternatives(): SearchExpression {
    const scanner: Scanner = this.#scanner
    const terms = [this.#negation()]
    for (;;) {
      scanner.skipBlanks()
      const before = scanner.position
      if (!this.#takeOperator('OR')) break
      scanner.skipBlanks()
      if (scanner.atEnd || scanner.peek() === ')' || this.#atStopWord()) {
        scanner.fail('syntax', 'OR needs a term after it.', { start: before, end: before + 2 })
      }
      terms.push(this.#negation())
    }
    return terms.length === 1 ? terms[0]! : { kind: 'Or', terms }
  }

  #negation(): SearchExpression {
    const scanner: Scanner = this.#scanner
    scanner.skipBlanks()
    const start = scanner.position
    if (++this.#depth > deepest) scanner.fail('syntax', `The search is nested more than ${deepest} deep.`)
    try {
      if (this.#takeOperator('NOT')) {
        scanner.skipBlanks()
        if (scanner.atEnd || scanner.peek() === ')') {
          scanner.fail('syntax', 'NOT needs a term after it.', { start, end: start + 3 })
        }
        return { kind: 'Not', term: this.#negation() }
      }
      if (scanner.take('(')) {
        const inner = this.terms(true)
        if (!scanner.take(')')) {
          scanner.fail('syntax', 'The parenthesis is never closed.', { start, end: start + 1 })
        }
        return inner
      }
      if (scanner.peek() === '[') return this.#subsearch()
      return this.#term()
    } finally {
      this.#depth--
    }
  }

  #term(): SearchExpression {
    const scanner: Scanner = this.#scanner
    const start = scanner.position
    if (scanner.peek() === '"') {
      const { value } = scanner.quoted('"', '|')
      return this.#fieldTerm(value, start) ?? this.#keyword(value, 'plain', true, start)
    }
    if (scanner.peek() === "'") {
      const end = scanner.text.indexOf("'", start + 1)
      if (end !== -1 && end < scanner.end) {
        // A field name in single quotes, as eval wants it; search takes it only before an operator.
        scanner.position = end + 1
        const term = this.#fieldTerm(scanner.text.slice(start + 1, end), start)
        if (term !== undefined) return term
        scanner.position = start
      }
    }
    const word = scanner.match(wordPattern)
    if (word === undefined) scanner.fail('syntax', `A search term was expected, found ${scanner.found()}.`)
    const directive = this.#directive(word)
    if (directive !== undefined) return this.#keyword(directive.text, directive.mode, true, start)
    return this.#fieldTerm(word, start) ?? this.#keyword(unescapeSearchValue(word), 'plain', false, start)
  }

  #keyword(text: string, mode: MatchMode, quoted: boolean, start: number): SearchExpression {
    return { kind: 'Keyword', text, mode, quoted, span: this.#scanner.spanFrom(start) }
  }

  /** What follows a field name, or undefined when the word before was no field name. */
  #fieldTerm(field: string, start: number): SearchExpression | undefined {
    const scanner: Scanner = this.#scanner
    const before = scanner.position
    scanner.skipBlanks()
    if (scanner.startsWith('<>'))
      scanner.fail('syntax', 'search has no operator "<>".', undefined, 'Use "!=".')
    const operator = operators.find((candidate) => scanner.take(candidate))
    if (operator !== undefined) return this.#comparison(field, operator === '==' ? '=' : operator, start)
    const negated = scanner.takeKeyword('NOT')
    if (scanner.takeKeyword('IN')) {
      scanner.skipBlanks()
      if (scanner.peek() === '(') {
        const list: SearchExpression = {
          kind: 'In',
          field,
          values: this.#values(),
          span: scanner.spanFrom(start),
        }
        return negated ? { kind: 'Not', term: list } : list
      }
    }
    scanner.position = before
    return undefined
  }

  #comparison(field: string, operator: ComparisonOperator, start: number): SearchExpression {
    const scanner: Scanner = this.#scanner
    scanner.skipBlanks()
    if (scanner.peek() === '[') {
      const subsearch = this.#subsearch()
      return {
        kind: 'Comparison',
        field,
        operator,
        value: '',
        subsearch,
        mode: 'plain',
        span: scanner.spanFrom(start),
      }
    }
    const { text, mode } = this.#value(field)
    const name = field.toLowerCase()
    if (timeModifiers.has(name) && (operator === '=' || inclusive.get(name) === operator)) {
      if (name === 'timeformat') this.timeFormat = text
      return { kind: 'TimeModifier', name, value: text, span: scanner.spanFrom(start) }
    }
    if (name === 'savedsearch' || name === 'savedsplunk') {
      scanner.fail(
        'unsupported',
        `search does not support ${field}=: the terms of another search.`,
        scanner.spanFrom(start),
        'Use the command savedsearch, or a macro.',
      )
    }
    const comparison: Comparison = {
      kind: 'Comparison',
      field: tagFields.get(name) ?? field,
      operator,
      value: text,
      mode,
      span: scanner.spanFrom(start),
    }
    return comparison
  }

  #value(field: string): { text: string; mode: MatchMode } {
    const scanner: Scanner = this.#scanner
    if (scanner.peek() === '"') return { text: scanner.quoted('"', '|').value, mode: 'plain' }
    const start = scanner.position
    const word = scanner.match(wordPattern)
    const directive = word === undefined ? undefined : this.#directive(word)
    if (directive !== undefined) return directive
    scanner.position = start
    let open = 0
    while (!scanner.atEnd) {
      if (scanner.match(valuePattern) !== undefined) continue
      if (scanner.peek() === '(') open++
      else if (scanner.peek() === ')' && open > 0) open--
      else break
      scanner.position++
    }
    if (scanner.position === start) {
      scanner.fail(
        'syntax',
        `"${field}" needs a value, found ${scanner.found()}.`,
        undefined,
        'Write "" for an empty value.',
      )
    }
    return { text: unescapeSearchValue(scanner.text.slice(start, scanner.position)), mode: 'plain' }
  }

  /** `TERM(x)` or `CASE(x)`: the word was read, the parenthesis follows without a blank. */
  #directive(word: string): { text: string; mode: MatchMode } | undefined {
    const scanner: Scanner = this.#scanner
    if (scanner.peek() !== '(' || (word !== 'TERM' && word !== 'CASE')) return undefined
    const start = scanner.position
    scanner.take('(')
    scanner.skipBlanks()
    let text: string
    if (scanner.peek() === '"') text = scanner.quoted('"', '|').value
    else text = unescapeSearchValue(scanner.match(/[^()]+/y)?.trim() ?? '')
    scanner.skipBlanks()
    if (!scanner.take(')'))
      scanner.fail('syntax', 'The parenthesis is never closed.', { start, end: start + 1 })
    return { text, mode: word === 'TERM' ? 'term' : 'case' }
  }

  /** The values of an IN list. Commas may be missing, doubled or trailing: real content has all of these. */
  #values(): string[] {
    const scanner: Scanner = this.#scanner
    const start = scanner.position
    scanner.take('(')
    const values: string[] = []
    for (;;) {
      scanner.skipBlanks()
      if (scanner.take(')')) return values
      if (scanner.take(',')) continue
      if (scanner.peek() === '"') {
        values.push(scanner.quoted('"', '|').value)
        continue
      }
      const item = scanner.match(itemPattern)
      if (item === undefined) {
        if (scanner.atEnd)
          scanner.fail('syntax', 'The parenthesis is never closed.', { start, end: start + 1 })
        scanner.fail('syntax', `A value was expected in the list, found ${scanner.found()}.`)
      }
      values.push(unescapeSearchValue(item))
    }
  }

  /** AND, OR and NOT count in upper case only; in lower case they are words to look for. */
  #takeOperator(operator: 'AND' | 'OR' | 'NOT'): boolean {
    const scanner: Scanner = this.#scanner
    if (!scanner.startsWith(operator)) return false
    const next = scanner.peek(operator.length)
    if (next !== '' && !/[\s()"[]/.test(next)) return false
    // `NOT=x` and `AND = x` would be fields of that name.
    const rest = scanner.text.slice(scanner.position + operator.length, scanner.end)
    if (/^\s*(=|!=|<|>)/.test(rest)) return false
    scanner.position += operator.length
    return true
  }

  #atStopWord(): boolean {
    if (this.#stopWords.size === 0) return false
    const scanner: Scanner = this.#scanner
    const start = scanner.position
    const word = scanner.match(wordPattern)
    const after = scanner.peek()
    scanner.position = start
    return word !== undefined && this.#stopWords.has(word.toLowerCase()) && (after === '' || /\s/.test(after))
  }
}
