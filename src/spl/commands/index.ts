// Every command, in alphabetical order. A test fails when a file of this folder is missing here.

import type { Command } from '../syntax/ast.ts'
import type { CommandSyntaxes } from '../syntax/parser.ts'
import { accum } from './accum.ts'
import { addcoltotals } from './addcoltotals.ts'
import { addinfo } from './addinfo.ts'
import { addtotals } from './addtotals.ts'
import { anomalydetection } from './anomalydetection.ts'
import { append } from './append.ts'
import { appendcols } from './appendcols.ts'
import { appendpipe } from './appendpipe.ts'
import { autoregress } from './autoregress.ts'
import { bin } from './bin.ts'
import { chart } from './chart.ts'
import { collect } from './collect.ts'
import type { AnyCommand } from './command.ts'
import { concurrency } from './concurrency.ts'
import { convert } from './convert.ts'
import { datamodel } from './datamodel.ts'
import { dedup } from './dedup.ts'
import { delta } from './delta.ts'
import { evalCommand } from './eval.ts'
import { eventcount } from './eventcount.ts'
import { eventstats } from './eventstats.ts'
import { extract } from './extract.ts'
import { fieldformat } from './fieldformat.ts'
import { fields } from './fields.ts'
import { fieldsummary } from './fieldsummary.ts'
import { filldown } from './filldown.ts'
import { fillnull } from './fillnull.ts'
import { foreach } from './foreach.ts'
import { format } from './format.ts'
import { from } from './from.ts'
import { fromjson } from './fromjson.ts'
import { gentimes } from './gentimes.ts'
import { head } from './head.ts'
import { inputlookup } from './inputlookup.ts'
import { iplocation } from './iplocation.ts'
import { join } from './join.ts'
import { kvform } from './kvform.ts'
import { lookup } from './lookup.ts'
import { makecontinuous } from './makecontinuous.ts'
import { makemv } from './makemv.ts'
import { makeresults } from './makeresults.ts'
import { map } from './map.ts'
import { metadata } from './metadata.ts'
import { mstats } from './mstats.ts'
import { multikv } from './multikv.ts'
import { multisearch } from './multisearch.ts'
import { mvcombine } from './mvcombine.ts'
import { mvexpand } from './mvexpand.ts'
import { nomv } from './nomv.ts'
import { outlier } from './outlier.ts'
import { outputlookup } from './outputlookup.ts'
import { rangemap } from './rangemap.ts'
import { rare } from './rare.ts'
import { regex } from './regex.ts'
import { rename } from './rename.ts'
import { replace } from './replace.ts'
import { returnCommand } from './return.ts'
import { reverse } from './reverse.ts'
import { rex } from './rex.ts'
import { savedsearch } from './savedsearch.ts'
import { search } from './search.ts'
import { selfjoin } from './selfjoin.ts'
import { set } from './set.ts'
import { sort } from './sort.ts'
import { spath } from './spath.ts'
import { stats } from './stats.ts'
import { strcat } from './strcat.ts'
import { streamstats } from './streamstats.ts'
import { table } from './table.ts'
import { tail } from './tail.ts'
import { timechart } from './timechart.ts'
import { tojson } from './tojson.ts'
import { top } from './top.ts'
import { transaction } from './transaction.ts'
import { transpose } from './transpose.ts'
import { trendline } from './trendline.ts'
import { tstats } from './tstats.ts'
import { union } from './union.ts'
import { uniq } from './uniq.ts'
import { untable } from './untable.ts'
import { where } from './where.ts'
import { xmlkv } from './xmlkv.ts'
import { xpath } from './xpath.ts'
import { xyseries } from './xyseries.ts'

/** All commands. */
export const commands: readonly AnyCommand[] = [
  accum,
  addcoltotals,
  addinfo,
  addtotals,
  anomalydetection,
  append,
  appendcols,
  appendpipe,
  autoregress,
  bin,
  chart,
  collect,
  concurrency,
  convert,
  datamodel,
  dedup,
  delta,
  evalCommand,
  eventcount,
  eventstats,
  extract,
  fieldformat,
  fields,
  fieldsummary,
  filldown,
  fillnull,
  foreach,
  format,
  from,
  fromjson,
  gentimes,
  head,
  inputlookup,
  iplocation,
  join,
  kvform,
  lookup,
  makecontinuous,
  makemv,
  makeresults,
  map,
  metadata,
  mstats,
  multikv,
  multisearch,
  mvcombine,
  mvexpand,
  nomv,
  outlier,
  outputlookup,
  rangemap,
  rare,
  regex,
  rename,
  replace,
  returnCommand,
  reverse,
  rex,
  savedsearch,
  search,
  selfjoin,
  set,
  sort,
  spath,
  stats,
  strcat,
  streamstats,
  table,
  tail,
  timechart,
  tojson,
  top,
  transaction,
  transpose,
  trendline,
  tstats,
  union,
  uniq,
  untable,
  where,
  xmlkv,
  xpath,
  xyseries,
]

