// Turns an expression into a function of batches: constants are computed once, functions run once per distinct value.
// What operators and functions do is in their own files; parsing is in spl/syntax.

import { suggest } from '../../base/suggest.ts'
import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import { SearchError } from '../../diagnostics/diagnostic.ts'
import type { Label, LocatedText, Span } from '../../diagnostics/source.ts'
import type { Batch } from '../../value/batch.ts'
import { constant, nullColumn } from '../../value/column.ts'
import { andInto, countRows, type Mask, noRows, orInto, rowsOf } from '../../value/mask.ts'
import type { Value } from '../../value/value.ts'
import type { ExpressionContext } from '../run/context.ts'
import type { Binary, BinaryOperator, Call, Expression } from '../syntax/ast.ts'
import { type ArithmeticOperator, asQuantity, isArithmetic, join, negate, operations } from './arithmetic.ts'
import { and, isTrue, negation, or, xor } from './boolean.ts'
import { mapMany, mapOne, maskWhere } from './columns.ts'
import {
  compareValues,
  comparisonWith,
  isRelational,
  mirrored,
  type RelationalOperator,
} from './comparison.ts'
import { concatenate } from './concatenation.ts'
import type {
  ColumnExpression,
  Compiler,
  Constant,
  EvalFunction,
  PlainFunction,
  Predicate,
} from './function.ts'
import { findFunction, functionNames } from './functions/index.ts'
import { literalValue, type Operand, settle, settleSignificant, unrounded } from './precision.ts'
import { joinsTexts, returnsBoolean, staticType } from './static-type.ts'

export interface CompileOptions {
  /** Where the spans of the expression point to, so that messages can show the place. */
  readonly locate?: LocatedText
}

/**
 * Compiles an expression into a function that gives one column per batch.
 * @throws SearchError for what is wrong before any row: unknown functions, wrong arity, bad constants
 */
export function compileExpression(
  expression: Expression,
  context: ExpressionContext,
  options: CompileOptions = {},
): ColumnExpression {
  return new ExpressionCompiler(context, options.locate).node(expression).evaluate
}

/**
 * Compiles a condition into a function that gives the rows for which it is TRUE; null is not TRUE.
 * @throws SearchError as compileExpression does, and for what can never be a condition
 */
export function compilePredicate(
  expression: Expression,
  context: ExpressionContext,
  options: CompileOptions = {},
): Predicate {
  return new ExpressionCompiler(context, options.locate).compileCondition(expression)
}

/** A compiled part; `constant` when it is the same in every row. */
interface Node {
  readonly evaluate: ColumnExpression
  readonly constant?: Constant
}

/** How a number leaves a calculation. */
type Rounding = 'shown' | 'number' | 'significant'

const roundings: Readonly<Record<Rounding, (operand: Operand) => Value>> = {
  shown: settle,
  number: unrounded,
  significant: settleSignificant,
}

/** A calculation over the values of its leaves. */
type Formula = (leaves: readonly Value[]) => Operand

class ExpressionCompiler implements Compiler {
  readonly context: ExpressionContext
  readonly #locate: LocatedText | undefined

  constructor(context: ExpressionContext, locate: LocatedText | undefined) {
    this.context = context
    this.#locate = locate
  }

  compile(expression: Expression): ColumnExpression {
    return this.node(expression).evaluate
  }

  compileNumber(expression: Expression): ColumnExpression {
    return this.node(expression, 'number').evaluate
  }

  compileSignificant(expression: Expression): ColumnExpression {
    return this.node(expression, 'significant').evaluate
  }

  compileCondition(expression: Expression): Predicate {
    this.#checkCondition(expression)
    if (expression.kind === 'Binary') {
      const { operator, left, right } = expression
      if (operator === 'AND') return bothTrue(this.compileCondition(left), this.compileCondition(right))
      if (operator === 'OR') return eitherTrue(this.compileCondition(left), this.compileCondition(right))
      if (isRelational(operator)) return this.#relation(operator, left, right)
    }
    const { evaluate } = this.node(expression)
    return (batch) => maskWhere(evaluate(batch), batch.length, isTrue)
  }

