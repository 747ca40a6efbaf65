// What each command does to the fields of its rows. A command that is not listed may do anything.

import { hasWildcard, substituteWildcards, wildcardCapture } from '../../base/text/wildcard.ts'
import { accum } from '../commands/accum.ts'
import { addinfo } from '../commands/addinfo.ts'
import { addtotals } from '../commands/addtotals.ts'
import { append } from '../commands/append.ts'
import { appendcols } from '../commands/appendcols.ts'
import { appendpipe } from '../commands/appendpipe.ts'
import { autoregress } from '../commands/autoregress.ts'
import { bin } from '../commands/bin.ts'
import { chart } from '../commands/chart.ts'
import type { CommandDefinition } from '../commands/command.ts'
import { convert } from '../commands/convert.ts'
import { delta } from '../commands/delta.ts'
import { evalCommand } from '../commands/eval.ts'
import { eventstats } from '../commands/eventstats.ts'
import { fields as fieldsCommand } from '../commands/fields.ts'
import { fillnull } from '../commands/fillnull.ts'
import { definitionOf } from '../commands/index.ts'
import { inputlookup } from '../commands/inputlookup.ts'
import { join } from '../commands/join.ts'
import { lookup } from '../commands/lookup.ts'
import { multisearch } from '../commands/multisearch.ts'
import { rangemap } from '../commands/rangemap.ts'
import { rare } from '../commands/rare.ts'
import { rename } from '../commands/rename.ts'
import { rex } from '../commands/rex.ts'
import { set } from '../commands/set.ts'
import type { ChartTerms } from '../commands/shared/chart-terms.ts'
import { internalFields } from '../commands/shared/field-patterns.ts'
import type { FrequencyTerms } from '../commands/shared/frequencies.ts'
import type { Renaming } from '../commands/shared/renaming.ts'
import { spath } from '../commands/spath.ts'
import { stats } from '../commands/stats.ts'
import { strcat } from '../commands/strcat.ts'
import { streamstats } from '../commands/streamstats.ts'
import { table } from '../commands/table.ts'
import { top } from '../commands/top.ts'
import { transaction } from '../commands/transaction.ts'
import { trendline } from '../commands/trendline.ts'
import { tstats } from '../commands/tstats.ts'
import type { Lookups } from '../host.ts'
import { cachedPcre } from '../regex/pcre.ts'
import type { AggregateCall } from '../stats/aggregate-call.ts'
import type { Command, Pipeline } from '../syntax/ast.ts'
import {
  anyFields,
  eitherFields,
  type Fields,
  mayHave,
  namesFitting,
  onlyFields,
  withFields,
  withoutFields,
} from './fields.ts'

/** What the effect of a command depends on besides its arguments. */
export interface EffectContext {
  readonly lookups?: Lookups | undefined
}

type Effect = (args: unknown, before: Fields, command: Command, context: EffectContext) => Fields

/** The fields after a pipeline. @param before what its first command gets; events without it */
export function fieldsAfter(
  { commands }: Pipeline,
  context: EffectContext,
  before: Fields = anyFields,
): Fields {
  return commands.reduce((fields, command) => fieldsAfterCommand(command, fields, context), before)
}

/** The fields after a command. */
export function fieldsAfterCommand(command: Command, before: Fields, context: EffectContext): Fields {
  const definition = definitionOf(command)
  const effect = effects.get(definition?.name ?? command.name)
  return effect === undefined ? anyFields : effect(command.args, before, command, context)
}

function effectOf<Args>(
  { name }: CommandDefinition<Args>,
  effect: (args: Args, before: Fields, command: Command, context: EffectContext) => Fields,
): [string, Effect] {
  return [name, effect as Effect]
}

/** A command that adds fields to its rows. */
const adds = <Args>(
  definition: CommandDefinition<Args>,
  names: (args: Args) => Iterable<string>,
): [string, Effect] => effectOf(definition, (args, before) => withFields(before, names(args)))

