// Aggregates metrics: events whose fields `metric_name:<metric>` hold measurements, as HTTP Event Collector takes them.

import type { TimeSpan } from '../../base/time/relative.ts'
import { type Batch, batchRows } from '../../value/batch.ts'
import { nullColumn } from '../../value/column.ts'
import { mapOne } from '../eval/columns.ts'
import { compileSearch } from '../match/compile-search.ts'
import type { RunContext } from '../run/context.ts'
import type { AggregateCall } from '../stats/aggregate-call.ts'
import { Aggregation } from '../stats/aggregation.ts'
import { matchingFields } from '../stats/argument-column.ts'
import type { GroupField } from '../stats/grouping.ts'
import { parseAggregate } from '../stats/parse-aggregates.ts'
import { compareNaturally } from '../stats/text-order.ts'
import type { ArgumentReader, Options } from '../syntax/argument-reader.ts'
import type { SearchExpression } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'
import { distinctCalls } from './shared/aggregate-terms.ts'
import { compileBinning, readTimeSpan } from './shared/binning.ts'
import { ChartTable } from './shared/chart-table.ts'
import { type ChartTerms, readLimit, readScoreOption, type SeriesScore } from './shared/chart-terms.ts'
import { readFieldNames } from './shared/field-names.ts'
import { groupRows, sortedGroups } from './shared/group-rows.ts'
import {
  measuredRows,
  metricPrefix,
  mindingCase,
  namesMetric,
  singleMeasurements,
  whateverMetric,
  withMetrics,
} from './shared/metric-points.ts'
import { timeChart } from './shared/time-chart.ts'

const optionSchema = {
  append: 'boolean',
  backfill: 'boolean',
  chart: 'boolean',
  'chart.limit': 'string',
  'chart.nullstr': 'string',
  'chart.otherstr': 'string',
  'chart.usenull': 'boolean',
  'chart.useother': 'boolean',
  chunk_size: 'integer',
  fillnull_value: 'string',
  prestats: 'boolean',
  update_period: 'integer',
} as const

interface MstatsArguments {
  readonly calls: readonly AggregateCall[]
  readonly where: SearchExpression | undefined
  /** Without `_time`. */
  readonly by: readonly string[]
  /** Present: rows have `_time`. */
  readonly span: { readonly of: TimeSpan } | undefined
  readonly fill: string | undefined
  /** How the results are given: as a table, as a chart, or as the points themselves, behind the rows at hand or not. */
  readonly form:
    | { readonly kind: 'table' }
    | { readonly kind: 'chart'; readonly terms: ChartTerms }
    | { readonly kind: 'prestats'; readonly appends: boolean }
}

