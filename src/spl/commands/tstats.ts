// Aggregates the events of a data model, or all events, without a search before.

import type { Batch } from '../../value/batch.ts'
import { nullColumn } from '../../value/column.ts'
import { numberOf, type Value } from '../../value/value.ts'
import { mapOne } from '../eval/columns.ts'
import { searchFields } from '../match/search-fields.ts'
import { union } from '../plan/wanted-fields.ts'
import type { RunContext } from '../run/context.ts'
import { aggregateFields } from '../stats/aggregate-call.ts'
import { Aggregation } from '../stats/aggregation.ts'
import type { GroupField } from '../stats/grouping.ts'
import { defineCommand } from './command.ts'
import { type Binner, compileBinning } from './shared/binning.ts'
import { groupRows, sortedGroups } from './shared/group-rows.ts'
import { prefixOf, withSegments } from './shared/segment-values.ts'
import { readTstatsTerms, type TstatsTerms, tstatsBase, tstatsOptionDocs } from './shared/tstats-terms.ts'

/** Fields that Splunk indexes for every event; others only where it is told to. */
const indexedFields: ReadonlySet<string> = new Set([
  '_indextime',
  '_raw',
  '_time',
  'host',
  'index',
  'linecount',
  'punct',
  'source',
  'sourcetype',
  'splunk_server',
  'timestamp',
])

export const tstats = defineCommand<TstatsTerms>({
  name: 'tstats',
  type: 'generating',
  summary: 'Aggregates the events of a data model, or all events by their index-time fields.',
  syntax:
    'tstats [prestats=<bool>] [append=<bool>] [summariesonly=<bool>] [allow_old_summaries=<bool>] [fillnull_value=<string>] <aggregate>(<field>)... [FROM datamodel=<model>.<dataset>] [WHERE <terms>] [BY <field-list> [span=<span>]]',
  options: tstatsOptionDocs,
  examples: ['| tstats count WHERE index=* BY sourcetype', '| tstats count WHERE index=* BY _time span=1h'],
  missing: [
    'FROM sid=, tsidx= and namespace=: there are no stored summaries',
    'span=auto other than a second',
  ],

  parse: readTstatsTerms,

  mayFollow: ({ options }) => options.append === true,
  scans: tstatsScan,
  holdsBack: ({ options }) => options.prestats !== true && options.append !== true,

  async *run(terms, input, context) {
    const { options, calls, by } = terms
    if (options.append) yield* input
    const fields = aggregateFields(calls, by)
    if (options.prestats) {
      const names = fields === 'all' ? [] : [...fields]
      const toBin = timeBinner(terms, context)
      for await (const rows of tstatsRows(terms, context)) {
        const kept = leavingOutNulls(filledRows(rows, terms), by)
        const binned = by.includes('_time')
          ? kept.with([['_time', mapOne(kept.column('_time') ?? nullColumn, kept.length, toBin)]])
          : kept
        // The rows themselves: the command that follows calculates what it would from prepared statistics.
        if (binned.length > 0) yield binned.project([...new Set(['_time', ...names])])
      }
      return
    }
    const aggregation = new Aggregation(calls, groupFields(terms, context), context)
    for await (const rows of tstatsRows(terms, context)) aggregation.add(rows)
    yield* groupRows(aggregation, by, sortedGroups(aggregation, by))
  },
})

/** The rows that are aggregated: those of the dataset, or the events themselves. */
async function* tstatsRows(terms: TstatsTerms, context: RunContext): AsyncIterable<Batch> {
  const named = aggregateFields(terms.calls, terms.by)
  const names = named === 'all' ? [] : [...named]
  if (terms.from === undefined) warnOfSearchTimeFields(names, terms, context)
  const prefixed = names.filter((name) => prefixOf(name) !== undefined)
  for await (const rows of context.scanEvents(...tstatsScan(terms, context))) {
    context.signal.throwIfAborted()
    yield withSegments(rows, prefixed)
  }
}

/** What is read for tstats: fields of the dataset, or of events. */
function tstatsScan(
  { calls, by, ...terms }: TstatsTerms,
  { dataModels }: RunContext,
): Parameters<RunContext['scanEvents']> {
  const { filter, dataset, where } = tstatsBase(terms, dataModels)
  const named = aggregateFields(calls, by)
  // PREFIX() looks into the text of events.
  const readsText = named !== 'all' && [...named].some((name) => prefixOf(name) !== undefined)
  const wanted = readsText ? 'all' : union(named, ['_time'])
  if (dataset !== undefined) return [filter, wanted, { dataset, ...(where === undefined ? {} : { where }) }]
  return [filter, filter === undefined ? wanted : union(wanted, searchFields(filter))]
}

function warnOfSearchTimeFields(names: readonly string[], { where }: TstatsTerms, context: RunContext): void {
  const all = where === undefined ? names : union(new Set(names), searchFields(where))
  const others = [...(all === 'all' ? names : all)].filter(
    (name) => !indexedFields.has(name) && prefixOf(name) === undefined,
  )
  if (others.length === 0) return
  context.warn({
    code: 'suspicious',
    severity: 'warning',
    message: `tstats without a data model reads index-time fields only; Splunk finds ${others.map((name) => `"${name}"`).join(', ')} only if configured so.`,
    labels: [],
    help: 'Use stats, or FROM datamodel=.',
  })
}

function groupFields({ by, options, span }: TstatsTerms, context: RunContext): readonly GroupField[] {
  const { fillnull_value: fill } = options
  const toBin = timeBinner({ span }, context)
  return by.map((name) => ({
    name,
    whenNull: fill === undefined ? 'leave-out' : { fill },
    ...(name === '_time' ? { bin: (column, length) => mapOne(column, length, toBin) } : {}),
  }))
}

/** Bins of `_time`; an index keeps times in seconds, so without a span they are a second long. */
function timeBinner({ span }: Pick<TstatsTerms, 'span'>, context: RunContext): Binner {
  if (span === undefined) {
    return (value: Value): Value => {
      const time = numberOf(value)
      return time === undefined ? value : Math.floor(time)
    }
  }
  return compileBinning('_time', { span: { kind: 'time', span } }, undefined, 2, context)
}

/** Puts fillnull_value where a BY field is null. */
function filledRows(rows: Batch, { by, options }: TstatsTerms): Batch {
  const { fillnull_value: fill } = options
  if (fill === undefined) return rows
  return rows.with(
    by.map(
      (name) =>
        [name, mapOne(rows.column(name) ?? nullColumn, rows.length, (value) => value ?? fill)] as const,
    ),
  )
}

function leavingOutNulls(rows: Batch, by: readonly string[]): Batch {
  const mask = new Uint8Array(rows.length).fill(1)
  for (const name of by) {
    for (let row = 0; row < rows.length; row++) if (rows.value(name, row) === undefined) mask[row] = 0
  }
  return rows.filter(mask)
}
