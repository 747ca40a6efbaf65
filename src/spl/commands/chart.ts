// Makes a table for a chart: a row for each value of one field, a series for each value of another.

import { nextSpan } from '../../base/time/relative.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import type { Batch } from '../../value/batch.ts'
import { numberOf, textOf, type Value } from '../../value/value.ts'
import { mapOne } from '../eval/columns.ts'
import type { RunContext } from '../run/context.ts'
import type { GroupField } from '../stats/grouping.ts'
import { compareNaturally } from '../stats/text-order.ts'
import { defineCommand } from './command.ts'
import {
  type BinSpan,
  binSizesLeftOpen,
  binSpan,
  compileBinning,
  isBinnable,
  type NumberRange,
  widenRange,
  withinExtent,
} from './shared/binning.ts'
import { ChartTable } from './shared/chart-table.ts'
import { chartFields, chartOptionDocs, readChartTerms, type SplitField } from './shared/chart-terms.ts'
import { keepBatches, replay } from './shared/keep-batches.ts'

/** Search Reference: chart (bins) */
const defaultBins = 300
/** So many rows a table of bins may have; Splunk stops there, too. */
const mostRows = 50_000

export const chart = defineCommand({
  name: 'chart',
  type: 'transforming',
  summary:
    'Makes a table for a chart: a row for each value of one field, a series for each value of another.',
  syntax:
    'chart [<options>] (<aggregate>(<field>) | eval(<expression>)) [AS <name>]... [BY <row-field> [<column-field>]] | [OVER <row-field>] [BY <column-field>]',
  options: chartOptionDocs,
  leftOpen: [binSizesLeftOpen, 'Whether numbers are put into bins without any option of bins: they are not.'],
  examples: [
    {
      search: '* | chart count OVER host BY status',
      input: [
        { host: 'a', status: '200' },
        { host: 'a', status: '404' },
        { host: 'b', status: '200' },
      ],
      output: [
        { host: 'a', '200': '1', '404': '1' },
        { host: 'b', '200': '1', '404': '0' },
      ],
    },
    {
      search: '* | chart avg(ms), max(ms) BY size span=10',
      input: [
        { size: '3', ms: '10' },
        { size: '8', ms: '20' },
        { size: '31', ms: '40' },
      ],
      output: [
        { size: '0-10', 'avg(ms)': '15', 'max(ms)': '20' },
        { size: '10-20' },
        { size: '20-30' },
        { size: '30-40', 'avg(ms)': '40', 'max(ms)': '40' },
      ],
    },
  ],

  parse: (reader) => readChartTerms(reader),

  holdsBack: () => true,
  needs: chartFields,

  async *run(terms, input, context) {
    const { row, split } = terms
    let batches = withinExtents(input, [row, split])
    const ranges = new Map<string, NumberRange | undefined>()
    const unbounded = [row, split].filter((part) => part?.binning !== undefined && !isBinnable(part.binning))
    if (unbounded.length > 0) {
      // The size of the bins depends on all values.
      const kept = await keepBatches(batches, context, 'chart', (batch) => {
        for (const part of unbounded) {
          ranges.set(
            part!.field,
            widenRange(ranges.get(part!.field), batch.column(part!.field), batch.length),
          )
        }
      })
      batches = replay(kept)
    }
    const rowField = row && groupField(row, 'leave-out', ranges, context)
    const table = new ChartTable(
      terms,
      rowField,
      split && groupField(split, 'keep', ranges, context),
      context,
    )
    for await (const batch of batches) {
      context.signal.throwIfAborted()
      table.add(batch)
    }
    const span = row?.binning && binSpan(row.field, row.binning, ranges.get(row.field), defaultBins)
    const fills = terms.options.cont !== false && span !== undefined
    yield* table.rows(
      row && {
        field: row.field,
        order: (values) => {
          const ordered = values.toSorted(compareNaturally)
          return fills ? withEmptyBins(ordered, span, context.timeZone) : ordered
        },
      },
    )
  },
})

async function* withinExtents(
  batches: AsyncIterable<Batch>,
  parts: readonly (SplitField | undefined)[],
): AsyncIterable<Batch> {
  for await (const batch of batches) {
    yield parts.reduce((rest, part) => (part ? withinExtent(rest, part.field, part.binning) : rest), batch)
  }
}

function groupField(
  { field, binning }: SplitField,
  whenNull: 'leave-out' | 'keep',
  ranges: ReadonlyMap<string, NumberRange | undefined>,
  context: RunContext,
): GroupField {
  if (binning === undefined) return { name: field, whenNull }
  const binner = compileBinning(field, binning, ranges.get(field), defaultBins, context)
  return { name: field, whenNull, bin: (column, length) => mapOne(column, length, binner) }
}

/** Puts the bins between that have no rows. Bins that grow have no fixed distance, so they get none. */
function withEmptyBins(values: readonly Value[], span: BinSpan, timeZone: string): readonly Value[] {
  if (span.kind === 'log') return values
  const starts = values.map((value) =>
    numberOf(span.kind === 'time' ? value : /^-?[\d.]+/.exec(textOf(value) ?? '')?.[0]),
  )
  const filled: Value[] = []
  values.forEach((value, index) => {
    const before = starts[index - 1]
    const start = starts[index]
    if (before !== undefined && start !== undefined) {
      for (const between of startsBetween(before, start, span, timeZone)) filled.push(between)
    }
    filled.push(value)
    if (filled.length > mostRows) {
      throw searchError(
        'limit-reached',
        `The span would make more than ${mostRows} rows.`,
        'Choose a longer span, or cont=f to leave out bins without events.',
      )
    }
  })
  return filled
}

function* startsBetween(
  before: number,
  after: number,
  span: Exclude<BinSpan, { kind: 'log' }>,
  timeZone: string,
): Iterable<Value> {
  let count = 0
  if (span.kind === 'time') {
    for (
      let start = nextSpan(before, span.span, timeZone);
      start < after && count++ <= mostRows;
      start = nextSpan(start, span.span, timeZone)
    ) {
      yield start
    }
    return
  }
  const { size } = span
  const binner = compileBinning('', { span }, undefined, defaultBins, {
    now: 0,
    timeZone,
    earliest: undefined,
    latest: undefined,
  })
  const bins = Math.round((after - before) / size)
  // The middle of each bin is in it, whatever the rounding of its bounds.
  for (let bin = 1; bin < bins && count++ <= mostRows; bin++) yield binner(before + (bin + 0.5) * size)
}
