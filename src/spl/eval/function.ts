// What an eval function is. One function is one file that exports what `defineFunction` gives; `index.ts` lists them.

import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import type { Span } from '../../diagnostics/source.ts'
import type { Batch } from '../../value/batch.ts'
import type { Column } from '../../value/column.ts'
import type { Mask } from '../../value/mask.ts'
import type { Value } from '../../value/value.ts'
import type { ExpressionContext } from '../run/context.ts'
import type { Call, Expression } from '../syntax/ast.ts'

export interface Parameter {
  readonly name: string
  /**
   * What it takes, in a word or two: `string`, `number`, `multivalue`, `any`, `Boolean`, `regex`, `JSON`. Arguments of
   * type `number` and `JSON` arrive as unrounded numbers, a `Boolean` one must be a condition.
   */
  readonly type: string
  /** A decimal written into the call arrives with its digits, `0.50`, because the function rounds by them. */
  readonly asWritten?: boolean
  readonly optional?: boolean
  /** May be repeated; the last parameter only. */
  readonly repeated?: boolean
}

export type FunctionCategory =
  | 'bitwise'
  | 'comparison'
  | 'conversion'
  | 'cryptographic'
  | 'date and time'
  | 'informational'
  | 'JSON'
  | 'mathematical'
  | 'multivalue'
  | 'statistical'
  | 'text'
  | 'trigonometric'

export interface FunctionExample {
  /** An expression: `lower("ABC")`. */
  readonly expression: string
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
  /** What it gives; null for null. */
  readonly result: string | readonly string[] | null
}

/** A compiled expression: one column for a batch. */
export type ColumnExpression = (batch: Batch) => Column

interface FunctionBase {
  /** In lower case. */
  readonly name: string
  readonly aliases?: readonly string[]
  readonly category: FunctionCategory
  readonly parameters: readonly Parameter[]
  /** `string`, `number`, `Boolean`, `multivalue`, `any`. A Boolean cannot be assigned to a field. */
  readonly returns: string
  readonly summary: string
  readonly examples: readonly FunctionExample[]
  /** Refuses a wrong call by its form, before anything is compiled. The number of arguments is checked already. */
  check?(call: Call, compiler: Pick<Compiler, 'fail'>): void
}

/** An argument that is the same in every row. */
export interface Constant {
  readonly value: Value
}

/** What a plain function is once its constant arguments are known: it gets all arguments, also the constant ones. */
export type PreparedFunction = (args: readonly Value[]) => Value

/**
 * A function of values: the same arguments give the same result, so it runs once per distinct value.
 */
export interface PlainFunction extends FunctionBase {
  readonly kind: 'plain'
  /** The function is called with null arguments too. Without this a null argument makes the result null. */
  readonly acceptsNull?: boolean
  /** Arguments that were left out are not passed. */
  call(args: readonly Value[], context: ExpressionContext): Value
  /**
   * Prepares a call once, before any row: compiles a constant regex, refuses a wrong constant. Throws SearchError.
   * @param constants by position; undefined where the argument differs by row
   * @returns         what to run instead of `call`; undefined: run `call`
   */
  prepare?(
    constants: readonly (Constant | undefined)[],
    context: ExpressionContext,
  ): PreparedFunction | undefined
}

/** A function that decides itself which arguments it evaluates, or that is not the same for the same arguments. */
export interface SpecialFunction extends FunctionBase {
  readonly kind: 'special'
  compile(call: Call, compiler: Compiler): ColumnExpression
}

export type EvalFunction = PlainFunction | SpecialFunction

/** Which rows a condition is TRUE for. The mask is the caller's to change. */
export type Predicate = (batch: Batch) => Mask

/** What a special function may use. */
export interface Compiler {
  /** Values as they are shown: rounded to the precision of the numbers that went in. */
  compile(expression: Expression): ColumnExpression
  /** Numbers with the full precision of a double. */
  compileNumber(expression: Expression): ColumnExpression
  /** Numbers rounded to their significant figures, before the point too. */
  compileSignificant(expression: Expression): ColumnExpression
  /** TRUE rows of a condition; null is not TRUE. Refuses what can never be a condition. */
  compileCondition(expression: Expression): Predicate
  /** Refuses the search at a place in it. */
  fail(code: DiagnosticCode, message: string, span: Span, help?: string): never
  readonly context: ExpressionContext
}

export const defineFunction = (definition: Omit<PlainFunction, 'kind'>): EvalFunction => ({
  kind: 'plain',
  ...definition,
})

export const defineSpecialFunction = (definition: Omit<SpecialFunction, 'kind'>): EvalFunction => ({
  kind: 'special',
  ...definition,
})
