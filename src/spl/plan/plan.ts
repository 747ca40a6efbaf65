// A plan: what is executed, as plain data that can be printed, compared and sent elsewhere.

import type { WantedFields } from '../host.ts'
import type { Command, SearchExpression } from '../syntax/ast.ts'

/** Reads events. Always the first step when there is one. */
export interface ScanStep {
  readonly op: 'scan'
  /** Absent: every event. */
  readonly filter?: SearchExpression
  /** Fields that later steps look at. */
  readonly fields: WantedFields
}

/** Runs a command over the rows before it; as the first step, one that makes its own rows. */
export interface CommandStep {
  readonly op: 'command'
  readonly command: Command
}

export type Step = ScanStep | CommandStep

export interface Plan {
  readonly steps: readonly Step[]
}
