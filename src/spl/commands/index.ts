// Every command, in alphabetical order. A test fails when a file of this folder is missing here.

import type { CommandSyntaxes } from '../syntax/parser.ts'
import type { AnyCommand } from './command.ts'
import { search } from './search.ts'

/** All commands. */
export const commands: readonly AnyCommand[] = [search]

/** Commands that Splunk has and Karst refuses, with the reason. */
export const refusedCommands: ReadonlyMap<string, string> = new Map([
  ['rest', "it asks a Splunk server's REST interface, and there is none"],
])

const byName: ReadonlyMap<string, AnyCommand> = new Map(
  commands.flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((name) => [name, command] as const),
  ),
)

/** The command of a name or alias, in lower case. */
export const findCommand = (name: string): AnyCommand | undefined => byName.get(name)

/** The commands as the parser wants them. */
export const commandSyntaxes: CommandSyntaxes = {
  get: (name) => byName.get(name),
  names: () => byName.keys(),
  refusal: (name) => refusedCommands.get(name),
}