export const mstats = defineCommand<MstatsArguments>({
  name: 'mstats',
  type: 'generating',
  summary: 'Aggregates metrics: events whose fields metric_name:<metric> hold measurements.',
  syntax:
    'mstats [chart=<bool>] [chart.limit|agg|usenull|useother|nullstr|otherstr=…] [prestats=<bool>] [append=<bool>] [fillnull_value=<string>] (<aggregate>(<metric>) | <aggregate>(_value))... [WHERE <terms>] [BY <field-list>] [span=<span>]',
  options: {
    append: 'Adds the results to those before. Only with prestats=true. Default: false.',
    backfill: 'Accepted, and without effect: it concerns real-time searches.',
    chart:
      'Gives a chart: with a span over time, with a series for each value of the BY field; else a row for each value of the first BY field and a series for each of the second. Default: false.',
    'chart.agg': 'What series are ranked by, as agg of chart.',
    'chart.limit': 'How many series are kept: 5, top5 or bottom5; 0 keeps all. Default: top10.',
    'chart.nullstr': 'The name of the series of points without the field. Default: NULL.',
    'chart.otherstr': 'The name of the series of all values that are not kept. Default: OTHER.',
    'chart.usenull': 'Whether points without the field make a series. Default: true.',
    'chart.useother': 'Whether the values that are not kept make a series. Default: true.',
    chunk_size: 'Accepted, and without effect on the results.',
    fillnull_value:
      'What stands for null in BY fields. Without it, measurements that lack a BY field are left out.',
    prestats:
      'Gives rows for a following stats, chart or timechart with the same aggregates. Default: false.',
    span: 'The size of time bins; with it the results have _time. auto is a second.',
    update_period: 'Accepted, and without effect: it concerns real-time searches.',
  },
  examples: [
    '| mstats avg(cpu.*) AS cpu.* WHERE index=* BY host span=1m',
    {
      search: '| mstats max(_value) AS most WHERE metric_name=cpu.* BY metric_name',
      input: [{ 'metric_name:cpu.user': '7', 'metric_name:cpu.idle': '90', 'metric_name:mem': '5' }],
      output: [
        { metric_name: 'cpu.idle', most: '90' },
        { metric_name: 'cpu.user', most: '7' },
      ],
    },
  ],
  missing: [
    'rate_avg(), rate_sum() and BY _timeseries: which fields of an event are dimensions of its time series is not known',
    'every=: where its intervals begin is not documented',
    'span=auto other than a second',
  ],

  parse(reader) {
    const options: Options<typeof optionSchema> = {}
    const calls: AggregateCall[] = []
    const by: string[] = []
    let where: SearchExpression | undefined
    let span: string | undefined
    let score: SeriesScore | undefined
    for (;;) {
      while (reader.punctuation(',')) {
        // Terms are separated by blanks or commas.
      }
      if (reader.isDone) break
      const option = reader.peekOption()
      if (option === 'span') span = reader.options({ span: 'string' }, { stopAtUnknown: true }).span
      else if (option === 'chart.agg') score = readScoreOption(reader)
      else if (option === 'every') refuse(reader, 'every=: where its intervals begin is not documented')
      else if (option !== undefined)
        Object.assign(options, reader.options({ ...optionSchema }, { stopAtUnknown: knows(option) }))
      else if (where === undefined && reader.keyword('where')) {
        where = mindingCase(reader.searchTerms({ stopWords: ['by', 'groupby'] }))
      } else if (by.length === 0 && reader.keyword('by', 'groupby')) {
        by.push(...readFieldNames(reader, ['where']))
        if (by.length === 0) reader.missing('at least one field after BY')
      } else if (where !== undefined || by.length > 0) break
      else calls.push(readMetric(reader))
    }
    if (calls.length === 0) reader.missing('an aggregate such as avg(cpu.usage)')
    if (by.includes('_timeseries'))
      refuse(reader, 'BY _timeseries: which fields of an event are dimensions is not known')
    const names = [...new Set(by)].filter((name) => name !== '_time')
    const isTimed = span !== undefined || by.includes('_time')
    const ofSpan: TimeSpan =
      span === undefined || span === 'auto'
        ? { amount: 1, unit: 'second' }
        : readTimeSpan(reader, 'span', span)
    const distinct = distinctCalls(reader, calls, isTimed ? ['_time', ...names] : names)
    return {
      calls: distinct,
      where,
      by: names,
      span: isTimed ? { of: ofSpan } : undefined,
      fill: options.fillnull_value,
      form: readForm(reader, options, distinct, names, isTimed ? ofSpan : undefined, score),
    }
  },

  mayFollow: ({ form }) => form.kind === 'prestats' && form.appends,
  scans: ({ where }) => [where && whateverMetric(where), 'all'],
  holdsBack: ({ form }) => form.kind !== 'prestats',

  async *run(args, input, context) {
    const { calls, by, span, form } = args
    switch (form.kind) {
      case 'prestats':
        if (form.appends) yield* input
        yield* preparedPoints(args, context)
        return
      case 'chart':
        yield* chartRows(form.terms, args, context)
        return
      case 'table': {
        const aggregation = new Aggregation(calls, groupFields(args, context), context)
        for await (const points of measuredPoints(args, context)) aggregation.add(points)
        const names = span === undefined ? by : ['_time', ...by]
        yield* groupRows(aggregation, names, sortedGroups(aggregation, names))
      }
    }
  },
})

const knows = (option: string): boolean => Object.hasOwn(optionSchema, option)

function refuse(reader: ArgumentReader, what: string): never {
  return reader.fail('unsupported', `mstats does not support ${what}.`)
}

function readForm(
  reader: ArgumentReader,
  options: Options<typeof optionSchema>,
  calls: readonly AggregateCall[],
  by: readonly string[],
  span: TimeSpan | undefined,
  score: SeriesScore | undefined,
): MstatsArguments['form'] {
  const { prestats = false, append = false, chart = false } = options
  if (append && !prestats) reader.fail('bad-argument', 'mstats takes append=true only with prestats=true.')
  if (prestats) {
    if (chart) reader.fail('bad-argument', 'mstats takes either chart=true or prestats=true.')
    return { kind: 'prestats', appends: append }
  }
  if (!chart) return { kind: 'table' }
  const [first, second] = by
  const most = span === undefined ? 2 : 1
  if (by.length > most || (span === undefined && first === undefined)) {
    const wanted = span === undefined ? 'one or two BY fields' : 'with a span at most one BY field'
    reader.fail('bad-argument', `mstats with chart=true needs ${wanted}, found ${by.length}.`)
  }
  const column = span === undefined ? second : first
  const given = {
    nullstr: options['chart.nullstr'],
    otherstr: options['chart.otherstr'],
    usenull: options['chart.usenull'],
    useother: options['chart.useother'],
  }
  return {
    kind: 'chart',
    terms: {
      columns: calls.map((call) => ({ kind: 'aggregate', call })),
      row: span === undefined ? { field: first!, binning: undefined } : undefined,
      split: column === undefined ? undefined : { field: column, binning: undefined },
      score,
      choice: readLimit(reader, options['chart.limit']),
      options: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      timeBinning: span === undefined ? undefined : { span: { kind: 'time', span } },
    },
  }
}

