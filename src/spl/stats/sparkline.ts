// A line of values over time in one cell: the events of a group in time bins, each bin aggregated.

import { alignToSpan, type TimeSpan } from '../../base/time/relative.ts'
import { plain, valueAt } from '../../value/column.ts'
import { textOf, type Value } from '../../value/value.ts'
import type { Accumulator, AggregateInput } from './aggregate.ts'
import { timesOf } from './chosen-values.ts'
import { binStarts, chooseSpan } from './time-bins.ts'

export interface SparklineOptions {
  /** Makes what aggregates the events of a bin. */
  readonly create: () => Accumulator
  /** Undefined: the shortest span that gives at most `maxSize` bins. */
  readonly span: TimeSpan | undefined
  readonly maxSize: number
  readonly timeZone: string
  /** The time range of the search; where it is open, that of the events counts. */
  readonly earliest: number | undefined
  readonly latest: number | undefined
  warn(message: string): void
}

/** By this first text, displays know a cell that is a chart. Search Reference: stats (sparkline) */
export const sparklineMark = '##__SPARKLINE__##'

/** Keeps each event's time, group and value until the bins are known. */
export class Sparklines implements Accumulator {
  readonly #options: SparklineOptions
  readonly #times: number[] = []
  readonly #groups: number[] = []
  readonly #values: Value[] = []
  #drawn: { readonly bins: number; readonly points: Accumulator } | undefined

  constructor(options: SparklineOptions) {
    this.#options = options
  }

  add(input: AggregateInput): void {
    const timeOf = timesOf(input)
    for (let row = 0; row < input.length; row++) {
      this.#times.push(timeOf(row))
      this.#groups.push(input.groups[row]!)
      this.#values.push(input.column === undefined ? undefined : valueAt(input.column, row))
    }
  }

  merge(other: Sparklines, groupOf: Uint32Array): void {
    other.#groups.forEach((group, index) => {
      this.#times.push(other.#times[index]!)
      this.#groups.push(groupOf[group]!)
      this.#values.push(other.#values[index])
    })
  }

  result(group: number): Value {
    this.#drawn ??= this.#draw()
    const { bins, points } = this.#drawn
    return [
      sparklineMark,
      ...Array.from({ length: bins }, (_, bin) => textOf(points.result(group * bins + bin)) ?? ''),
    ]
  }

  #draw(): { bins: number; points: Accumulator } {
    const { create, maxSize, timeZone, warn } = this.#options
    const points = create()
    let first = Number.POSITIVE_INFINITY
    let last = Number.NEGATIVE_INFINITY
    for (const time of this.#times) {
      first = Math.min(first, time)
      last = Math.max(last, time)
    }
    if (this.#times.length === 0) return { bins: 0, points }
    const earliest = Math.min(first, this.#options.earliest ?? first)
    const latest = Math.max(last, this.#options.latest ?? last)
    const span = this.#options.span ?? chooseSpan(earliest, latest, maxSize)
    const starts = binStarts(earliest, latest, span, timeZone, maxSize) ?? []
    if (starts.length === 0) {
      warn(
        `A sparkline has more than ${maxSize} time bins (limit list_maxsize), so it is left empty. Use a longer span.`,
      )
      return { bins: 0, points }
    }
    const binOf = new Map(starts.map((start, bin) => [start, bin]))
    const groups = Uint32Array.from(
      this.#times,
      (time, index) => this.#groups[index]! * starts.length + binOf.get(alignToSpan(time, span, timeZone))!,
    )
    const groupCount = groups.reduce((most, group) => Math.max(most, group + 1), 0)
    const times = plain(this.#times)
    points.add({ length: groups.length, column: plain(this.#values), times, groups, groupCount })
    return { bins: starts.length, points }
  }
}
