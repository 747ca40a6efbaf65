// Builds the tables of chart and timechart: rows by one field, series by another, a cell for each aggregate.
// Which series are shown is in series.ts; what rows there are, the commands say.

import { Batch, batchRows, type EventReference, type Origins } from '../../../value/batch.ts'
import { plain, valuesOf } from '../../../value/column.ts'
import { numberOf, textOf, type Value } from '../../../value/value.ts'
import { compileExpression } from '../../eval/compile.ts'
import type { RunContext } from '../../run/context.ts'
import type { AggregateCall } from '../../stats/aggregate-call.ts'
import { type AggregateResult, Aggregation, createAccumulator } from '../../stats/aggregation.ts'
import type { GroupField } from '../../stats/grouping.ts'
import { type ChartColumn, type ChartTerms, chartCalls, type SeriesScore } from './chart-terms.ts'
import { planSeries } from './series.ts'

/** The rows of the table. */
export interface ChartRows {
  readonly field: string
  /** Puts the values that occur in order; others may be put between them. */
  order(values: readonly Value[]): readonly Value[]
  /** How many seconds a row covers: for rates in timechart. */
  secondsOf?(value: Value): number
}

const eventCount: AggregateCall = { function: 'count', argument: { kind: 'none' }, output: 'count' }

/** A result of every cell. */
interface CellColumn {
  readonly name: string
  value(group: number): Value
}

export class ChartTable {
  readonly #terms: ChartTerms
  readonly #context: RunContext
  readonly #score: SeriesScore
  readonly #row: GroupField | undefined
  readonly #split: GroupField | undefined
  readonly #cells: Aggregation
  /** Aggregates of whole series, where these decide which are kept. */
  readonly #series: Aggregation | undefined

  constructor(
    terms: ChartTerms,
    row: GroupField | undefined,
    split: GroupField | undefined,
    context: RunContext,
  ) {
    this.#terms = terms
    this.#context = context
    this.#row = row
    this.#split = split
    // With several columns, Splunk ranks by how often a value occurs.
    const usual: SeriesScore =
      terms.columns.length === 1 ? { kind: 'cells', function: 'sum' } : { kind: 'events', call: eventCount }
    this.#score = terms.score ?? usual
    const { dedup_splitvals: dedup, dedup_splitval: dedupAlias } = terms.options
    const options = { dedupSplitValues: dedup ?? dedupAlias ?? false, secondsOf: () => 1 }
    const by = [row, split].filter((field) => field !== undefined)
    this.#cells = new Aggregation(chartCalls(terms), by, context, options)
    if (split !== undefined && this.#score.kind === 'events') {
      this.#series = new Aggregation([this.#score.call], [split], context, options)
    }
  }

  add(batch: Batch): void {
    this.#cells.add(batch)
    this.#series?.add(batch)
  }

