// Puts numbers and times into bins: the options that bin, chart, timechart and makecontinuous share, and what they do.
// Numbers become text such as 10-20, times the start of their bin.
// Search Reference: bin, chart, timechart (bin options, span options)

import { formatNumber, parseNumber } from '../../../base/text/number.ts'
import { alignToSpan, parseTimeBound, parseTimeSpan, type TimeSpan } from '../../../base/time/relative.ts'
import { searchError } from '../../../diagnostics/diagnostic.ts'
import type { Batch } from '../../../value/batch.ts'
import type { Column } from '../../../value/column.ts'
import { numberOf, type Value } from '../../../value/value.ts'
import { maskWhere } from '../../eval/columns.ts'
import type { RunContext } from '../../run/context.ts'
import { forEachNumber } from '../../stats/each-value.ts'
import { chooseSpan } from '../../stats/time-bins.ts'
import type { ArgumentReader, Options } from '../../syntax/argument-reader.ts'

/** The options as a command's reader takes them. */
export const binOptionSchema = {
  aligntime: 'string',
  bins: 'integer',
  end: 'number',
  minspan: 'string',
  span: 'string',
  start: 'number',
} as const

/** What each of them does, for the documentation of commands. */
export const binOptionDocs = {
  aligntime:
    'Where time bins of less than a day start: earliest, latest, an epoch or a relative time such as @d+5h.',
  bins: 'The most bins there may be when no span is given. The size of a bin is then a power of ten, or a usual time.',
  end: 'The end of the numbers that bins must cover when no span is given. chart and timechart drop what is beyond.',
  minspan: 'The smallest bin there may be when no span is given.',
  span: 'The size of a bin: a number, a time such as 5m, or 2log10 for bins that grow.',
  start: 'The beginning of the numbers that bins must cover, likewise.',
} as const

/** What the manual does not say of bins, for the documentation of commands. */
export const binSizesLeftOpen =
  'Which sizes "bins" and "minspan" choose from: powers of ten for numbers, the spans that timechart lists for times.'

export type BinSpan =
  | { readonly kind: 'number'; readonly size: number }
  | { readonly kind: 'log'; readonly coefficient: number; readonly base: number }
  | { readonly kind: 'time'; readonly span: TimeSpan }

/** Bin options after reading: plain data. */
export interface Binning {
  readonly span?: BinSpan
  readonly minspan?: BinSpan
  readonly bins?: number
  readonly start?: number
  readonly end?: number
  readonly aligntime?: string
}