/** Reads one aggregate; what it calls a field is a metric. */
function readMetric(reader: ArgumentReader): AggregateCall {
  reader.skipBlanks()
  const start = reader.position
  const special = reader.match(/rate_(?:avg|sum)(?=\s*\()/iy)
  if (special !== undefined)
    refuse(reader, `${special}(): which fields of an event are dimensions of its time series is not known`)
  reader.position = start
  const call = parseAggregate(reader, { wildcards: true })
  switch (call.argument.kind) {
    case 'field': {
      const { name } = call.argument
      return name === '_value'
        ? call
        : { ...call, argument: { kind: 'field', name: `${metricPrefix}${name}` } }
    }
    case 'wildcard':
      return { ...call, argument: { kind: 'wildcard', pattern: `${metricPrefix}${call.argument.pattern}` } }
    case 'none':
      // Search Reference: mstats, Aggregations: count stands for count(_value).
      if (/^c(?:ount)?$/i.test(call.function)) return { ...call, argument: { kind: 'field', name: '_value' } }
      return reader.fail('missing-argument', `${call.function}() needs a metric.`, reader.spanFrom(start))
    case 'expression':
      return reader.fail('missing-argument', `${call.function}() needs a metric.`, reader.spanFrom(start))
  }
}

/** The points that are aggregated. */
async function* measuredPoints(
  { calls, where, by }: MstatsArguments,
  context: RunContext,
): AsyncIterable<Batch> {
  const asksMetric = where !== undefined && namesMetric(where)
  const isSingle =
    asksMetric ||
    by.includes('metric_name') ||
    calls.some(({ argument }) => argument.kind === 'field' && argument.name === '_value')
  const matches = asksMetric ? compileSearch(where, context) : undefined
  for await (const events of context.scanEvents(where && whateverMetric(where), 'all')) {
    context.signal.throwIfAborted()
    const points = isSingle ? singleMeasurements(events) : withMetrics(events)
    const wanted = matches === undefined ? points : points.filter(matches(points))
    const measured = wanted.filter(measuredRows(wanted, calls))
    for (let start = 0; start < measured.length; start += batchRows)
      yield measured.slice(start, start + batchRows)
  }
}

function timeBinner({ span }: MstatsArguments, context: RunContext): ReturnType<typeof compileBinning> {
  const of = span?.of ?? { amount: 1, unit: 'second' }
  return compileBinning('_time', { span: { kind: 'time', span: of } }, undefined, 2, context)
}

function groupFields(args: MstatsArguments, context: RunContext): GroupField[] {
  const { by, fill, span } = args
  const toBin = timeBinner(args, context)
  const time: GroupField = {
    name: '_time',
    whenNull: 'leave-out',
    bin: (column, length) => mapOne(column, length, toBin),
  }
  const whenNull = fill === undefined ? ('leave-out' as const) : { fill }
  return [...(span === undefined ? [] : [time]), ...by.map((name): GroupField => ({ name, whenNull }))]
}

/** The points themselves, metrics under their own names: what follows calculates what it would from statistics. */
async function* preparedPoints(args: MstatsArguments, context: RunContext): AsyncIterable<Batch> {
  const { by, span, calls } = args
  const toBin = timeBinner(args, context)
  for await (const filled of filledPoints(args, context)) {
    const kept = filled.filter(
      Uint8Array.from({ length: filled.length }, (_, row) =>
        by.every((name) => filled.value(name, row) !== undefined) ? 1 : 0,
      ),
    )
    if (kept.length === 0) continue
    const fields = calls.flatMap(({ argument }) =>
      argument.kind === 'field'
        ? [argument.name]
        : argument.kind === 'wildcard'
          ? matchingFields(kept, argument.pattern, new Set())
          : [],
    )
    const time = kept.column('_time') ?? nullColumn
    yield kept
      .project(['_time', ...by])
      .with([
        ['_time', span === undefined ? time : mapOne(time, kept.length, toBin)],
        ...[...new Set(fields)].map((name) => [name.replace(metricPrefix, ''), kept.column(name)] as const),
      ])
  }
}

async function* chartRows(
  terms: ChartTerms,
  args: MstatsArguments,
  context: RunContext,
): AsyncIterable<Batch> {
  const points = filledPoints(args, context)
  const { row, split } = terms
  if (row === undefined) {
    yield* timeChart(terms, points, context)
    return
  }
  const table = new ChartTable(
    terms,
    { name: row.field, whenNull: 'leave-out' },
    split && { name: split.field, whenNull: 'keep' },
    context,
  )
  for await (const batch of points) table.add(batch)
  yield* table.rows({ field: row.field, order: (values) => values.toSorted(compareNaturally) })
}

/** The points with `fillnull_value` where they lack a BY field. */
async function* filledPoints(args: MstatsArguments, context: RunContext): AsyncIterable<Batch> {
  const { by, fill } = args
  for await (const points of measuredPoints(args, context)) {
    const fields = fill === undefined ? [] : by
    yield points.with(
      fields.map((name) => [
        name,
        mapOne(points.column(name) ?? nullColumn, points.length, (value) => value ?? fill),
      ]),
    )
  }
}