  fail(code: DiagnosticCode, message: string, span: Span, help?: string): never {
    throw new SearchError([
      {
        code,
        severity: 'error',
        message,
        labels: this.#locate?.locate(span) ?? [],
        ...(help === undefined ? {} : { help }),
      },
    ])
  }

  /** Compiles a part. Only calculations and number literals depend on the rounding. */
  node(expression: Expression, rounding: Rounding = 'shown'): Node {
    switch (expression.kind) {
      case 'Number':
        return constantNode(
          rounding === 'shown' ? literalValue(expression.text, expression.value) : expression.value,
        )
      case 'String':
        return constantNode(expression.value)
      case 'Field': {
        const { name } = expression
        return { evaluate: (batch) => batch.column(name) ?? nullColumn }
      }
      case 'Call':
        return this.#call(expression)
      case 'Unary':
        return expression.operator === 'NOT'
          ? this.#logical([expression.operand], ([value]) => negation(value))
          : this.#calculation(expression, rounding)
      case 'Binary':
        return this.#binary(expression, rounding)
      case 'InExpression': {
        const { operand, list, span } = expression
        return this.#call({ kind: 'Call', name: 'in', args: [operand, ...list], span, nameSpan: span })
      }
      case 'Subsearch':
        return this.fail('unsupported', 'A subsearch cannot stand here.', expression.span)
    }
  }

