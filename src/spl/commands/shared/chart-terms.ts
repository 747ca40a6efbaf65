// What chart and timechart read: aggregates or expressions of them, the fields to split by, and how series are chosen.
// Search Reference: chart, timechart

import type { WantedFields } from '../../host.ts'
import { union } from '../../plan/wanted-fields.ts'
import { type AggregateCall, aggregateFields } from '../../stats/aggregate-call.ts'
import { findAggregate } from '../../stats/aggregates/index.ts'
import { outputName, parseAggregate } from '../../stats/parse-aggregates.ts'
import type { ArgumentReader, Options } from '../../syntax/argument-reader.ts'
import type { Expression } from '../../syntax/ast.ts'
import { type Binning, binOptionDocs, binOptionSchema, readBinning } from './binning.ts'
import { requiredFieldName } from './field-names.ts'

/** A field that makes rows or series, and the bins that its values are put into. */
export interface SplitField {
  readonly field: string
  readonly binning: Binning | undefined
}

/** One result per cell. */
export type ChartColumn =
  | { readonly kind: 'aggregate'; readonly call: AggregateCall }
  /** An expression over aggregates; `calls` are what it reads, by the names of their results. */
  | {
      readonly kind: 'expression'
      readonly expression: Expression
      readonly calls: readonly AggregateCall[]
      readonly output: string
    }

/** By what series are compared: an aggregate over their cells, or one over their events. */
export type SeriesScore =
  | { readonly kind: 'cells'; readonly function: string }
  | { readonly kind: 'events'; readonly call: AggregateCall }

/** Which series are kept. */
export type SeriesChoice =
  | { readonly kind: 'rank'; readonly from: 'top' | 'bottom'; readonly count: number; readonly isIn: boolean }
  | { readonly kind: 'threshold'; readonly operator: '<' | '>'; readonly number: number }

export interface ChartTerms {
  readonly columns: readonly ChartColumn[]
  readonly row: SplitField | undefined
  readonly split: SplitField | undefined
  /** Undefined: the sum of the cells, or with several columns the number of events. */
  readonly score: SeriesScore | undefined
  readonly choice: SeriesChoice
  readonly options: Options<typeof chartOptionSchema>
  /** Of timechart: the bins of the time axis. */
  readonly timeBinning: Binning | undefined
}

const chartOptionSchema = {
  cont: 'boolean',
  dedup_splitval: 'boolean',
  dedup_splitvals: 'boolean',
  fixedrange: 'boolean',
  format: 'string',
  limit: 'string',
  nullstr: 'string',
  otherstr: 'string',
  partial: 'boolean',
  sep: 'string',
  usenull: 'boolean',
  useother: 'boolean',
} as const

/** What the options that both commands have do. */
export const chartOptionDocs = {
  ...binOptionDocs,
  agg: 'What series are ranked by: an aggregate such as max over their cells, or max(field) over their events.',
  cont: 'Whether bins without events are shown. Default: true.',
  dedup_splitvals: 'Counts a row once for a value that a multivalue field has twice. Default: false.',
  format: 'Names of columns when there are several aggregates: $AGG$ is the aggregate, $VAL$ the value.',
  limit: 'How many series are kept: 5, top5 or bottom5; 0 keeps all. Default: top10.',
  nullstr: 'The name of the series of rows without the field. Default: NULL.',
  otherstr: 'The name of the series of all values that are not kept. Default: OTHER.',
  sep: 'What stands between aggregate and value in names of columns. Default: ": ".',
  usenull: 'Whether rows without the field make a series. Default: true.',
  useother: 'Whether the values that are not kept make a series. Default: true.',
} as const