/** Commands that Splunk has and Karst refuses, with the reason. */
export const refusedCommands: ReadonlyMap<string, string> = new Map([
  ['abstract', 'the summary it makes of an event depends on a scoring of words that is not documented'],
  ['analyzefields', 'the statistic it computes is documented too thinly to be reproduced'],
  ['anomalies', 'its unexpectedness score is documented too thinly to be reproduced'],
  ['anomalousvalue', 'its anomaly score is documented too thinly to be reproduced'],
  [
    'apply',
    'it applies a model of the Machine Learning Toolkit, which is not part of Splunk itself; an app may bring such a command',
  ],
  ['arules', 'its search for association rules is documented too thinly to be reproduced'],
  ['associate', 'its entropy measures are documented too thinly to be reproduced'],
  ['audit', "it reads a Splunk server's audit trail, and there is none"],
  ['bucketdir', 'how it groups paths is documented too thinly to be reproduced'],
  ['cluster', 'its measure of similar events is documented too thinly to be reproduced'],
  ['cofilter', 'how it counts pairs of values is documented too thinly to be reproduced'],
  ['contingency', 'the order and totals of its tables are documented too thinly to be reproduced'],
  ['correlate', 'its measure of correlation is documented too thinly to be reproduced'],
  ['crawl', 'it looks for new data on a Splunk server, and there is none'],
  ['cyberchef', 'it belongs to an add-on and is not part of Splunk itself'],
  ['dbinspect', "it reads the state of a Splunk server's indexes, and there are none"],
  ['dbxquery', 'it belongs to the add-on DB Connect and asks a database'],
  ['delete', 'it removes events from an index; evidence is never changed'],
  ['deletemodel', 'it removes a model of the Machine Learning Toolkit, which is not part of Splunk itself'],
  ['diff', 'the form of its comparison is documented too thinly to be reproduced'],
  ['dnstwist', 'it belongs to an add-on and is not part of Splunk itself'],
  ['dump', "it exports to a Splunk server's disk, and there is none"],
  ['entitymerge', 'it belongs to Enterprise Security and reads its asset store'],
  ['erex', 'how it finds a regular expression for examples is not documented'],
  ['file', "it reads a file of a Splunk server's disk"],
  ['findtypes', 'how it finds event types is not documented'],
  ['fit', 'it trains a model of the Machine Learning Toolkit, which is not part of Splunk itself'],
  ['folderize', 'how it chooses folders is documented too thinly to be reproduced'],
  ['gauge', 'it prepares values for a gauge of the Splunk web interface'],
  ['geom', 'it needs map features, and none are given'],
  ['geomfilter', 'it needs map features, and none are given'],
  ['geostats', 'its grid of map tiles is documented too thinly to be reproduced'],
  ['highlight', 'it marks words in the Splunk web interface and has no result of its own'],
  ['history', "it reads a Splunk server's search history, and there is none"],
  ['iconify', 'it adds icons for the Splunk web interface'],
  ['input', 'it changes the inputs of a Splunk server, and there is none'],
  ['inputcsv', "it reads a file of a Splunk server's dispatch folder; use inputlookup"],
  ['inputintelligence', "it reads Enterprise Security's threat intelligence"],
  ['kmeans', 'the starting points of its clusters are not documented'],
  ['listmodels', 'it lists models of the Machine Learning Toolkit, which is not part of Splunk itself'],
  ['loadjob', 'it reads the results of an earlier search of a Splunk server'],
  ['localize', 'how it merges time ranges is documented too thinly to be reproduced'],
  ['localop', 'it sends commands to a search head, and there is only one machine'],
  ['mcollect', 'it writes metrics into an index, and there is none'],
  ['metasearch', "it reads an index's metadata; use search"],
  ['meventcollect', 'it writes metrics into an index, and there is none'],
  ['mpreview', 'it reads metrics of an index, and there are none'],
  ['msearch', 'it reads metrics of an index, and there are none'],
  ['noop', 'it sets switches of the Splunk search process'],
  ['outputcsv', "it writes a file of a Splunk server's disk; use the output formats of karst"],
  ['outputtext', 'it changes how the Splunk web interface shows events'],
  ['overlap', 'it looks for gaps in a summary index, and there is none'],
  ['pivot', 'it belongs to the Pivot editor; use tstats or datamodel'],
  ['predict', 'its forecasting algorithms are documented too thinly to be reproduced'],
  ['redistribute', 'it distributes work among search heads, and there is only one machine'],
  ['relevancy', 'its score is not documented'],
  ['reltime', 'the wording of its times is not documented in full'],
  ['require', 'it fails a search without results for the Splunk scheduler'],
  ['rest', "it asks a Splunk server's REST interface, and there is none"],
  ['rtorder', 'it orders events of a real-time search, and there is none'],
  ['run', 'it runs a program on a Splunk server'],
  ['runshellscript', 'it runs a program on a Splunk server'],
  ['sample', 'it belongs to the Machine Learning Toolkit, which is not part of Splunk itself'],
  ['score', 'it belongs to the Machine Learning Toolkit, which is not part of Splunk itself'],
  ['script', 'it runs a program on a Splunk server'],
  ['scrub', 'what it puts in the place of names depends on word lists of a Splunk server'],
  ['searchtxn', 'it needs transaction types, and none are read; use transaction'],
  ['sendalert', 'it runs an alert action of a Splunk server'],
  ['sendemail', 'it sends mail through a Splunk server'],
  ['sichart', 'it prepares a summary index, and there is none; use chart'],
  ['sirare', 'it prepares a summary index, and there is none; use rare'],
  ['sistats', 'it prepares a summary index, and there is none; use stats'],
  ['sitimechart', 'it prepares a summary index, and there is none; use timechart'],
  ['sitop', 'it prepares a summary index, and there is none; use top'],
  ['summary', 'it shows a model of the Machine Learning Toolkit, which is not part of Splunk itself'],
  ['tagcreate', 'it changes the tags of a Splunk server'],
  ['tagdelete', 'it changes the tags of a Splunk server'],
  ['tags', 'events have their tags already, in the fields tag and tag::<field>, and other rows have none'],
  ['timewrap', 'the names of its series are documented too thinly to be reproduced'],
  ['tscollect', 'it writes index files of a Splunk server'],
  ['typeahead', "it completes words from a Splunk server's indexes, and there are none"],
  ['typelearner', 'how it finds event types is not documented'],
  ['typer', 'events have their event types already, in the field eventtype, and other rows have none'],
  ['walklex', "it reads the lexicon of a Splunk server's index, and there is none"],
  ['x11', 'its removal of seasonal patterns is documented too thinly to be reproduced'],
  ['xmlunescape', 'which references it resolves is documented too thinly to be reproduced'],
])