  /** The finished table. Without `chartRows` it has one row. */
  *rows(chartRows: ChartRows | undefined): Iterable<Batch> {
    const { grouping } = this.#cells
    const groups = Array.from({ length: grouping.count }, (_, group) => group)
    const keyOf = (group: number): Value => (this.#row === undefined ? undefined : grouping.keyOf(group, 0))
    const values = [...new Map(groups.map((group) => [textOf(keyOf(group)), keyOf(group)])).values()]
    const rowValues = chartRows === undefined ? [undefined] : chartRows.order(values)
    const rowOf = new Map(rowValues.map((value, row) => [textOf(value), row]))
    const rowOfGroup = (group: number): number | undefined => rowOf.get(textOf(keyOf(group)))

    const splitOf = (group: number): string | undefined =>
      textOf(grouping.keyOf(group, this.#row === undefined ? 0 : 1))
    const series = this.#split === undefined ? undefined : this.#planSeries(groups, splitOf)
    const width = series?.names.length ?? 1
    const position = new Map(series?.names.map((name, index) => [name, index]))
    // Groups that are not shown end in one that no cell reads; the one after it stays empty.
    const unseen = rowValues.length * width
    const empty = unseen + 1
    const groupOf = Uint32Array.from(groups, (group) => {
      const row = rowOfGroup(group)
      const column = series === undefined ? 0 : position.get(series.nameOf(splitOf(group)) ?? '')
      return row === undefined || column === undefined ? unseen : row * width + column
    })
    const secondsOf = (group: number): number =>
      chartRows?.secondsOf?.(rowValues[Math.min(Math.floor(group / width), rowValues.length - 1)]) ?? 1
    const results = this.#cells.regrouped(groupOf, secondsOf)
    const cells = cellColumns(this.#terms.columns, results, empty + 1, this.#context)
    const filled = new Set(groupOf)
    const cell = ({ value }: CellColumn, group: number): Value => value(filled.has(group) ? group : empty)
    const origins = this.#rowOrigins(groups, rowOfGroup)

    for (let start = 0; start < rowValues.length; start += batchRows) {
      const part = rowValues.slice(start, start + batchRows)
      const columns = (series?.names ?? [undefined]).flatMap((name, index) =>
        cells.map((column) => {
          const cellValues = part.map((_, row) => cell(column, (start + row) * width + index))
          return [this.#columnName(column.name, name, cells.length), plain(cellValues)] as const
        }),
      )
      const keys = chartRows === undefined ? [] : [[chartRows.field, plain(part)] as const]
      yield new Batch(
        part.length,
        [...keys, ...columns],
        undefined,
        origins && ((row) => origins(start + row)),
      )
    }
  }

  #columnName(aggregate: string, series: string | undefined, columns: number): string {
    if (series === undefined) return aggregate
    if (columns === 1) return series
    const { sep = ': ', format = `$AGG$${sep}$VAL$` } = this.#terms.options
    // Functions as replacements: values may hold `$&` and the like.
    return format.replace(/\$AGG\$|\$VAL\$/g, (part) => (part === '$AGG$' ? aggregate : series))
  }

  #planSeries(
    groups: readonly number[],
    splitOf: (group: number) => string | undefined,
  ): ReturnType<typeof planSeries> {
    const scores =
      this.#score.kind === 'events'
        ? this.#eventScores()
        : this.#cellScores(this.#score.function, groups, splitOf)
    const hasNull = groups.some((group) => splitOf(group) === undefined)
    return planSeries(scores, hasNull, this.#terms)
  }

  /** An aggregate of each series' events. */
  #eventScores(): ReadonlyMap<string, number> {
    const scores = new Map<string, number>()
    const { grouping } = this.#series!
    const [result] = this.#series!.results()
    for (let group = 0; group < grouping.count; group++) {
      const value = textOf(grouping.keyOf(group, 0))
      if (value !== undefined) scores.set(value, numberOf(result!.value(group)) ?? 0)
    }
    return scores
  }

  /** An aggregate of the cells that each series has in the first column. */
  #cellScores(
    name: string,
    groups: readonly number[],
    splitOf: (group: number) => string | undefined,
  ): ReadonlyMap<string, number> {
    const [first] = cellColumns(this.#terms.columns, this.#cells.results(), groups.length, this.#context)
    const seriesOf = new Map<string, number>()
    const values: Value[] = []
    const series: number[] = []
    for (const group of groups) {
      const split = splitOf(group)
      if (split === undefined) continue
      if (!seriesOf.has(split)) seriesOf.set(split, seriesOf.size)
      values.push(first?.value(group))
      series.push(seriesOf.get(split)!)
    }
    const call: AggregateCall = { function: name, argument: { kind: 'field', name: '' }, output: name }
    const scores = createAccumulator(call, this.#context, () => 1)
    const column = plain(values)
    scores.add({
      length: values.length,
      column,
      times: undefined,
      groups: Uint32Array.from(series),
      groupCount: seriesOf.size,
    })
    return new Map([...seriesOf].map(([value, index]) => [value, numberOf(scores.result(index)) ?? 0]))
  }

  #rowOrigins(
    groups: readonly number[],
    rowOfGroup: (group: number) => number | undefined,
  ): Origins | undefined {
    if (!this.#cells.hasOrigins) return undefined
    const origins: EventReference[][] = []
    for (const group of groups) {
      const row = rowOfGroup(group)
      if (row !== undefined)
        origins[row] = [...(origins[row] ?? []), ...this.#cells.originsOf(group)].slice(0, 100)
    }
    return (row) => origins[row] ?? []
  }
}

/** The columns that are shown, in order; expressions over aggregates are calculated for all groups at once. */
function cellColumns(
  columns: readonly ChartColumn[],
  results: readonly AggregateResult[],
  groupCount: number,
  context: RunContext,
): readonly CellColumn[] {
  return columns.flatMap((column): readonly CellColumn[] => {
    if (column.kind === 'aggregate') return results.filter(({ call }) => call === column.call)
    const read = results.filter(({ call }) => column.calls.includes(call))
    const batch = new Batch(
      groupCount,
      read.map(({ name, value }) => [
        name,
        plain(Array.from({ length: groupCount }, (_, group) => value(group))),
      ]),
    )
    const values = valuesOf(compileExpression(column.expression, context)(batch), groupCount)
    return [{ name: column.output, value: (group) => values[group] }]
  })
}