/** Checks the options that were given; undefined when none was. */
export function readBinning(
  reader: ArgumentReader,
  given: Options<typeof binOptionSchema>,
): Binning | undefined {
  const { span, minspan, bins, start, end, aligntime } = given
  if ([span, minspan, bins, start, end, aligntime].every((option) => option === undefined)) return undefined
  if (bins !== undefined && bins < 2) {
    reader.fail('bad-argument', `"bins" needs a number of at least 2, found "${bins}".`)
  }
  return {
    ...(span === undefined ? {} : { span: readSpan(reader, 'span', span) }),
    ...(minspan === undefined ? {} : { minspan: readSpan(reader, 'minspan', minspan) }),
    ...(bins === undefined ? {} : { bins }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(aligntime === undefined ? {} : { aligntime }),
  }
}

const logPattern = /^(\d+(?:\.\d+)?)?log(\d+(?:\.\d+)?)?$/i

/** Reads a span: `10`, `0.5`, `5m`, `log2`, `2log10`. */
export function readSpan(reader: ArgumentReader, option: string, text: string): BinSpan {
  const number = parseNumber(text)
  if (number !== undefined && number > 0) return { kind: 'number', size: number }
  const log = logPattern.exec(text)
  if (log !== null) {
    const coefficient = Number(log[1] ?? 1)
    const base = Number(log[2] ?? 10)
    if (base > 1 && coefficient >= 1 && coefficient < base) return { kind: 'log', coefficient, base }
    reader.fail(
      'bad-argument',
      `"${option}=${text}" needs a base above 1 and a coefficient from 1 up to the base, as in 2log10.`,
    )
  }
  return { kind: 'time', span: readTimeSpan(reader, option, text) }
}

const perSecond: ReadonlyMap<TimeSpan['unit'], number> = new Map([
  ['microsecond', 1e6],
  ['millisecond', 1e3],
  ['centisecond', 100],
  ['decisecond', 10],
])

/** Reads a span of time; a number alone is seconds. */
export function readTimeSpan(reader: ArgumentReader, option: string, text: string): TimeSpan {
  // A span that snaps may be written as an offset, `-1d@d`; its sign says nothing about bins.
  const unsigned = text.includes('@') ? text.replace(/^[+-]/, '') : text
  const span = parseTimeSpan(/^\d+$/.test(text) ? `${text}s` : unsigned)
  if (span === undefined) {
    reader.fail('bad-argument', `"${option}" needs a time such as 5m or 1h, found "${text}".`)
  }
  const second = perSecond.get(span.unit)
  if (second !== undefined && (span.amount >= second || second % span.amount !== 0)) {
    reader.fail('bad-argument', `"${option}=${text}" must divide a second evenly, as 100ms does.`)
  }
  return span
}

/** Puts one value into its bin. What is no number stays as it is. */
export type Binner = (value: Value) => Value

/** What is known of the numbers before they are put into bins. */
export interface NumberRange {
  readonly lowest: number
  readonly highest: number
}

/**
 * Makes the function that puts values into bins.
 * @param range of the values; needed when the options give no span
 */
export function compileBinning(
  field: string,
  binning: Binning,
  range: NumberRange | undefined,
  defaultBins: number,
  context: Pick<RunContext, 'now' | 'timeZone' | 'earliest' | 'latest'>,
): Binner {
  const span = binSpan(field, binning, range, defaultBins)
  switch (span?.kind) {
    case undefined:
      return (value) => value
    case 'time':
      return timeBinner(span.span, binning.aligntime, context)
    case 'log':
      return logBinner(span.coefficient, span.base)
    case 'number':
      return numberBinner(span.size)
  }
}

/** The span that is used: the given one, or the smallest that makes few enough bins. Undefined without any number. */
export function binSpan(
  field: string,
  binning: Binning,
  range: NumberRange | undefined,
  defaultBins: number,
): BinSpan | undefined {
  const { span, minspan, bins = defaultBins, start, end } = binning
  const isTime = field === '_time'
  if (span !== undefined)
    return isTime && span.kind === 'number' ? { kind: 'time', span: ofSeconds(span.size) } : span
  if (range === undefined) return undefined
  if (isTime) {
    const shortest =
      minspan?.kind === 'number'
        ? ofSeconds(minspan.size)
        : minspan?.kind === 'time'
          ? minspan.span
          : undefined
    return { kind: 'time', span: chooseSpan(range.lowest, range.highest, bins, shortest) }
  }
  const lowest = Math.min(range.lowest, start ?? range.lowest)
  const highest = Math.max(range.highest, end ?? range.highest)
  return {
    kind: 'number',
    size: chooseSize(lowest, highest, bins, minspan?.kind === 'number' ? minspan.size : 0),
  }
}

/** Seconds, perhaps with a fraction, as a span. */
function ofSeconds(seconds: number): TimeSpan {
  if (Number.isInteger(seconds)) return { amount: seconds, unit: 'second' }
  return { amount: Math.max(1, Math.round(seconds * 1e6)), unit: 'microsecond' }
}

/** The smallest power of ten that covers a range with at most so many bins. */
function chooseSize(lowest: number, highest: number, bins: number, smallest: number): number {
  const count = (size: number): number => binStart(highest, size) - binStart(lowest, size) + 1
  let exponent = Math.floor(Math.log10(Math.max((highest - lowest) / bins, smallest, 1e-9)))
  while (10 ** exponent < smallest || count(10 ** exponent) > bins) exponent++
  return 10 ** exponent
}

/** How many bins from zero a number is. */
function binStart(number: number, size: number): number {
  // 0.3 / 0.1 is a little less than 3.
  return Math.floor(Number((number / size).toPrecision(15)))
}

function numberBinner(size: number): Binner {
  const decimals = formatNumber(size).split('.')[1]?.length ?? 0
  const label = (bins: number): string => formatNumber(Number((bins * size).toFixed(decimals)))
  return (value) => {
    const number = numberOf(value)
    if (number === undefined) return value
    const start = binStart(number, size)
    return `${label(start)}-${label(start + 1)}`
  }
}

function logBinner(coefficient: number, base: number): Binner {
  return (value) => {
    const number = numberOf(value)
    // Zero and less have no logarithm; they stay as they are.
    if (number === undefined || number <= 0) return value
    let exponent = Math.floor(Math.log(number / coefficient) / Math.log(base))
    // The quotient of logarithms may miss a bound by a hair.
    while (coefficient * base ** (exponent + 1) <= number) exponent++
    while (coefficient * base ** exponent > number) exponent--
    return `${formatNumber(coefficient * base ** exponent)}-${formatNumber(coefficient * base ** (exponent + 1))}`
  }
}

function timeBinner(
  span: TimeSpan,
  aligntime: string | undefined,
  context: Pick<RunContext, 'now' | 'timeZone' | 'earliest' | 'latest'>,
): Binner {
  const origin = alignment(aligntime, context)
  return (value) => {
    const time = numberOf(value)
    return time === undefined ? value : alignToSpan(time, span, context.timeZone, origin)
  }
}

/** The instant that bins are counted from. */
export function alignment(
  aligntime: string | undefined,
  { now, timeZone, earliest, latest }: Pick<RunContext, 'now' | 'timeZone' | 'earliest' | 'latest'>,
): number | undefined {
  switch (aligntime) {
    case undefined:
      return undefined
    case 'earliest':
      return earliest
    case 'latest':
      return latest ?? now
  }
  const time = parseTimeBound(aligntime, now, timeZone)
  if (time !== undefined) return time
  throw searchError(
    'bad-argument',
    `"aligntime" needs earliest, latest, an epoch or a relative time such as @d+5h, found "${aligntime}".`,
  )
}

/** Widens a range by the numbers of a column. */
export function widenRange(
  range: NumberRange | undefined,
  column: Column | undefined,
  length: number,
): NumberRange | undefined {
  let lowest = range?.lowest ?? Number.POSITIVE_INFINITY
  let highest = range?.highest ?? Number.NEGATIVE_INFINITY
  forEachNumber({ column, length, groups: new Uint32Array(length) }, (_group, number) => {
    lowest = Math.min(lowest, number)
    highest = Math.max(highest, number)
  })
  return lowest <= highest ? { lowest, highest } : undefined
}

/** The rows whose numbers lie between start and end, where a chart states them; texts stay. Search Reference: chart */
export function withinExtent(batch: Batch, field: string, binning: Binning | undefined): Batch {
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = binning ?? {}
  const column = batch.column(field)
  if (column === undefined || (start === Number.NEGATIVE_INFINITY && end === Number.POSITIVE_INFINITY))
    return batch
  return batch.filter(
    maskWhere(column, batch.length, (value) => {
      const number = numberOf(value)
      return number === undefined || (number >= start && number <= end)
    }),
  )
}

/** Whether values can be put into bins without having seen all of them. */
export const isBinnable = (binning: Binning): boolean => binning.span !== undefined
