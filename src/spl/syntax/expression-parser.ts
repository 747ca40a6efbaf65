// Parses the expression language of eval and where.
//
//   xor     := or { XOR or }                     comparison := concat [ (= == != < <= > >= LIKE) concat | [NOT] IN (list) ]
//   or      := and { OR and }                    concat     := sum { . sum }
//   and     := not { AND not }                   sum        := product { (+ | -) product }
//   not     := NOT not | comparison              product    := unary { (* | / | %) unary }
//
// A JSON object or array as a literal is read as the call of json_object() or json_array() that makes it.

import type { BinaryOperator, Expression, Subsearch } from './ast.ts'
import type { Scanner } from './scanner.ts'

/** Deeper nesting is refused, so that a hostile search cannot exhaust the stack. */
export const deepest = 200

/**
 * The most operators in one expression. Each may be a level of the tree, which is walked by recursion, and V8 ends the
 * process when the stack ends at a bad place.
 */
export const mostOperators = 1500

/** Reads a subsearch in brackets; the opening bracket is next. */
export type SubsearchReader = () => Subsearch

const numberPattern = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y
const identifierPattern = /[A-Za-z_@#$\u0080-\uffff](?:[\w@#$\u0080-\uffff]|\{\d*\}|:(?=\w)|::)*/y
/** What follows a bracket that opens an array. A subsearch would begin with a command or a pipe. */
const arrayStart = /\[\s*(?:["{[\]]|-?[\d.]|(?:true|false|null)\s*[,\]])/y
/** A word of JSON where it is a whole value. */
const jsonWord = /(?:true|false|null)(?=\s*[,\]}])/y
const comparisonOperators = ['==', '!=', '<=', '>=', '<>', '=', '<', '>'] as const

/**
 * Parses one expression and leaves the scanner behind it.
 * @throws SearchError with the place
 */
export function parseExpressionAt(scanner: Scanner, subsearch: SubsearchReader): Expression {
  return new ExpressionParser(scanner, subsearch).expression()
}

class ExpressionParser {
  readonly #scanner: Scanner
  readonly #subsearch: SubsearchReader
  #depth = 0
  #operators = 0

  constructor(scanner: Scanner, subsearch: SubsearchReader) {
    this.#scanner = scanner
    this.#subsearch = subsearch
  }

  expression(): Expression {
    if (++this.#depth > deepest)
      this.#scanner.fail('syntax', `The expression is nested more than ${deepest} deep.`)
    const tree = this.#xor()
    this.#depth--
    return tree
  }

  #xor(): Expression {
    return this.#leftToRight(
      () => this.#or(),
      () => this.#keywordOperator('XOR'),
    )
  }

  #or(): Expression {
    return this.#leftToRight(
      () => this.#and(),
      () => this.#keywordOperator('OR'),
    )
  }

  #and(): Expression {
    return this.#leftToRight(
      () => this.#not(),
      () => this.#keywordOperator('AND'),
    )
  }

  #not(): Expression {
    const scanner: Scanner = this.#scanner
    scanner.skipBlanks()
    const start = scanner.position
    if (!this.#takeNot()) return this.#comparison()
    if (++this.#depth > deepest) scanner.fail('syntax', `The expression is nested more than ${deepest} deep.`)
    const operand = this.#not()
    this.#depth--
    return { kind: 'Unary', operator: 'NOT', operand, span: scanner.spanFrom(start) }
  }

  #comparison(): Expression {
    const scanner: Scanner = this.#scanner
    let left = this.#concatenation()
    for (;;) {
      scanner.skipBlanks()
      const before = scanner.position
      const operator = comparisonOperators.find((candidate) => scanner.take(candidate))
      if (operator !== undefined) {
        left = this.#binary(
          operator === '==' ? '=' : operator === '<>' ? '!=' : operator,
          left,
          this.#concatenation(),
        )
        continue
      }
      if (scanner.takeKeyword('LIKE')) {
        left = this.#binary('LIKE', left, this.#concatenation())
        continue
      }
      const negated = this.#takeNot()
      if (scanner.takeKeyword('IN')) {
        const list = this.#list()
        const span = scanner.spanFrom(left.span.start)
        const inList: Expression = { kind: 'InExpression', operand: left, list, span }
        left = negated ? { kind: 'Unary', operator: 'NOT', operand: inList, span } : inList
        continue
      }
      scanner.position = before
      return left
    }
  }

  #concatenation(): Expression {
    return this.#leftToRight(
      () => this.#sum(),
      () => this.#punctuationOperator(['.']),
    )
  }

  #sum(): Expression {
    return this.#leftToRight(
      () => this.#product(),
      () => this.#punctuationOperator(['+', '-']),
    )
  }

  #product(): Expression {
    return this.#leftToRight(
      () => this.#unary(),
      () => this.#punctuationOperator(['*', '/', '%']),
    )
  }

  #unary(): Expression {
    const scanner: Scanner = this.#scanner
    scanner.skipBlanks()
    const start = scanner.position
    const operator = scanner.take('-') ? '-' : scanner.take('+') ? '+' : undefined
    if (operator === undefined) return this.#primary()
    if (++this.#depth > deepest) scanner.fail('syntax', `The expression is nested more than ${deepest} deep.`)
    const operand = this.#unary()
    this.#depth--
    if (operator === '-' && operand.kind === 'Number') {
      return {
        kind: 'Number',
        value: -operand.value,
        text: `-${operand.text}`,
        span: scanner.spanFrom(start),
      }
    }
    return { kind: 'Unary', operator, operand, span: scanner.spanFrom(start) }
  }

  #primary(): Expression {
    const scanner: Scanner = this.#scanner
    scanner.skipBlanks()
    const start = scanner.position
    switch (scanner.peek()) {
      case '"': {
        const { value, span } = scanner.quoted('"')
        return { kind: 'String', value, span }
      }
      case "'": {
        const { value, span } = scanner.quoted("'")
        return { kind: 'Field', name: value, span }
      }
      case '(': {
        scanner.take('(')
        const inner = this.expression()
        scanner.skipBlanks()
        if (!scanner.take(')')) {
          scanner.fail('syntax', `The parenthesis is never closed: found ${scanner.found()}.`, {
            start,
            end: start + 1,
          })
        }
        return inner
      }
      case '{':
        return this.#object(start)
      case '[':
        arrayStart.lastIndex = start
        return arrayStart.test(scanner.text) ? this.#array(start) : this.#subsearch()
    }
    const number = scanner.match(numberPattern)
    if (number !== undefined)
      return { kind: 'Number', value: Number(number), text: number, span: scanner.spanFrom(start) }
    const name = scanner.match(identifierPattern)
    if (name === undefined) scanner.fail('syntax', `An expression was expected, found ${scanner.found()}.`)
    const nameSpan = scanner.spanFrom(start)
    if (/^(and|or|xor|not|like|in)$/i.test(name) && !this.#callFollows()) {
      scanner.fail('syntax', `An expression was expected, found "${name}".`, nameSpan)
    }
    if (!this.#callFollows()) return { kind: 'Field', name, span: nameSpan }
    scanner.skipBlanks()
    const args = this.#list()
    return { kind: 'Call', name: name.toLowerCase(), args, span: scanner.spanFrom(start), nameSpan }
  }

  /** Expressions in parentheses, separated by commas. */
  #list(): Expression[] {
    const scanner: Scanner = this.#scanner
    scanner.skipBlanks()
    if (scanner.peek() !== '(') scanner.fail('syntax', `"(" was expected, found ${scanner.found()}.`)
    return this.#enclosed('(', ')', 'parenthesis', () => [this.expression()])
  }

  /** `{"name": value, …}` */
  #object(start: number): Expression {
    const scanner: Scanner = this.#scanner
    const args = this.#enclosed('{', '}', 'brace', () => {
      scanner.skipBlanks()
      if (scanner.peek() !== '"')
        scanner.fail('syntax', `A key in quotation marks was expected, found ${scanner.found()}.`)
      const { value, span } = scanner.quoted('"')
      scanner.skipBlanks()
      if (!scanner.take(':')) scanner.fail('syntax', `":" was expected, found ${scanner.found()}.`)
      return [{ kind: 'String', value, span }, this.#jsonValue()]
    })
    return this.#made('json_object', args, start)
  }

  /** `[value, …]` */
  #array(start: number): Expression {
    return this.#made(
      'json_array',
      this.#enclosed('[', ']', 'bracket', () => [this.#jsonValue()]),
      start,
    )
  }

  #jsonValue(): Expression {
    const scanner: Scanner = this.#scanner
    scanner.skipBlanks()
    const start = scanner.position
    const word = scanner.match(jsonWord)
    return word === undefined ? this.expression() : this.#made(word, [], start)
  }

  /** The call of a function that is written in another form. */
  #made(name: string, args: readonly Expression[], start: number): Expression {
    const span = this.#scanner.spanFrom(start)
    return { kind: 'Call', name, args, span, nameSpan: span }
  }

  /** Items between two marks, separated by commas; the opening mark is next. */
  #enclosed(open: string, close: string, what: string, item: () => Expression[]): Expression[] {
    const scanner: Scanner = this.#scanner
    const start = scanner.position
    scanner.take(open)
    const items: Expression[] = []
    scanner.skipBlanks()
    if (scanner.take(close)) return items
    for (;;) {
      items.push(...item())
      scanner.skipBlanks()
      if (scanner.take(close)) return items
      if (!scanner.take(',')) {
        if (scanner.atEnd) scanner.fail('syntax', `The ${what} is never closed.`, { start, end: start + 1 })
        scanner.fail('syntax', `"," or "${close}" was expected, found ${scanner.found()}.`)
      }
    }
  }

  #callFollows(): boolean {
    const { text, end } = this.#scanner
    let at = this.#scanner.position
    while (at < end && /\s/.test(text[at]!)) at++
    return at < end && text[at] === '('
  }

  #leftToRight(operand: () => Expression, takeOperator: () => BinaryOperator | undefined): Expression {
    let left = operand()
    for (;;) {
      const operator = takeOperator()
      if (operator === undefined) return left
      left = this.#binary(operator, left, operand())
    }
  }

  #binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
    if (++this.#operators > mostOperators) {
      const message = `The expression has more than ${mostOperators} operators.`
      this.#scanner.fail('syntax', message, undefined, 'Use IN or a lookup for lists.')
    }
    return {
      kind: 'Binary',
      operator,
      left,
      right,
      span: { start: left.span.start, end: this.#scanner.position },
    }
  }

  #keywordOperator(operator: 'AND' | 'OR' | 'XOR'): BinaryOperator | undefined {
    return this.#scanner.takeKeyword(operator) ? operator : undefined
  }

  /** NOT, or `!` where it is not the beginning of `!=`. */
  #takeNot(): boolean {
    const scanner: Scanner = this.#scanner
    if (scanner.takeKeyword('NOT')) return true
    return scanner.peek() === '!' && scanner.peek(1) !== '=' && scanner.take('!')
  }

  #punctuationOperator(operators: readonly BinaryOperator[]): BinaryOperator | undefined {
    this.#scanner.skipBlanks()
    return operators.find((operator) => this.#scanner.take(operator))
  }
}
