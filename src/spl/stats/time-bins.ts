// How long time bins are when a search does not say: the shortest of a fixed list that gives few enough bins.

import { alignToSpan, nextSpan, type TimeSpan } from '../../base/time/relative.ts'

/** The spans that Splunk chooses from, shortest first. Search Reference: timechart (default time spans, minspan) */
const spans: readonly TimeSpan[] = [
  { amount: 1, unit: 'second' },
  { amount: 5, unit: 'second' },
  { amount: 10, unit: 'second' },
  { amount: 30, unit: 'second' },
  { amount: 1, unit: 'minute' },
  { amount: 5, unit: 'minute' },
  { amount: 10, unit: 'minute' },
  { amount: 30, unit: 'minute' },
  { amount: 1, unit: 'hour' },
  { amount: 1, unit: 'day' },
  { amount: 1, unit: 'month' },
]

const unitSeconds: Readonly<Record<TimeSpan['unit'], number>> = {
  microsecond: 1e-6,
  millisecond: 1e-3,
  centisecond: 1e-2,
  decisecond: 0.1,
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 7 * 86_400,
  month: 30 * 86_400,
  quarter: 91 * 86_400,
  year: 365 * 86_400,
}

/** How long a span is, in seconds; months and years as their usual length. */
export const spanSeconds = ({ amount, unit }: TimeSpan): number => amount * unitSeconds[unit]

/**
 * The shortest span that covers a range with at most `maxBins` bins.
 * @param latest the last instant of the range, exclusive
 */
export function chooseSpan(earliest: number, latest: number, maxBins: number, minSpan?: TimeSpan): TimeSpan {
  const shortest = minSpan === undefined ? 0 : spanSeconds(minSpan)
  const length = latest - earliest
  const fitting = spans.find((span) => spanSeconds(span) >= shortest && length / spanSeconds(span) <= maxBins)
  if (fitting !== undefined) return fitting
  // Beyond the list, years in numbers that are easy to read.
  const years = Math.max(1, Math.ceil(length / unitSeconds.year / maxBins))
  return { amount: years, unit: 'year' }
}

/**
 * The starts of the bins that cover a range, in order.
 * @param latest the last instant, inclusive
 * @returns undefined when there would be more than `mostBins`
 */
export function binStarts(
  earliest: number,
  latest: number,
  span: TimeSpan,
  zone: string,
  mostBins: number,
  aligntime?: number,
): readonly number[] | undefined {
  const starts: number[] = []
  for (
    let start = alignToSpan(earliest, span, zone, aligntime);
    start <= latest;
    start = nextSpan(start, span, zone)
  ) {
    if (starts.length === mostBins) return undefined
    starts.push(start)
  }
  return starts
}
