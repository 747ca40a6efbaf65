// Every command, in alphabetical order. A test fails when a file of this folder is missing here.

import type { CommandSyntaxes } from '../syntax/parser.ts'
import { append } from './append.ts'
import { appendcols } from './appendcols.ts'
import { appendpipe } from './appendpipe.ts'
import { bin } from './bin.ts'
import { chart } from './chart.ts'
import type { AnyCommand } from './command.ts'
import { convert } from './convert.ts'
import { dedup } from './dedup.ts'
import { evalCommand } from './eval.ts'
import { eventstats } from './eventstats.ts'
import { fields } from './fields.ts'
import { filldown } from './filldown.ts'
import { fillnull } from './fillnull.ts'
import { foreach } from './foreach.ts'
import { format } from './format.ts'
import { head } from './head.ts'
import { inputlookup } from './inputlookup.ts'
import { join } from './join.ts'
import { lookup } from './lookup.ts'
import { makemv } from './makemv.ts'
import { makeresults } from './makeresults.ts'
import { map } from './map.ts'
import { mvcombine } from './mvcombine.ts'
import { mvexpand } from './mvexpand.ts'
import { nomv } from './nomv.ts'
import { outputlookup } from './outputlookup.ts'
import { rename } from './rename.ts'
import { replace } from './replace.ts'
import { returnCommand } from './return.ts'
import { reverse } from './reverse.ts'
import { search } from './search.ts'
import { sort } from './sort.ts'
import { spath } from './spath.ts'
import { stats } from './stats.ts'
import { streamstats } from './streamstats.ts'
import { table } from './table.ts'
import { tail } from './tail.ts'
import { timechart } from './timechart.ts'
import { transaction } from './transaction.ts'
import { uniq } from './uniq.ts'
import { where } from './where.ts'

/** All commands. */
export const commands: readonly AnyCommand[] = [
  append,
  appendcols,
  appendpipe,
  bin,
  chart,
  convert,
  dedup,
  evalCommand,
  eventstats,
  fields,
  filldown,
  fillnull,
  foreach,
  format,
  head,
  inputlookup,
  join,
  lookup,
  makemv,
  makeresults,
  map,
  mvcombine,
  mvexpand,
  nomv,
  outputlookup,
  rename,
  replace,
  returnCommand,
  reverse,
  search,
  sort,
  spath,
  stats,
  streamstats,
  table,
  tail,
  timechart,
  transaction,
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
