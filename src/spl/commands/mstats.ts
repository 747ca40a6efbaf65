// Aggregates metrics: events whose fields `metric_name:<metric>` hold measurements, as HTTP Event Collector takes them.

import type { TimeSpan } from '../../base/time/relative.ts'
import type { Batch } from '../../value/batch.ts'
import { type Column, nullColumn, plain, valuesOf } from '../../value/column.ts'
import { orInto } from '../../value/mask.ts'
import { textOf } from '../../value/value.ts'
import { mapOne, maskWhere } from '../eval/columns.ts'
import type { AggregateCall } from '../stats/aggregate-call.ts'
import { Aggregation } from '../stats/aggregation.ts'
import { matchingFields } from '../stats/argument-column.ts'
import type { GroupField } from '../stats/grouping.ts'
import { parseAggregate } from '../stats/parse-aggregates.ts'
import type { ArgumentReader, Options } from '../syntax/argument-reader.ts'
import type { SearchExpression } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'
import { distinctCalls } from './shared/aggregate-terms.ts'
import { compileBinning, readTimeSpan } from './shared/binning.ts'
import { readFieldNames } from './shared/field-names.ts'
import { groupRows, sortedGroups } from './shared/group-rows.ts'

const optionSchema = {
  append: 'boolean',
  backfill: 'boolean',
  chart: 'boolean',
  chunk_size: 'integer',
  fillnull_value: 'string',
  prestats: 'boolean',
  update_period: 'integer',
} as const

interface MstatsArguments {
  readonly calls: readonly AggregateCall[]
  readonly where: SearchExpression | undefined
  /** `_time` first when there is a span. */
  readonly by: readonly string[]
  readonly span: TimeSpan | undefined
  readonly fill: string | undefined
}

/** How the field of a measurement begins. */
const metricPrefix = 'metric_name:'

const hasValue = (value: unknown): boolean => value !== undefined

export const mstats = defineCommand<MstatsArguments>({
  name: 'mstats',
  type: 'generating',
  summary: 'Aggregates metrics: events whose fields metric_name:<metric> hold measurements.',
  syntax:
    'mstats [fillnull_value=<string>] <aggregate>(<metric>)... [WHERE <terms>] [BY <field-list>] [span=<span>]',
  options: {
    backfill: 'Accepted, and without effect: it concerns real-time searches.',
    chunk_size: 'Accepted, and without effect on the results.',
    fillnull_value:
      'What stands for null in BY fields. Without it, measurements that lack a BY field are left out.',
    span: 'The size of time bins; with it the results have _time.',
    update_period: 'Accepted, and without effect: it concerns real-time searches.',
  },
  examples: ['| mstats avg(cpu.*) AS cpu.* WHERE index=* BY host span=1m'],
  missing: ['chart=true', 'prestats=true', 'append=true', 'rate_avg() and rate_sum()', 'every='],

  parse(reader) {
    const options: Options<typeof optionSchema> = {}
    const calls: AggregateCall[] = []
    const by: string[] = []
    let where: SearchExpression | undefined
    let span: string | undefined
    for (;;) {
      while (reader.punctuation(',')) {
        // Terms are separated by blanks or commas.
      }
      if (reader.isDone) break
      const option = reader.peekOption()
      if (option === 'span') span = reader.options({ span: 'string' }, { stopAtUnknown: true }).span
      else if (option === 'every' || option?.startsWith('chart.')) refuse(reader, option)
      else if (option !== undefined)
        Object.assign(options, reader.options({ ...optionSchema }, { stopAtUnknown: knows(option) }))
      else if (where === undefined && reader.keyword('where')) {
        where = reader.searchTerms({ stopWords: ['by', 'groupby'] })
      } else if (by.length === 0 && reader.keyword('by', 'groupby')) {
        by.push(...readFieldNames(reader, ['where']))
        if (by.length === 0) reader.missing('at least one field after BY')
      } else if (where !== undefined || by.length > 0) break
      else calls.push(readMetric(reader))
    }
    for (const name of ['append', 'chart', 'prestats'] as const)
      if (options[name]) refuse(reader, `${name}=true`)
    if (calls.length === 0) reader.missing('an aggregate such as avg(cpu.usage)')
    const names = [...new Set(span === undefined ? by : ['_time', ...by])]
    return {
      calls: distinctCalls(reader, calls, names),
      where,
      by: names,
      span: span === undefined || span === 'auto' ? undefined : readTimeSpan(reader, 'span', span),
      fill: options.fillnull_value,
    }
  },

  scans: ({ where }) => [where, 'all'],
  holdsBack: () => true,

  async *run({ calls, where, by, span, fill }, _input, context) {
    const toBin = compileBinning(
      '_time',
      { span: { kind: 'time', span: span ?? { amount: 1, unit: 'second' } } },
      undefined,
      2,
      context,
    )
    const groups = by.map(
      (name): GroupField => ({
        name,
        whenNull: fill === undefined ? 'leave-out' : { fill },
        ...(name === '_time' ? { bin: (column, length) => mapOne(column, length, toBin) } : {}),
      }),
    )
    const aggregation = new Aggregation(calls, groups, context)
    for await (const events of context.scanEvents(where, 'all')) {
      context.signal.throwIfAborted()
      const points = withMetrics(events)
      const measured = points.filter(measuredRows(points, calls))
      if (measured.length > 0) aggregation.add(measured)
    }
    yield* groupRows(aggregation, by, sortedGroups(aggregation, by))
  },
})

const knows = (option: string): boolean => Object.hasOwn(optionSchema, option)

function refuse(reader: ArgumentReader, what: string): never {
  return reader.fail('unsupported', `mstats does not support ${what}.`)
}

/** Reads one aggregate; what it calls a field is a metric. */
function readMetric(reader: ArgumentReader): AggregateCall {
  reader.skipBlanks()
  const start = reader.position
  const special = reader.match(/rate_(?:avg|sum)(?=\s*\()/iy)
  if (special !== undefined) refuse(reader, `${special}()`)
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
    case 'expression':
      return reader.fail('missing-argument', `${call.function}() needs a metric.`, reader.spanFrom(start))
  }
}

/** Points with one measurement, in `metric_name` and `_value`, get the fields of those with several. */
function withMetrics(events: Batch): Batch {
  const names = events.column('metric_name')
  const values = events.column('_value')
  if (names === undefined || values === undefined) return events
  const measurements = valuesOf(values, events.length)
  const metrics = valuesOf(names, events.length).map(textOf)
  const columns = [...new Set(metrics)].flatMap((metric): readonly (readonly [string, Column])[] => {
    if (metric === undefined || events.column(`${metricPrefix}${metric}`) !== undefined) return []
    const column = plain(measurements.map((value, row) => (metrics[row] === metric ? value : undefined)))
    return [[`${metricPrefix}${metric}`, column]]
  })
  return events.with(columns)
}

/** The rows that have at least one of the metrics. */
function measuredRows(points: Batch, calls: readonly AggregateCall[]): Uint8Array {
  const mask = new Uint8Array(points.length)
  for (const { argument } of calls) {
    const names =
      argument.kind === 'field'
        ? [argument.name]
        : argument.kind === 'wildcard'
          ? matchingFields(points, argument.pattern, new Set())
          : []
    for (const name of names)
      orInto(mask, maskWhere(points.column(name) ?? nullColumn, points.length, hasValue))
  }
  return mask
}
