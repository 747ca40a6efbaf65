// What a command is. One command is one file that exports what `defineCommand` gives; `index.ts` lists them.

import type { Batch } from '../../value/batch.ts'
import type { WantedFields } from '../host.ts'
import type { RunContext } from '../run/context.ts'
import type { ArgumentReader } from '../syntax/argument-reader.ts'
import type { Pipeline } from '../syntax/ast.ts'

/** In Splunk's words. A generating command begins a pipeline. */
export type CommandType =
  | 'generating'
  | 'distributable streaming'
  | 'centralized streaming'
  | 'transforming'
  | 'dataset processing'

/** An example: a search that runs over `input` and gives `output`; a search alone must at least run. */
export type Example =
  | string
  | {
      readonly search: string
      readonly input?: readonly Readonly<Record<string, string | readonly string[]>>[]
      /** Lookup files that it uses: name to CSV text. */
      readonly lookups?: Readonly<Record<string, string>>
      readonly output: readonly Readonly<Record<string, string | readonly string[]>>[]
      readonly note?: string
    }

export interface CommandDefinition<Args> {
  /** In lower case. */
  readonly name: string
  readonly aliases?: readonly string[]
  readonly type: CommandType
  /** One sentence, present tense: `Keeps the first results in the order they arrive.` */
  readonly summary: string
  /** As the Search Reference writes it: `head [<count>]` */
  readonly syntax: string
  /** The options (`name=value`) and what each does. */
  readonly options?: Readonly<Record<string, string>>
  readonly examples: readonly Example[]
  /** What Splunk documents and this does not do; each of these is refused with a message. */
  readonly missing?: readonly string[]
  /** What the Search Reference leaves open, and what is done here: a sentence each. */
  readonly leftOpen?: readonly string[]

  /**
   * Reads the arguments up to the end of the command and returns plain data.
   * @throws SearchError through the reader when they are wrong
   */
  parse(reader: ArgumentReader): Args
  /** Whether a generating command may also follow others with these arguments: `inputlookup append=t`. Absent: never. */
  mayFollow?(args: Args): boolean
  /** Pipelines inside the arguments, so that checks and plans see them. */
  pipelines?(args: Args): readonly Pipeline[]
  /**
   * What a generating command will give to `context.scanEvents`, as far as it knows before it runs.
   * @throws SearchError as running it would
   */
  scans?(args: Args, context: RunContext): Parameters<RunContext['scanEvents']>
  /** Whether the command gives no row before its input, or the events that it reads, have ended. Absent: it may. */
  holdsBack?(args: Args): boolean
  /** Which fields must be there before the command, when these are wanted after it. Absent: all. */
  needs?(args: Args, wanted: WantedFields): WantedFields
  /**
   * Runs the command. Batches that arrive must not be changed. Leaving the loop over `input` closes it, which stops
   * the scan upstream. A generating command gets no input.
   */
  run(args: Args, input: AsyncIterable<Batch>, context: RunContext): AsyncIterable<Batch>
}

/** A command whose argument type is known to itself only. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds commands of all argument types
export type AnyCommand = CommandDefinition<any>

export function defineCommand<Args>(definition: CommandDefinition<Args>): CommandDefinition<Args> {
  return definition
}
