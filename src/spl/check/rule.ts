// What a rule is. One rule is one file in rules/; rules/index.ts lists them.

import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/source.ts'
import type { DataModels, Lookups } from '../host.ts'
import type { Command, Pipeline } from '../syntax/ast.ts'
import type { Fields } from './fields.ts'

/** A command where it stands. */
export interface Step {
  readonly command: Command
  readonly pipeline: Pipeline
  /** Its place in the pipeline, from 0. */
  readonly index: number
  /** The fields that its rows may have when they arrive. */
  readonly before: Fields
  /** Whether the pipeline stands by itself: not between brackets. */
  readonly isOutermost: boolean
}

/** What rules may ask about the surroundings; what is absent is not checked. */
export interface CheckContext {
  readonly lookups?: Lookups | undefined
  readonly dataModels?: DataModels | undefined
}

/** Something that a rule found. */
export interface Finding {
  readonly code: DiagnosticCode
  readonly severity: Diagnostic['severity']
  readonly message: string
  readonly span: Span
  /** A few words beside the caret. */
  readonly label?: string
  readonly help?: string
}

/** Looks at one command after another and says what surely means something else than its writer thinks. */
export type Rule = (step: Step, context: CheckContext) => Iterable<Finding>
