// Every aggregate, in alphabetical order. A test fails when a file of this folder is missing here.

import type { AggregateDefinition } from '../aggregate.ts'
import { avg } from './avg.ts'
import { count } from './count.ts'
import { dc } from './dc.ts'
import { earliest } from './earliest.ts'
import { earliestTime } from './earliest-time.ts'
import { estdc } from './estdc.ts'
import { estdcError } from './estdc-error.ts'
import { exactperc } from './exactperc.ts'
import { first } from './first.ts'
import { last } from './last.ts'
import { latest } from './latest.ts'
import { latestTime } from './latest-time.ts'
import { list } from './list.ts'
import { max } from './max.ts'
import { mean } from './mean.ts'
import { median } from './median.ts'
import { min } from './min.ts'
import { mode } from './mode.ts'
import { perDay } from './per-day.ts'
import { perHour } from './per-hour.ts'
import { perMinute } from './per-minute.ts'
import { perSecond } from './per-second.ts'
import { perc } from './perc.ts'
import { range } from './range.ts'
import { rate } from './rate.ts'
import { stdev } from './stdev.ts'
import { stdevp } from './stdevp.ts'
import { sum } from './sum.ts'
import { sumsq } from './sumsq.ts'
import { upperperc } from './upperperc.ts'
import { values } from './values.ts'
import { variance } from './var.ts'
import { varp } from './varp.ts'

/** All aggregates. `sparkline` is none: it draws one of these over time. */
export const aggregates: readonly AggregateDefinition[] = [
  avg,
  count,
  dc,
  earliest,
  earliestTime,
  estdc,
  estdcError,
  exactperc,
  first,
  last,
  latest,
  latestTime,
  list,
  max,
  mean,
  median,
  min,
  mode,
  perDay,
  perHour,
  perMinute,
  perSecond,
  perc,
  range,
  rate,
  stdev,
  stdevp,
  sum,
  sumsq,
  upperperc,
  values,
  variance,
  varp,
]

/** Aggregates that Splunk has and Karst refuses, with the reason. */
export const refusedAggregates: ReadonlyMap<string, string> = new Map([
  ['rate_avg', 'it needs the time series of metrics'],
  ['rate_sum', 'it needs the time series of metrics'],
])

const byName: ReadonlyMap<string, AggregateDefinition> = new Map(
  aggregates.flatMap((aggregate) =>
    [aggregate.name, ...(aggregate.aliases ?? [])].map((name) => [name, aggregate] as const),
  ),
)

/** An aggregate as it was named, with the number of a percentile. */
export interface NamedAggregate {
  readonly definition: AggregateDefinition
  readonly number: number | undefined
}

/** The aggregate of a name such as `count`, `dc`, `perc95` or `p99.9`, in any case. */
export function findAggregate(name: string): NamedAggregate | undefined {
  const folded = name.toLowerCase()
  const plain = byName.get(folded)
  if (plain !== undefined) return plain.takesNumber ? undefined : { definition: plain, number: undefined }
  const match = /^([a-z]+)(\d+(?:\.\d+)?)$/.exec(folded)
  const stem = match === null ? undefined : byName.get(match[1]!)
  const number = Number(match?.[2])
  if (stem?.takesNumber !== true || number > 100) return undefined
  return { definition: stem, number }
}

/** All names and aliases, for suggestions. */
export const aggregateNames = (): Iterable<string> => byName.keys()
