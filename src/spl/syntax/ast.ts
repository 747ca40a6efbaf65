// The syntax tree of SPL: plain readonly data with spans into the text that was parsed (after macro expansion).

import type { Span } from '../../diagnostics/source.ts'

/** A search: commands joined by pipes. */
export interface Pipeline {
  readonly kind: 'Pipeline'
  readonly commands: readonly Command[]
  readonly span: Span
}

/** One command. What its arguments mean is the command's own business. */
export interface Command {
  readonly kind: 'Command'
  /** As registered, in lower case. A search that begins with terms begins with an implicit `search`. */
  readonly name: string
  /** The arguments as they were written, after macro expansion; `text` begins at `textStart`. */
  readonly text: string
  readonly textStart: number
  /** What the command's `parse` made of its arguments: plain data. */
  readonly args: unknown
  /** Subsearches whose results become part of the text before the command runs (in search terms and expressions). */
  readonly subsearches: readonly Subsearch[]
  readonly span: Span
  readonly nameSpan: Span
  /** What a command is that is not one of Karst's own. A function, so that walks through the data pass it by. */
  readonly definition?: () => CommandIdentity
}

/** What the tree knows of a command that was added. */
export interface CommandIdentity {
  readonly name: string
  readonly type: string
}

/** `[search … | fields x]`: a search whose result is text in the search around it. */
export interface Subsearch {
  readonly kind: 'Subsearch'
  readonly pipeline: Pipeline
  readonly span: Span
}

// ---- the search language: search, tstats where, eventtypes, data-model constraints

export type SearchExpression =
  | SearchAnd
  | SearchOr
  | SearchNot
  | Comparison
  | InList
  | Keyword
  | TimeModifier
  | Subsearch

/** All of the terms; none of them means every event. */
export interface SearchAnd {
  readonly kind: 'And'
  readonly terms: readonly SearchExpression[]
}

export interface SearchOr {
  readonly kind: 'Or'
  readonly terms: readonly SearchExpression[]
}

export interface SearchNot {
  readonly kind: 'Not'
  readonly term: SearchExpression
}

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>='

/** `field=value`: the value is a literal, with `*` as wildcard. */
export interface Comparison {
  readonly kind: 'Comparison'
  readonly field: string
  readonly operator: ComparisonOperator
  readonly value: string
  /** The value is what this subsearch returns: `user=[… | return $u]`. */
  readonly subsearch?: Subsearch
  /** `plain`, or how the value was wrapped: `field=CASE(v)`, `field=TERM(v)`. */
  readonly mode: MatchMode
  readonly span: Span
}

/** `field IN (a, b*)`. */
export interface InList {
  readonly kind: 'In'
  readonly field: string
  readonly values: readonly string[]
  readonly span: Span
}

export type MatchMode = 'plain' | 'case' | 'term'

/** A word or a quoted phrase to look for in `_raw`. */
export interface Keyword {
  readonly kind: 'Keyword'
  readonly text: string
  readonly mode: MatchMode
  readonly quoted: boolean
  readonly span: Span
}

/** `earliest=-70m@m`, `latest=now`, `starthoursago=24`, … */
export interface TimeModifier {
  readonly kind: 'TimeModifier'
  readonly name: string
  readonly value: string
  /** How the time is written, where the search says it for starttime and endtime: `timeformat="%Y-%m-%d"`. */
  readonly format?: string
  readonly span: Span
}

// ---- the expression language: eval, where, stats eval(), calculated fields

export type Expression =
  | NumberLiteral
  | StringLiteral
  | FieldReference
  | Call
  | Unary
  | Binary
  | InExpression
  | Subsearch

export interface NumberLiteral {
  readonly kind: 'Number'
  readonly value: number
  /** As written: `8.250` says how precise a result may be. */
  readonly text: string
  readonly span: Span
}

export interface StringLiteral {
  readonly kind: 'String'
  readonly value: string
  readonly span: Span
}

export interface FieldReference {
  readonly kind: 'Field'
  readonly name: string
  readonly span: Span
}

export interface Call {
  readonly kind: 'Call'
  /** In lower case. */
  readonly name: string
  readonly args: readonly Expression[]
  readonly span: Span
  readonly nameSpan: Span
}

export interface Unary {
  readonly kind: 'Unary'
  readonly operator: '-' | '+' | 'NOT'
  readonly operand: Expression
  readonly span: Span
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '.'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'AND'
  | 'OR'
  | 'XOR'
  | 'LIKE'

export interface Binary {
  readonly kind: 'Binary'
  /** `==` is read as `=`. */
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
  readonly span: Span
}

/** `x IN ("a", "b")`; `NOT IN` is a `NOT` around it. */
export interface InExpression {
  readonly kind: 'InExpression'
  readonly operand: Expression
  readonly list: readonly Expression[]
  readonly span: Span
}
