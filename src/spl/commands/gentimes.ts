// Makes a row for each span of time between two days.

import {
  applyRelativeTime,
  nextSpan,
  parseRelativeTime,
  parseTimeSpan,
  type TimeSpan,
} from '../../base/time/relative.ts'
import { strftime } from '../../base/time/strftime.ts'
import { localToEpoch } from '../../base/time/zone.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import { Batch, batchRows } from '../../value/batch.ts'
import type { Value } from '../../value/value.ts'
import type { ExpressionContext } from '../run/context.ts'
import { defineCommand } from './command.ts'

interface GentimesArguments {
  readonly start: string
  readonly end: string | undefined
  readonly increment: TimeSpan
}

export const gentimes = defineCommand<GentimesArguments>({
  name: 'gentimes',
  type: 'generating',
  summary: 'Makes a row with starttime and endtime for each day, or another span, between two times.',
  syntax: 'gentimes start=<timestamp> [end=<timestamp>] [increment=<increment>]',
  options: {
    start: 'MM/DD/YYYY[:HH:MM:SS], or a number of days from the start of today: start=-7.',
    end: 'In the same form; this time is not included. Default: the start of today.',
    increment: 'The length of a span: 30s, 10m, 1h, 2d. Default: 1d.',
  },
  examples: [
    {
      search: '| gentimes start=11/14/2023 end=11/16/2023 | table starttime endtime',
      output: [
        { starttime: '1699920000', endtime: '1700006399' },
        { starttime: '1700006400', endtime: '1700092799' },
      ],
    },
  ],

  parse(reader) {
    const {
      start,
      end,
      increment = '1d',
    } = reader.options({ start: 'string', end: 'string', increment: 'string' })
    const span =
      parseTimeSpan(/^\d+$/.test(increment) ? `${increment}s` : increment) ??
      reader.fail('bad-argument', `"increment" needs a time such as 1h or 1d, found "${increment}".`)
    return { start: start ?? reader.missing('start='), end, increment: span }
  },

  async *run({ start, end, increment }, _input, context) {
    const { timeZone, signal } = context
    const last = readTime(end ?? '0', context)
    let rows: Record<string, Value>[] = []
    for (let time = readTime(start, context); time < last; ) {
      const next = step(time, increment, timeZone)
      const human = (epoch: number): string => strftime(epoch, '%a %b %e %H:%M:%S %Y', timeZone)
      rows.push({ starttime: time, starthuman: human(time), endtime: next - 1, endhuman: human(next - 1) })
      time = next
      if (rows.length < batchRows) continue
      signal.throwIfAborted()
      yield Batch.fromRows(rows)
      rows = []
    }
    if (rows.length > 0) yield Batch.fromRows(rows)
  },
})

/** Spans below a day are exact lengths from the start on; longer ones keep to the local clock. */
function step(time: number, span: TimeSpan, zone: string): number {
  const isWholeDays =
    span.unit === 'day' || span.unit === 'week' || span.unit === 'month' || span.unit === 'year'
  if (!isWholeDays) return nextSpan(time, span, zone)
  const relative = parseRelativeTime(`+${span.amount}${span.unit}`)
  return relative === undefined ? nextSpan(time, span, zone) : applyRelativeTime(relative, time, zone)
}

function readTime(text: string, { now, timeZone }: ExpressionContext): number {
  if (/^[+-]?\d{1,6}$/.test(text)) {
    const days = Number(text)
    const shifted = parseRelativeTime(`@d${days < 0 ? '-' : '+'}${Math.abs(days)}d`)
    if (shifted !== undefined) return applyRelativeTime(shifted, now, timeZone)
  }
  const found = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?::(\d{1,2}):(\d{1,2}):(\d{1,2}))?$/.exec(text)
  if (found === null) {
    throw searchError('bad-argument', `gentimes needs a time such as 11/14/2023 or -7, found "${text}".`)
  }
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0))
  return localToEpoch({ year: year < 100 ? 2000 + year : year, month, day, hour, minute, second }, timeZone)
}