  #binary(expression: Binary, rounding: Rounding): Node {
    const { operator, left, right, span } = expression
    if (isArithmetic(operator)) return this.#calculation(expression, rounding)
    if (isRelational(operator)) return this.#comparison(operator, left, right)
    switch (operator) {
      case '.':
        this.#refuseBoolean(operator, left)
        this.#refuseBoolean(operator, right)
        return this.#plain([this.node(left), this.node(right)], ([a, b]) => concatenate(a, b))
      case 'AND':
        return this.#logical([left, right], ([a, b]) => and(a, b))
      case 'OR':
        return this.#logical([left, right], ([a, b]) => or(a, b))
      case 'XOR':
        return this.#logical([left, right], ([a, b]) => xor(a, b))
      case 'LIKE':
        return this.#call({ kind: 'Call', name: 'like', args: [left, right], span, nameSpan: span })
    }
  }

  #comparison(operator: RelationalOperator, left: Expression, right: Expression): Node {
    const a = this.node(left, 'number')
    const b = this.node(right, 'number')
    const test = testOf(operator, a, b)
    if (test !== undefined) {
      const { evaluate } = test.operand
      return { evaluate: (batch) => mapOne(evaluate(batch), batch.length, test.holds) }
    }
    return this.#plain([a, b], ([x, y]) => compareValues(operator, x, y))
  }

  /** A comparison as a condition: with a constant the mask is made in one go. */
  #relation(operator: RelationalOperator, left: Expression, right: Expression): Predicate {
    const a = this.node(left, 'number')
    const b = this.node(right, 'number')
    const test = testOf(operator, a, b)
    if (test !== undefined) {
      const { evaluate } = test.operand
      return (batch) => maskWhere(evaluate(batch), batch.length, (value) => test.holds(value) === true)
    }
    const { evaluate } = this.#plain([a, b], ([x, y]) => compareValues(operator, x, y))
    return (batch) => maskWhere(evaluate(batch), batch.length, isTrue)
  }

  #logical(operands: readonly Expression[], apply: (args: readonly Value[]) => Value): Node {
    for (const operand of operands) this.#checkCondition(operand)
    return this.#plain(
      operands.map((operand) => this.node(operand)),
      apply,
    )
  }

  /** A whole tree of arithmetic runs as one function of its leaves, so that precision is settled once, at its root. */
  #calculation(expression: Expression, rounding: Rounding): Node {
    const leaves: Node[] = []
    const formula = this.#formula(expression, leaves)
    const round = roundings[rounding]
    return this.#plain(leaves, (values) => round(formula(values)))
  }

  #formula(expression: Expression, leaves: Node[]): Formula {
    if (expression.kind === 'Unary' && expression.operator !== 'NOT') {
      this.#refuseBoolean(expression.operator, expression.operand)
      const operand = this.#formula(expression.operand, leaves)
      const apply = expression.operator === '-' ? negate : asQuantity
      return (values) => apply(operand(values))
    }
    if (expression.kind === 'Binary' && isArithmetic(expression.operator)) {
      this.#refuseBoolean(expression.operator, expression.left)
      this.#refuseBoolean(expression.operator, expression.right)
      this.#refuseMixedSum(expression)
      const left = this.#formula(expression.left, leaves)
      const right = this.#formula(expression.right, leaves)
      const apply = operation(expression.operator, expression)
      return (values) => apply(left(values), right(values))
    }
    const position = leaves.push(this.node(expression)) - 1
    return (values) => values[position]
  }

  #call(call: Call): Node {
    const found = findFunction(call.name)
    if (found === undefined) {
      const [near] = suggest(call.name, functionNames())
      const help = near === undefined ? undefined : `Did you mean "${near}"?`
      this.fail('unknown-function', `Unknown function "${call.name}".`, call.nameSpan, help)
    }
    this.#checkArity(found, call)
    found.check?.(call, this)
    switch (found.kind) {
      case 'plain':
        return this.#plainCall(found, call)
      case 'special':
        return { evaluate: found.compile(call, this) }
    }
  }

  #plainCall(definition: PlainFunction, call: Call): Node {
    const { parameters } = definition
    const args = call.args.map((argument, index) => {
      const parameter = parameters[index] ?? parameters.at(-1)
      if (parameter?.type === 'Boolean') this.#checkCondition(argument)
      const isNumber = parameter?.type === 'number' || parameter?.type === 'JSON'
      const isShown = !isNumber || (parameter.asWritten === true && isDecimal(argument))
      return this.node(argument, isShown ? 'shown' : 'number')
    })
    const { context } = this
    const constants = args.map((argument) => argument.constant)
    const prepared = this.#atPlace(call.span, () => definition.prepare?.(constants, context))
    const run = prepared ?? ((values: readonly Value[]) => definition.call(values, context))
    const apply = definition.acceptsNull
      ? run
      : (values: readonly Value[]) => (values.includes(undefined) ? undefined : run(values))
    return this.#atPlace(call.span, () => this.#plain(args, apply))
  }

  /** Adds the place to an error of a function, which knows its arguments only: a regex points into itself. */
  #atPlace<T>(span: Span, action: () => T): T {
    try {
      return action()
    } catch (error) {
      if (!(error instanceof SearchError) || this.#locate === undefined) throw error
      const place = this.#locate.locate(span)
      throw new SearchError(
        error.diagnostics.map((diagnostic) => {
          const { labels } = diagnostic
          return { ...diagnostic, labels: labels.length === 0 ? place : [...labels, ...place.map(secondary)] }
        }),
      )
    }
  }

  #plain(operands: readonly Node[], apply: (args: readonly Value[]) => Value): Node {
    const constants = operands.map((operand) => operand.constant)
    if (constants.every((known) => known !== undefined)) {
      return constantNode(apply(constants.map(({ value }) => value)))
    }
    return {
      evaluate: (batch) =>
        mapMany(
          operands.map((operand) => operand.evaluate(batch)),
          batch.length,
          apply,
        ),
    }
  }

  #checkArity(definition: EvalFunction, call: Call): void {
    const { parameters } = definition
    const needed = parameters.filter(({ optional }) => optional !== true).length
    const allowed = parameters.at(-1)?.repeated ? Number.POSITIVE_INFINITY : parameters.length
    const given = call.args.length
    if (given >= needed && given <= allowed) return
    const count =
      needed === allowed
        ? String(needed)
        : allowed === Number.POSITIVE_INFINITY
          ? `at least ${needed}`
          : `${needed} to ${allowed}`
    this.fail(
      'wrong-arity',
      `${signature(definition, call.name)} needs ${count} ${count === '1' || count === 'at least 1' ? 'argument' : 'arguments'}, found ${given}.`,
      call.span,
    )
  }

  /** A number or a text can never be TRUE: Splunk refuses it as a condition, too. A field hardly ever is. */
  #checkCondition(expression: Expression): void {
    const type = staticType(expression)
    if (type === 'number' || type === 'string') {
      this.fail(
        'bad-argument',
        `A condition was expected, found a ${type}.`,
        expression.span,
        'Compare it with something, as in x > 0 or x = "a", or test it with isnotnull(x).',
      )
    }
    if (expression.kind !== 'Field') return
    const { name, span } = expression
    this.context.warn({
      code: 'suspicious',
      severity: 'warning',
      message: `The field "${name}" stands where a condition is expected.`,
      labels: this.#locate?.locate(span) ?? [],
      help:
        name === 'true' || name === 'false'
          ? `Write ${name}().`
          : `Compare it with something, as in ${name} > 0.`,
    })
  }

  /** `+` takes two numbers or two texts. Of fields only the values tell; what is written down is refused. */
  #refuseMixedSum({ operator, left, right, span }: Binary): void {
    if (operator !== '+' || !joinsTexts(left, right)) return
    if (staticType(left) !== 'number' && staticType(right) !== 'number') return
    this.fail(
      'bad-argument',
      '"+" takes two numbers or two strings, found one of each.',
      span,
      'Join them with ".", or convert one with tostring() or tonumber().',
    )
  }

  #refuseBoolean(operator: BinaryOperator, operand: Expression): void {
    if (!returnsBoolean(operand)) return
    this.fail(
      'boolean-result',
      `"${operator}" takes numbers or strings, found a Boolean.`,
      operand.span,
      'Wrap it in if() or tostring().',
    )
  }
}