/** Commands that choose, order or change rows and values, but make no field and take none. */
const neutral = [
  'search', 'where', 'sort', 'dedup', 'head', 'tail', 'reverse', 'uniq', 'mvexpand', 'mvcombine', 'makemv', 'nomv',
  'regex', 'replace', 'filldown', 'fieldformat', 'outputlookup', 'collect',
] // biome-ignore format: a list

const outputs = (calls: readonly AggregateCall[]): string[] => calls.map(({ output }) => output)

const effects: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ...neutral.map((name): [string, Effect] => [name, (_args, before) => before]),

  effectOf(evalCommand, ({ assignments }, before, command) =>
    assignments.reduce<Fields>((fields, { field, expression }) => {
      if (typeof field !== 'string')
        return withFields(fields, withInternal(field.template.replace(/\{[^{}]+\}/g, '*')))
      const isRemoved = expression.kind === 'Call' && expression.name === 'null'
      return isRemoved ? withoutFields(fields, [field], command) : withFields(fields, [field])
    }, before),
  ),
  effectOf(fieldsCommand, ({ removes, patterns }, before, command) =>
    removes
      ? withoutFields(before, patterns, command)
      : keptFields(patterns, before, command, internalFields),
  ),
  effectOf(table, ({ patterns }, before, command) => keptFields(patterns, before, command, [])),
  effectOf(rename, ({ renamings }, before, command) =>
    renamings.reduce<Fields>((fields, renaming) => afterRenaming(fields, renaming, command), before),
  ),
  adds(rex, ({ expression, mode, offsetField }) => [
    ...(mode === 'sed' ? [] : cachedPcre(expression).groupNames.map(({ name }) => name)),
    ...(offsetField === undefined ? [] : [offsetField]),
  ]),
  adds(fillnull, ({ patterns }) => patterns.filter((pattern) => !hasWildcard(pattern))),
  adds(bin, ({ output }) => [output]),
  adds(convert, ({ conversions }) => conversions.map(({ fields }) => fields.to)),
  adds(strcat, ({ target }) => [target]),
  adds(rangemap, () => ['range']),
  adds(accum, ({ output }) => [output]),
  adds(delta, ({ output }) => [output]),
  adds(autoregress, ({ copies }) => copies.map(({ output }) => output)),
  adds(trendline, ({ trends }) => trends.map(({ output }) => output)),
  adds(addinfo, () => ['info_min_time', 'info_max_time', 'info_sid', 'info_search_time']),
  adds(addtotals, ({ options }) => [
    options.fieldname ?? 'Total',
    ...(options.labelfield ? [options.labelfield] : []),
  ]),
  adds(eventstats, ({ calls }) => outputs(calls)),
  adds(streamstats, ({ calls }) => outputs(calls)),
  adds(transaction, ({ keeporphans }) => [
    ...(keeporphans ? ['_txn_orphan'] : []),
    'duration',
    'eventcount',
    'closed_txn',
    'field_match_sum',
    'linecount',
    '_raw',
    '_time',
  ]),
  effectOf(spath, ({ path, output }, before) =>
    path === undefined ? withFields(before, withInternal('*')) : withFields(before, [output ?? path]),
  ),
  effectOf(lookup, ({ table: name, inputs, outputs: stated }, before, _command, { lookups }) => {
    if (stated !== undefined)
      return withFields(
        before,
        stated.map(({ field }) => field),
      )
    const columns = lookups?.get(name)?.fields
    const given = new Set(inputs.map(({ column }) => column))
    return withFields(before, columns?.filter((column) => !given.has(column)) ?? withInternal('*'))
  }),

  effectOf(stats, ({ calls, by }, before, command) =>
    onlyFields([...by, ...aggregated(calls, before)], command),
  ),
  effectOf(tstats, ({ calls, by, options }, before, command) => {
    if (options.prestats === true) return anyFields
    const own = onlyFields([...by, ...outputs(calls)], command)
    return options.append === true ? eitherFields(before, own) : own
  }),
  ...[top, rare].map((definition) =>
    effectOf<FrequencyTerms>(definition, ({ fields, by, options }, _before, command) =>
      onlyFields(
        [...by, ...fields, options.countfield ?? 'count', options.percentfield ?? 'percent'],
        command,
      ),
    ),
  ),
  effectOf<ChartTerms>(chart, ({ columns, row, split }, _before, command) => {
    if (split !== undefined) return anyFields
    const cells = columns.map((column) => (column.kind === 'aggregate' ? column.call.output : column.output))
    return onlyFields([...(row === undefined ? [] : [row.field]), ...cells], command)
  }),
  effectOf(inputlookup, ({ table: name, append: isAppended }, before, command, { lookups }) => {
    // A table without columns is one that nobody has filled yet.
    const columns = lookups?.get(name)?.fields ?? []
    const own = columns.length === 0 ? anyFields : onlyFields(columns, command)
    return isAppended ? eitherFields(before, own) : own
  }),

  effectOf(append, ({ pipeline }, before, _command, context) =>
    eitherFields(before, fieldsAfter(pipeline, context)),
  ),
  effectOf(appendcols, ({ pipeline }, before, _command, context) =>
    eitherFields(before, fieldsAfter(pipeline, context)),
  ),
  effectOf(appendpipe, ({ pipeline }, before, _command, context) =>
    eitherFields(before, fieldsAfter(pipeline, context, before)),
  ),
  // Aliases give every field another name.
  effectOf(join, ({ pipeline, aliases }, before, _command, context) =>
    aliases === undefined ? eitherFields(before, fieldsAfter(pipeline, context)) : anyFields,
  ),
  effectOf(multisearch, ({ pipelines }, _before, _command, context) => eitherOf(pipelines, context)),
  effectOf(set, ({ left, right }, _before, _command, context) => eitherOf([left, right], context)),
])

