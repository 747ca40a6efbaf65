// Adds rows for the bins of a field that have none, so that its values follow each other without gaps.

import { DAY_SECONDS } from '../../base/time/calendar.ts'
import { alignToSpan, nextSpan } from '../../base/time/relative.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import { Batch, concatBatches } from '../../value/batch.ts'
import { type Column, nullColumn, plain, valuesOf } from '../../value/column.ts'
import { numberOf, textOf, type Value } from '../../value/value.ts'
import { mapOne } from '../eval/columns.ts'
import { union } from '../plan/wanted-fields.ts'
import type { RunContext } from '../run/context.ts'
import { compareNaturally } from '../stats/text-order.ts'
import type { Options } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import {
  alignment,
  type Binning,
  type BinSpan,
  binOptionDocs,
  binOptionSchema,
  binSpan,
  readBinning,
  widenRange,
} from './shared/binning.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { readFieldName } from './shared/field-names.ts'

const defaultBins = 100
const mostRows = 50_000

interface ContinuousArguments {
  readonly field: string
  readonly binning: Binning
}

export const makecontinuous = defineCommand<ContinuousArguments>({
  name: 'makecontinuous',
  type: 'transforming',
  summary:
    'Adds rows for the bins of a field that have none, so that its values follow each other without gaps.',
  syntax: 'makecontinuous [<field>] [span=<span>] [bins=<int>] [start=<num>] [end=<num>]',
  options: binOptionDocs,
  examples: [
    {
      search: '* | makecontinuous x span=10 | table x n',
      input: [
        { x: '10', n: 'a' },
        { x: '30', n: 'b' },
      ],
      output: [{ x: '10', n: 'a' }, { x: '20' }, { x: '30', n: 'b' }],
    },
  ],
  missing: ['bins that grow (span=log2)'],

  parse(reader) {
    const given: Options<typeof binOptionSchema> = { ...reader.options(binOptionSchema) }
    const field = readFieldName(reader) ?? '_time'
    Object.assign(given, reader.options(binOptionSchema))
    const binning = readBinning(reader, given) ?? {}
    if (binning.span?.kind === 'log') {
      reader.fail('unsupported', 'makecontinuous needs bins of one size; bins that grow are not supported.')
    }
    return { field, binning }
  },

  needs: ({ field }, wanted) => union(wanted, [field]),

  async *run({ field, binning }, input, context) {
    const rows = await collectRows(input, context, 'makecontinuous')
    const column = rows.column(field) ?? nullColumn
    const grid = gridOf(field, binning, column, rows.length, context)
    if (grid === undefined) {
      yield* inBatches(rows)
      return
    }
    // Values are put at the start of their bin; the text of a bin would not be continuous.
    const toStart = (value: Value): Value => {
      const number = numberOf(value)
      return number === undefined ? value : grid.startOf(number)
    }
    const placed = rows.with([[field, mapOne(column, rows.length, toStart)]])
    const present = new Set(valuesOf(placed.column(field) ?? nullColumn, rows.length).map(textOf))
    const missing = gridStarts(grid).filter((start) => !present.has(textOf(start)))
    const all = concatBatches([placed, new Batch(missing.length, [[field, plain(missing)]])])
    const values = valuesOf(all.column(field) ?? nullColumn, all.length)
    const isShown = (row: number): boolean => {
      const number = numberOf(values[row])
      return number === undefined || (number >= grid.startOf(grid.lowest) && number <= grid.highest)
    }
    const order = Array.from({ length: all.length }, (_, row) => row)
      .filter(isShown)
      .sort((a, b) => compareNaturally(values[a], values[b]) || a - b)
    yield* inBatches(all.gather(Uint32Array.from(order)))
  },
})

/** The bins that must all be there. */
interface Grid {
  readonly lowest: number
  readonly highest: number
  startOf(number: number): number
  next(start: number): number
}

/** Undefined when the field has no two numbers that could have a gap between them. */
function gridOf(
  field: string,
  binning: Binning,
  column: Column,
  length: number,
  context: RunContext,
): Grid | undefined {
  const range = widenRange(undefined, column, length)
  // An inferred span is counted from the first value, a given one from zero.
  const isInferred = Object.keys(binning).length === 0
  const span = isInferred
    ? smallestGap(field, valuesOf(column, length))
    : binSpan(field, binning, range, defaultBins)
  if (range === undefined || span === undefined || span.kind === 'log') return undefined
  const bounds = { lowest: binning.start ?? range.lowest, highest: binning.end ?? range.highest }
  if (span.kind === 'time') {
    const { timeZone } = context
    const origin = isInferred ? range.lowest : alignment(binning.aligntime, context)
    return {
      ...bounds,
      startOf: (time) => alignToSpan(time, span.span, timeZone, origin),
      next: (start) => nextSpan(start, span.span, timeZone),
    }
  }
  const { size } = span
  const origin = isInferred ? range.lowest : 0
  return {
    ...bounds,
    startOf: (number) => roundTo(origin + Math.floor((number - origin) / size + 1e-9) * size, size),
    next: (start) => roundTo(start + size, size),
  }
}

function gridStarts(grid: Grid): readonly number[] {
  const starts: number[] = []
  for (let start = grid.startOf(grid.lowest); start <= grid.highest; start = grid.next(start)) {
    if (starts.length === mostRows) {
      throw searchError(
        'limit-reached',
        `The span would make more than ${mostRows} rows.`,
        'Choose a longer span.',
      )
    }
    starts.push(start)
  }
  return starts
}

/** Without options, values are as far apart as the two that are nearest to each other. */
function smallestGap(field: string, values: readonly Value[]): BinSpan | undefined {
  const numbers = Float64Array.from(
    new Set(values.map((value) => numberOf(value)).filter((number) => number !== undefined)),
  ).sort()
  let gap = Number.POSITIVE_INFINITY
  for (let index = 1; index < numbers.length; index++)
    gap = Math.min(gap, numbers[index]! - numbers[index - 1]!)
  if (!Number.isFinite(gap)) return undefined
  if (field !== '_time') return { kind: 'number', size: gap }
  const isDays = gap >= DAY_SECONDS && gap % DAY_SECONDS === 0
  return {
    kind: 'time',
    span: isDays
      ? { amount: gap / DAY_SECONDS, unit: 'day' }
      : { amount: Math.max(1, Math.round(gap)), unit: 'second' },
  }
}

/** Keeps multiples of a decimal span free of binary fractions. */
function roundTo(number: number, size: number): number {
  const decimals = String(size).split('.')[1]?.length ?? 0
  return Number(number.toFixed(decimals))
}