/** The comparison as a test of one side, when the other is constant. */
function testOf(
  operator: RelationalOperator,
  left: Node,
  right: Node,
): { operand: Node; holds: (value: Value) => boolean | undefined } | undefined {
  if (left.constant === undefined && right.constant !== undefined) {
    return { operand: left, holds: comparisonWith(operator, right.constant.value) }
  }
  if (left.constant !== undefined && right.constant === undefined) {
    return { operand: right, holds: comparisonWith(mirrored[operator], left.constant.value) }
  }
  return undefined
}

const secondary = (label: Label): Label => ({ ...label, primary: false })

/** `name(first, second, …, [optional])` */
function signature({ parameters }: EvalFunction, name: string): string {
  const list = parameters.map((parameter) => {
    const shown = parameter.repeated ? `${parameter.name}, ...` : parameter.name
    return parameter.optional ? `[${shown}]` : shown
  })
  return `${name}(${list.join(', ')})`
}

/** `0.50`, `-0.50` */
const isDecimal = (expression: Expression): boolean =>
  expression.kind === 'Number' || (expression.kind === 'Unary' && isDecimal(expression.operand))

function constantNode(value: Value): Node {
  const column = constant(value)
  return { evaluate: () => column, constant: { value } }
}

function operation(
  operator: ArithmeticOperator,
  { left, right }: Binary,
): (a: Operand, b: Operand) => Operand {
  return operator === '+' && joinsTexts(left, right) ? join : operations[operator]
}

/** The right side sees only the rows that the left side kept, when these are few enough to be worth gathering. */
const bothTrue =
  (left: Predicate, right: Predicate): Predicate =>
  (batch) => {
    const mask = left(batch)
    const kept = countRows(mask)
    if (kept === 0) return mask
    if (kept * 2 > batch.length) {
      andInto(mask, right(batch))
      return mask
    }
    return scatter(rowsOf(mask), right(batch.filter(mask)), batch)
  }

const eitherTrue =
  (left: Predicate, right: Predicate): Predicate =>
  (batch) => {
    const mask = left(batch)
    if (countRows(mask) === batch.length) return mask
    orInto(mask, right(batch))
    return mask
  }

/** Puts the mask of some rows back into the batch they came from. */
function scatter(rows: Uint32Array, part: Mask, batch: Batch): Mask {
  const mask = noRows(batch.length)
  for (let index = 0; index < rows.length; index++) mask[rows[index]!] = part[index]!
  return mask
}
