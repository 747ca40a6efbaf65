// What a verb of the command line is. One verb is one file in verbs/; main.ts lists them.

import type { AllLimits } from '../config/limits.ts'
import type { Config } from '../config/load.ts'
import type { OptionName, OptionValues } from './options.ts'
import type { Terminal } from './terminal.ts'

export interface Invocation {
  /** Those that were given, and what the configuration sets for the others that the verb takes. */
  readonly options: OptionValues
  readonly config: Config
  readonly limits: AllLimits
  readonly positionals: readonly string[]
  readonly terminal: Terminal
  /** Aborted by the first Ctrl-C: finish what is in hand and write what there is. */
  readonly signal: AbortSignal
}

export interface Verb {
  readonly name: string
  readonly usage: string
  readonly summary: string
  readonly options: readonly OptionName[]
  readonly examples?: readonly string[]
  /** @returns the exit code */
  run(invocation: Invocation): Promise<number>
}

export const defineVerb = (verb: Verb): Verb => verb
