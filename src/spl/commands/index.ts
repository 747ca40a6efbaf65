// Every command, in alphabetical order. A test fails when a file of this folder is missing here.

import type { CommandSyntaxes } from '../syntax/parser.ts'
import { append } from './append.ts'
import { appendcols } from './appendcols.ts'
import { appendpipe } from './appendpipe.ts'
import type { AnyCommand } from './command.ts'
import { convert } from './convert.ts'
import { dedup } from './dedup.ts'
import { evalCommand } from './eval.ts'
import { eventstats } from './eventstats.ts'
import { fields } from './fields.ts'
import { filldown } from './filldown.ts'
import { fillnull } from './fillnull.ts'
import { format } from './format.ts'
import { head } from './head.ts'
import { makeresults } from './makeresults.ts'
import { rename } from './rename.ts'
import { returnCommand } from './return.ts'
import { reverse } from './reverse.ts'
import { search } from './search.ts'
import { sort } from './sort.ts'
import { stats } from './stats.ts'
import { table } from './table.ts'
import { tail } from './tail.ts'
import { uniq } from './uniq.ts'
import { where } from './where.ts'

/** All commands. */
export const commands: readonly AnyCommand[] = [
  append,
  appendcols,
  appendpipe,
  convert,
  dedup,
  evalCommand,
  eventstats,
  fields,
  filldown,
  fillnull,
  format,
  head,
  makeresults,
  rename,
  returnCommand,
  reverse,
  search,
  sort,
  stats,
  table,
  tail,
  uniq,
  where,
]

/** Commands that Splunk has and Karst refuses, with the reason. */
export const refusedCommands: ReadonlyMap<string, string> = new Map([
  ['rest', "it asks a Splunk server's REST interface, and there is none"],
])

const byName: ReadonlyMap<string, AnyCommand> = new Map(
  commands.flatMap((command) => [command.name, ...(command.aliases ?? [])].map((name) => [name, command] as const)),
)

/** The command of a name or alias, in lower case. */
export const findCommand = (name: string): AnyCommand | undefined => byName.get(name)

/** The commands as the parser wants them. */
export const commandSyntaxes: CommandSyntaxes = {
  get: (name) => byName.get(name),
  names: () => byName.keys(),
  refusal: (name) => refusedCommands.get(name),
}