const byName: ReadonlyMap<string, AnyCommand> = new Map(
  commands.flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((name) => [name, command] as const),
  ),
)

/** The command of a name or alias, in lower case. */
export const findCommand = (name: string): AnyCommand | undefined => byName.get(name)

/** What a command in a search is: one that was added, or Karst's own of that name. */
export const definitionOf = ({
  name,
  definition,
}: Pick<Command, 'name' | 'definition'>): AnyCommand | undefined =>
  // The parser got it from `commandsWith`.
  definition === undefined ? byName.get(name) : (definition() as AnyCommand)

/** The commands as the parser wants them. */
export const commandSyntaxes: CommandSyntaxes = {
  get: (name) => byName.get(name),
  names: () => byName.keys(),
  refusal: (name) => refusedCommands.get(name),
}

/**
 * Karst's commands and further ones, for the option `commands` of a search. One that is refused otherwise may be added.
 * @param notLoaded names of commands that an app has, with the app, whose code may not be run
 * @throws Error when a name is taken
 */
export function commandsWith(
  added: readonly AnyCommand[],
  notLoaded: ReadonlyMap<string, string> = new Map(),
): CommandSyntaxes {
  const all = new Map(byName)
  for (const command of added) {
    for (const name of [command.name, ...(command.aliases ?? [])]) {
      if (all.has(name)) throw new Error(`There is a command "${name}" already.`)
      all.set(name, command)
    }
  }
  return {
    get: (name) => all.get(name),
    names: () => all.keys(),
    refusal: (name) => {
      const app = notLoaded.get(name)
      if (app === undefined) return refusedCommands.get(name)
      return `it is code of the app ${app}, which runs only where --app names that app on the command line`
    },
    isAdded: (name) => all.has(name) && !byName.has(name),
  }
}