/** Reads all arguments of chart or timechart. */
export function readChartTerms(reader: ArgumentReader): ChartTerms {
  const isTimechart = reader.command === 'timechart'
  const options: Options<typeof chartOptionSchema> = {}
  /** Bin options before any field, after the row field, after the column field. */
  const bins: [
    Options<typeof binOptionSchema>,
    Options<typeof binOptionSchema>,
    Options<typeof binOptionSchema>,
  ] = [{}, {}, {}]
  const columns: ChartColumn[] = []
  let row: string | undefined
  let split: string | undefined
  let score: SeriesScore | undefined
  let choice: SeriesChoice | undefined

  const readOptions = (place: 0 | 1 | 2): void => {
    for (;;) {
      while (reader.punctuation(',')) {
        // Content separates terms by blanks or commas.
      }
      const name = reader.peekOption()
      if (name === undefined) return
      if (name === 'agg') {
        score = readScoreOption(reader)
        continue
      }
      if (Object.hasOwn(binOptionSchema, name)) {
        Object.assign(bins[place], reader.options(binOptionSchema, { stopAtUnknown: true }))
        continue
      }
      if (!Object.hasOwn(chartOptionSchema, name))
        reader.options({ ...chartOptionSchema, ...binOptionSchema })
      Object.assign(options, reader.options(chartOptionSchema, { stopAtUnknown: true }))
      if (name === 'limit' && /^(top|bottom)$/i.test(options.limit ?? ''))
        options.limit += String(reader.integer() ?? '')
    }
  }

  for (;;) {
    readOptions(split !== undefined ? 2 : row !== undefined ? 1 : 0)
    if (reader.isDone) break
    if (!isTimechart && row === undefined && reader.keyword('over')) {
      row = requiredFieldName(reader, 'a field after OVER')
      continue
    }
    if (split === undefined && reader.keyword('by')) {
      if (!isTimechart && row === undefined) {
        row = requiredFieldName(reader, 'a field after BY')
        readOptions(1)
        if (reader.isDone || reader.keyword('where')) {
          if (!reader.isDone)
            reader.fail(
              'bad-argument',
              'WHERE chooses series, and there is no second field that makes series.',
            )
          continue
        }
      }
      split = requiredFieldName(reader, 'a field after BY')
      continue
    }
    if (split !== undefined) {
      if (!reader.keyword('where')) break
      ;({ score, choice } = readWhere(reader))
      continue
    }
    if (row !== undefined) break
    columns.push(readColumn(reader, columns.length))
  }
  if (columns.length === 0) reader.missing('an aggregate such as count or sum(bytes)')
  refuseSharedField(reader, columns, [row, split])
  if (!isTimechart && (options.partial ?? options.fixedrange) !== undefined) {
    reader.fail('unknown-option', 'chart has no options "partial" and "fixedrange": these are of timechart.')
  }
  return {
    columns,
    row:
      row === undefined
        ? undefined
        : { field: row, binning: readBinning(reader, { ...bins[0], ...bins[1] }) },
    split: split === undefined ? undefined : splitField(reader, split, bins[2], isTimechart),
    score,
    choice: choice ?? readLimit(reader, options.limit),
    options,
    timeBinning: isTimechart ? readBinning(reader, timeBins(bins)) : undefined,
  }
}

/** A field cannot be split by and aggregated at once. Search Reference: chart (row-split and column-split fields) */
function refuseSharedField(
  reader: ArgumentReader,
  columns: readonly ChartColumn[],
  splits: readonly (string | undefined)[],
): void {
  for (const { argument } of chartCalls({ columns })) {
    if (argument.kind === 'field' && splits.includes(argument.name)) {
      reader.fail(
        'bad-argument',
        `"${argument.name}" cannot be both aggregated and split by.`,
        undefined,
        `Copy it first: eval ${argument.name}2=${argument.name}.`,
      )
    }
  }
}

/** The manual gives options after the BY field to that field; yet a span of time can only mean the time axis. */
function timeBins([before, , after]: readonly Options<typeof binOptionSchema>[]): Options<
  typeof binOptionSchema
> {
  return isTimeText(after?.span) ? { ...before, ...after } : before!
}

const isTimeText = (span: string | undefined): boolean => span !== undefined && /^\d*(?!log)[a-z]/i.test(span)

function splitField(
  reader: ArgumentReader,
  field: string,
  given: Options<typeof binOptionSchema>,
  isTimechart: boolean,
): SplitField {
  return { field, binning: isTimechart && isTimeText(given.span) ? undefined : readBinning(reader, given) }
}

/** The aggregates that a command calculates, those inside expressions included. */
export function chartCalls({ columns }: Pick<ChartTerms, 'columns'>): readonly AggregateCall[] {
  return columns.flatMap((column) => (column.kind === 'aggregate' ? [column.call] : column.calls))
}

/** Which fields the command looks at. */
export function chartFields(terms: ChartTerms): WantedFields {
  const { row, split, score } = terms
  const calls = score?.kind === 'events' ? [...chartCalls(terms), score.call] : chartCalls(terms)
  return union(
    aggregateFields(calls, []),
    [row, split].flatMap((part) => part?.field ?? []),
  )
}

