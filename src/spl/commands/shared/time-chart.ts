// Makes tables over time: a row for each time bin, a series for each value of a field. For timechart and mstats chart=t.
// Search Reference: timechart

import { nextSpan, type TimeSpan } from '../../../base/time/relative.ts'
import { searchError } from '../../../diagnostics/diagnostic.ts'
import type { Batch } from '../../../value/batch.ts'
import { numberOf, type Value } from '../../../value/value.ts'
import { mapOne } from '../../eval/columns.ts'
import type { RunContext } from '../../run/context.ts'
import { binStarts } from '../../stats/time-bins.ts'
import {
  alignment,
  type Binner,
  type Binning,
  binSpan,
  compileBinning,
  isBinnable,
  type NumberRange,
  widenRange,
  withinExtent,
} from './binning.ts'
import { ChartTable } from './chart-table.ts'
import type { ChartTerms } from './chart-terms.ts'
import { keepBatches, replay } from './keep-batches.ts'

/** Search Reference: timechart (bins) */
const defaultBins = 100
/** So many rows the table may have; Splunk stops there, too. */
const mostRows = 50_000

/** Makes the table of `_time` and the series of `terms`. */
export async function* timeChart(
  terms: ChartTerms,
  input: AsyncIterable<Batch>,
  context: RunContext,
): AsyncIterable<Batch> {
  const { split, timeBinning = {}, options } = terms
  const searched = options.fixedrange === false ? undefined : searchedRange(context)
  let seen: NumberRange | undefined
  const see = (batch: Batch): void => {
    seen = widenRange(seen, batch.column('_time'), batch.length)
  }
  let batches = input
  let splitRange: NumberRange | undefined
  const needsSplitRange = split?.binning !== undefined && !isBinnable(split.binning)
  const needsTimeRange = !isBinnable(timeBinning) && searched === undefined
  if (needsTimeRange || needsSplitRange) {
    // The size of the bins depends on all values.
    const kept = await keepBatches(input, context, 'timechart', (batch) => {
      see(batch)
      if (!needsSplitRange) return
      const within = withinExtent(batch, split.field, split.binning)
      splitRange = widenRange(splitRange, within.column(split.field), within.length)
    })
    batches = replay(kept)
  }
  const range = searched ?? seen
  const binner = (field: string, binning: Binning, values: NumberRange | undefined): Binner =>
    compileBinning(field, binning, values, defaultBins, context)
  const timeBinner = binner('_time', timeBinning, range)
  const splitBinner = split?.binning && binner(split.field, split.binning, splitRange)
  const table = new ChartTable(
    terms,
    { name: '_time', whenNull: 'leave-out', bin: (column, length) => mapOne(column, length, timeBinner) },
    split && {
      name: split.field,
      whenNull: 'keep',
      ...(splitBinner && { bin: (column, length) => mapOne(column, length, splitBinner) }),
    },
    context,
  )
  for await (const batch of batches) {
    context.signal.throwIfAborted()
    if (!needsTimeRange && !needsSplitRange) see(batch)
    table.add(split === undefined ? batch : withinExtent(batch, split.field, split.binning))
  }
  const covered = searched === undefined ? seen : widened(searched, seen)
  if (covered === undefined || (seen === undefined && split !== undefined)) return
  const span = binSpan('_time', timeBinning, range ?? covered, defaultBins)
  if (span?.kind !== 'time') return
  yield* table.rows({
    field: '_time',
    order: (values) => timeBins(values, covered, span.span, terms, context),
    secondsOf: (start) =>
      nextSpan(numberOf(start) ?? 0, span.span, context.timeZone) - (numberOf(start) ?? 0),
  })
}

/** The time range of the search, up to its last instant; undefined when it is open: then that of the events counts. */
function searchedRange({ earliest, latest, now }: RunContext): NumberRange | undefined {
  // Splunk's "all time" begins at 0 and is shown from the first event on.
  if (earliest === undefined || earliest <= 0) return undefined
  const end = latest ?? now
  return end > earliest ? { lowest: earliest, highest: end } : undefined
}

const widened = (range: NumberRange, more: NumberRange | undefined): NumberRange => ({
  lowest: Math.min(range.lowest, more?.lowest ?? range.lowest),
  highest: Math.max(range.highest, more?.highest ?? range.highest),
})

/** The starts of the bins that make rows. */
function timeBins(
  values: readonly Value[],
  covered: NumberRange,
  span: TimeSpan,
  { options, timeBinning }: ChartTerms,
  context: RunContext,
): readonly Value[] {
  const { earliest, latest, timeZone } = context
  const last = covered.highest === (latest ?? context.now) ? beforeEnd(covered.highest) : covered.highest
  const starts =
    options.cont === false
      ? values.map((value) => numberOf(value) ?? 0).sort((a, b) => a - b)
      : binStarts(covered.lowest, last, span, timeZone, mostRows, alignment(timeBinning?.aligntime, context))
  if (starts === undefined) {
    throw searchError(
      'limit-reached',
      `The span would make more than ${mostRows} rows.`,
      'Choose a longer span, a shorter time range, or cont=f to leave out bins without events.',
    )
  }
  if (options.partial !== false) return starts
  return starts.filter(
    (start) =>
      (earliest === undefined || start >= earliest) &&
      (latest === undefined || nextSpan(start, span, timeZone) <= latest),
  )
}

/** The range of a search leaves out its end: the last instant that times are kept to is a microsecond before. */
const beforeEnd = (end: number): number => end - 1e-6