const eitherOf = (pipelines: readonly Pipeline[], context: EffectContext): Fields =>
  pipelines.map((pipeline) => fieldsAfter(pipeline, context)).reduce(eitherFields)

/** What `fields` and `table` leave. @param internal fields that stay without being listed */
function keptFields(
  patterns: readonly string[],
  before: Fields,
  command: Command,
  internal: readonly string[],
): Fields {
  const kept = patterns.flatMap((pattern) => {
    if (hasWildcard(pattern)) {
      if (before.known === undefined) return [pattern]
      // A pattern within a pattern: rather too many fields than too few.
      return [...namesFitting(before, pattern), ...(before.patterns.length > 0 ? [pattern] : [])]
    }
    return mayHave(before, pattern) ? [pattern] : []
  })
  const staying = internal.filter((name) => mayHave(before, name))
  const left = onlyFields([...kept, ...staying], command)
  const gone = new Map([...before.gone].filter(([name]) => !mayHave(left, name)))
  return { ...left, gone }
}

function afterRenaming(fields: Fields, { from, to }: Renaming, command: Command): Fields {
  if (from === to) return fields
  if (!hasWildcard(from)) {
    const rest = withoutFields(fields, [from], command)
    // A missing field takes its target away. Search Reference: rename
    return mayHave(fields, from) ? withFields(rest, [to]) : withoutFields(rest, [to], command)
  }
  const renamed = namesFitting(fields, from).map(
    (name) => [name, substituteWildcards(to, wildcardCapture(from, name) ?? [])] as const,
  )
  const rest = withoutFields(
    fields,
    renamed.map(([name]) => name),
    command,
  )
  const mayHaveMore = fields.known === undefined || fields.patterns.length > 0
  return withFields(rest, [...renamed.map(([, name]) => name), ...(mayHaveMore ? [to] : [])])
}

/** A pattern for fields that data names, which may also begin with _. */
const withInternal = (pattern: string): string[] =>
  pattern.startsWith('*') ? [pattern, `_${pattern}`] : [pattern]

/** The names of results; `values(*) as *` gives one for each field that there may be. */
function aggregated(calls: readonly AggregateCall[], before: Fields): string[] {
  return calls.flatMap(({ argument, output }) => {
    if (argument.kind !== 'wildcard' || !hasWildcard(output)) return [output]
    const names = namesFitting(before, argument.pattern).map((name) =>
      substituteWildcards(output, wildcardCapture(argument.pattern, name) ?? []),
    )
    return before.known === undefined || before.patterns.length > 0 ? [...names, output] : names
  })
}