const evalPattern = /eval\s*\(/iy

function readColumn(reader: ArgumentReader, index: number): ChartColumn {
  reader.skipBlanks()
  const start = reader.position
  if (reader.match(evalPattern) === undefined) {
    const wildcards = reader.command === 'chart'
    return {
      kind: 'aggregate',
      call: parseAggregate(reader, { wildcards, expressions: true, sparklines: wildcards }),
    }
  }
  const calls: AggregateCall[] = []
  const expression = withoutAggregates(reader.expression(), (name, argument) => {
    // No field can have a name like this one.
    const output = `\u0000${index}.${calls.length}`
    calls.push({
      function: name,
      argument:
        argument === undefined
          ? { kind: 'none' }
          : argument.kind === 'Field'
            ? { kind: 'field', name: argument.name }
            : { kind: 'expression', expression: argument },
      output,
    })
    return output
  })
  if (!reader.punctuation(')')) reader.missing('")"')
  const text = reader.text.slice(start, reader.position)
  if (calls.length === 0) {
    reader.fail(
      'bad-argument',
      `${text} has no aggregate in it.`,
      reader.spanFrom(start),
      'For example: eval(avg(x) / max(y)).',
    )
  }
  return { kind: 'expression', expression, calls, output: reader.keyword('as') ? outputName(reader) : text }
}

/** Replaces calls of aggregates by the fields that will hold their results. */
function withoutAggregates(
  expression: Expression,
  replace: (name: string, argument: Expression | undefined) => string,
): Expression {
  switch (expression.kind) {
    case 'Number':
    case 'String':
    case 'Field':
    case 'Subsearch':
      return expression
    case 'Unary':
      return { ...expression, operand: withoutAggregates(expression.operand, replace) }
    case 'Binary':
      return {
        ...expression,
        left: withoutAggregates(expression.left, replace),
        right: withoutAggregates(expression.right, replace),
      }
    case 'InExpression':
      return {
        ...expression,
        operand: withoutAggregates(expression.operand, replace),
        list: expression.list.map((item) => withoutAggregates(item, replace)),
      }
    case 'Call': {
      const { name, args, span } = expression
      // max(a, b) is the function of eval, max(a) the aggregate.
      if (args.length <= 1 && isAggregate(name, args.length))
        return { kind: 'Field', name: replace(name, args[0]), span }
      return { ...expression, args: args.map((argument) => withoutAggregates(argument, replace)) }
    }
  }
}

function isAggregate(name: string, argumentCount: number): boolean {
  const found = findAggregate(name)
  return found !== undefined && (argumentCount === 1 || found.definition.fieldOptional === true)
}

const functionPattern = /[A-Za-z_]+(?:\d+(?:\.\d+)?)?/y

/** An aggregate with a field is over events, one without over cells. */
function readScore(reader: ArgumentReader): SeriesScore {
  reader.skipBlanks()
  const start = reader.position
  const name = reader.match(functionPattern)
  if (name === undefined || findAggregate(name) === undefined) {
    reader.fail('unknown-function', `An aggregate such as sum or max was expected, found ${reader.found()}.`)
  }
  if (reader.peek() !== '(') {
    return name.toLowerCase() === 'count'
      ? { kind: 'events', call: { function: 'count', argument: { kind: 'none' }, output: 'count' } }
      : { kind: 'cells', function: name }
  }
  reader.position = start
  return { kind: 'events', call: parseAggregate(reader, { expressions: true }) }
}

/** `agg=max`, `agg=max(x)`, `agg=(max(x))`; of mstats `chart.agg=` */
export function readScoreOption(reader: ArgumentReader): SeriesScore {
  reader.match(/\s*(?:chart\.)?agg/iy)
  reader.punctuation('=')
  const isWrapped = reader.punctuation('(')
  const score = readScore(reader)
  if (isWrapped && !reader.punctuation(')')) reader.missing('")"')
  return score
}

/** `where max in top5`, `where sum(x) > 100`, `where count notin bottom 2` */
function readWhere(reader: ArgumentReader): { score: SeriesScore; choice: SeriesChoice } {
  const score = readScore(reader)
  reader.skipBlanks()
  const operator = reader.take('<') ? '<' : reader.take('>') ? '>' : undefined
  if (operator !== undefined) {
    reader.skipBlanks()
    const number = reader.match(/[+-]?(?:\d+(?:\.\d+)?|\.\d+)/y)
    if (number === undefined) reader.missing('a number to compare with')
    return { score, choice: { kind: 'threshold', operator, number: Number(number) } }
  }
  const isIn = reader.keyword('in')
  if (!isIn && !reader.keyword('notin')) reader.missing('in, notin, < or >')
  reader.skipBlanks()
  const rank = reader.match(/(?:top|bottom)\s*\d+/iy)
  if (rank === undefined) reader.missing('a rank such as top5')
  return { score, choice: { ...parseRank(rank), isIn } }
}

/** Reads the value of `limit`. */
export function readLimit(reader: ArgumentReader, limit = 'top10'): SeriesChoice {
  if (!/^(?:top|bottom)?\d+$/i.test(limit)) {
    reader.fail('bad-argument', `"limit" needs a number, or top or bottom and a number, found "${limit}".`)
  }
  return { ...parseRank(limit), isIn: true }
}

function parseRank(text: string): { kind: 'rank'; from: 'top' | 'bottom'; count: number } {
  return {
    kind: 'rank',
    from: /^bottom/i.test(text) ? 'bottom' : 'top',
    count: Number(/\d+$/.exec(text)![0]),
  }
}
