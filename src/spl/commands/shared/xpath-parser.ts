// Reads expressions of XPath 1.0 into trees. What they find in a document is xpath.ts.
// https://www.w3.org/TR/1999/REC-xpath-19991116

export const axes = [
  'ancestor',
  'ancestor-or-self',
  'attribute',
  'child',
  'descendant',
  'descendant-or-self',
  'following',
  'following-sibling',
  'parent',
  'preceding',
  'preceding-sibling',
  'self',
] as const
export type Axis = (typeof axes)[number]

export type NodeTest =
  | { readonly kind: 'any' }
  | { readonly kind: 'text' }
  /** `*` is every name, `e:*` every one with this prefix. */
  | { readonly kind: 'name'; readonly name: string }

export interface Step {
  readonly axis: Axis
  readonly test: NodeTest
  readonly predicates: readonly XPathExpression[]
}

export type BinaryOperator =
  | 'or'
  | 'and'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | 'div'
  | 'mod'
  | '|'

export type XPathExpression =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly XPathExpression[] }
  | { readonly kind: 'negation'; readonly operand: XPathExpression }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: XPathExpression
      readonly right: XPathExpression
    }
  /** `from` is where the steps begin: the root, the node at hand, or what an expression finds. */
  | {
      readonly kind: 'path'
      readonly from: 'root' | 'here' | XPathExpression
      readonly predicates: readonly XPathExpression[]
      readonly steps: readonly Step[]
    }

/** What cannot be read, and where it begins. */
export class XPathProblem extends Error {}

/** How many arguments each function takes, at least and at most. */
const functions: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['boolean', [1, 1]],
  ['ceiling', [1, 1]],
  ['concat', [2, 100]],
  ['contains', [2, 2]],
  ['count', [1, 1]],
  ['false', [0, 0]],
  ['floor', [1, 1]],
  ['last', [0, 0]],
  ['local-name', [0, 1]],
  ['name', [0, 1]],
  ['normalize-space', [0, 1]],
  ['not', [1, 1]],
  ['number', [0, 1]],
  ['position', [0, 0]],
  ['round', [1, 1]],
  ['starts-with', [2, 2]],
  ['string', [0, 1]],
  ['string-length', [0, 1]],
  ['substring', [2, 3]],
  ['substring-after', [2, 2]],
  ['substring-before', [2, 2]],
  ['sum', [1, 1]],
  ['translate', [3, 3]],
  ['true', [0, 0]],
])

/** No honest expression is longer or nests deeper. */
const mostTokens = 1000
const deepest = 40

/**
 * Reads an expression.
 * @throws XPathProblem with the part that cannot be read
 */
export function parseXPath(text: string): XPathExpression {
  const parser = new Parser(text)
  const expression = parser.expression()
  parser.end()
  return expression
}

interface Token {
  readonly text: string
  readonly start: number
}

const tokenPattern =
  /\s*("[^"]*"|'[^']*'|\d+(?:\.\d*)?|\.\d+|\.\.|\/\/|::|!=|<=|>=|[./@()[\],|+\-=<>*]|[\p{L}_][\p{L}\d_.-]*(?::(?!:)(?:\*|[\p{L}_][\p{L}\d_.-]*))?)/uy
const namePattern = /^[\p{L}_]/u

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let position = 0
  while (text.slice(position).trim() !== '') {
    tokenPattern.lastIndex = position
    const found = tokenPattern.exec(text)
    if (found === null || tokens.length === mostTokens) throw new XPathProblem(text.slice(position).trim())
    tokens.push({ text: found[1]!, start: tokenPattern.lastIndex - found[1]!.length })
    position = tokenPattern.lastIndex
  }
  return tokens
}

/** Loosest first. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['=', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', 'div', 'mod'],
]

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  expression(level = 0): XPathExpression {
    const operators = levels[level]
    if (operators === undefined) return this.#unary()
    if (level === 0 && ++this.#depth > deepest) this.#refuse()
    let left = this.expression(level + 1)
    for (;;) {
      const operator = operators.find((candidate) => candidate === this.#peek())
      if (operator === undefined) break
      this.#at++
      left = { kind: 'binary', operator, left, right: this.expression(level + 1) }
    }
    if (level === 0) this.#depth--
    return left
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#refuse()
  }

  #unary(): XPathExpression {
    let isNegative = false
    let hasSign = false
    while (this.#take('-')) {
      isNegative = !isNegative
      hasSign = true
    }
    const operand = this.#union()
    if (!hasSign) return operand
    const negated: XPathExpression = { kind: 'negation', operand }
    return isNegative ? negated : { kind: 'negation', operand: negated }
  }

  #union(): XPathExpression {
    let left = this.#path()
    while (this.#take('|')) left = { kind: 'binary', operator: '|', left, right: this.#path() }
    return left
  }

  #path(): XPathExpression {
    const primary = this.#primary()
    if (primary !== undefined) {
      const predicates = this.#predicates()
      const steps = ['/', '//'].includes(this.#peek()) ? this.#furtherSteps() : []
      return predicates.length + steps.length === 0
        ? primary
        : { kind: 'path', from: primary, predicates, steps }
    }
    if (this.#peek() === '//')
      return { kind: 'path', from: 'root', predicates: [], steps: this.#furtherSteps() }
    if (this.#take('/')) {
      const steps = this.#beginsStep() ? [this.#step(), ...this.#furtherSteps()] : []
      return { kind: 'path', from: 'root', predicates: [], steps }
    }
    return { kind: 'path', from: 'here', predicates: [], steps: [this.#step(), ...this.#furtherSteps()] }
  }

  /** A literal, a call or an expression in parentheses; undefined when a path begins instead. */
  #primary(): XPathExpression | undefined {
    const token = this.#peek()
    if (token.startsWith('"') || token.startsWith("'")) {
      this.#at++
      return { kind: 'string', value: token.slice(1, -1) }
    }
    if (/^\.?\d/.test(token)) {
      this.#at++
      return { kind: 'number', value: Number(token) }
    }
    if (this.#take('(')) {
      const inner = this.expression()
      this.#expect(')')
      return inner
    }
    const isCall = namePattern.test(token) && this.#peek(1) === '('
    return isCall && !['text', 'node', 'comment', 'processing-instruction'].includes(token)
      ? this.#call(token)
      : undefined
  }

  #call(name: string): XPathExpression {
    const arity = functions.get(name)
    if (arity === undefined) throw new XPathProblem(`${name}()`)
    this.#at += 2
    const args: XPathExpression[] = []
    if (!this.#take(')')) {
      do args.push(this.expression())
      while (this.#take(','))
      this.#expect(')')
    }
    if (args.length < arity[0] || args.length > arity[1])
      throw new XPathProblem(`${name}() with ${args.length} arguments`)
    return { kind: 'call', name, args }
  }

  #furtherSteps(): Step[] {
    const steps: Step[] = []
    for (;;) {
      if (this.#take('//')) steps.push({ axis: 'descendant-or-self', test: { kind: 'any' }, predicates: [] })
      else if (!this.#take('/')) return steps
      steps.push(this.#step())
    }
  }

  #beginsStep(): boolean {
    const token = this.#peek()
    return ['.', '..', '@', '*'].includes(token) || namePattern.test(token)
  }

  #step(): Step {
    if (this.#take('.')) return { axis: 'self', test: { kind: 'any' }, predicates: this.#predicates() }
    if (this.#take('..')) return { axis: 'parent', test: { kind: 'any' }, predicates: this.#predicates() }
    let axis: Axis = 'child'
    if (this.#take('@')) axis = 'attribute'
    else if (this.#peek(1) === '::') {
      axis = axes.find((known) => known === this.#peek()) ?? this.#refuse()
      this.#at += 2
    }
    return { axis, test: this.#nodeTest(), predicates: this.#predicates() }
  }

  #nodeTest(): NodeTest {
    const name = this.#peek()
    if (name !== '*' && !namePattern.test(name)) this.#refuse()
    if (this.#peek(1) !== '(') {
      this.#at++
      return { kind: 'name', name }
    }
    if (name !== 'text' && name !== 'node') this.#refuse()
    this.#at += 2
    this.#expect(')')
    return { kind: name === 'text' ? 'text' : 'any' }
  }

  #predicates(): XPathExpression[] {
    const predicates: XPathExpression[] = []
    while (this.#take('[')) {
      predicates.push(this.expression())
      this.#expect(']')
    }
    return predicates
  }

  #peek(ahead = 0): string {
    return this.#tokens[this.#at + ahead]?.text ?? ''
  }

  #take(text: string): boolean {
    if (this.#peek() !== text) return false
    this.#at++
    return true
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#refuse()
  }

  #refuse(): never {
    const start = this.#tokens[this.#at]?.start
    throw new XPathProblem(start === undefined ? `${this.#text}…` : this.#text.slice(start).trim())
  }
}
