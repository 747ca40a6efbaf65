// Adds moving averages: simple, exponential and weighted.

import { nullColumn, plain, valuesOf } from '../../value/column.ts'
import { numberOf } from '../../value/value.ts'
import { union, without } from '../plan/wanted-fields.ts'
import type { ArgumentReader } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import { readAlias, requiredFieldName } from './shared/field-names.ts'

interface Trend {
  readonly kind: 'sma' | 'ema' | 'wma'
  readonly period: number
  readonly field: string
  readonly output: string
}

export const trendline = defineCommand({
  name: 'trendline',
  type: 'centralized streaming',
  summary: 'Adds moving averages of fields: simple (sma), exponential (ema) or weighted (wma).',
  syntax: 'trendline (<sma|ema|wma><period>(<field>) [AS <name>])...',
  examples: [
    {
      search: '* | trendline sma2(x) AS trend, wma2(x)',
      input: [{ x: '1' }, { x: '4' }, { x: 'none' }, { x: '7' }],
      output: [
        { x: '1' },
        { x: '4', trend: '2.5', 'wma2(x)': '3' },
        { x: 'none' },
        { x: '7', trend: '5.5', 'wma2(x)': '6' },
      ],
      note: 'There is no average until so many numbers were seen. Rows without a number are passed over.',
    },
  ],

  parse(reader) {
    const trends: Trend[] = []
    while (!reader.isDone) {
      trends.push(readTrend(reader))
      reader.punctuation(',')
    }
    if (trends.length === 0) reader.missing('a moving average such as sma5(bytes)')
    return { trends }
  },

  needs: ({ trends }, wanted) =>
    union(
      without(
        wanted,
        trends.map(({ output }) => output),
      ),
      trends.map(({ field }) => field),
    ),

  async *run({ trends }, input) {
    const averages = trends.map(movingAverage)
    for await (const batch of input) {
      yield batch.with(
        trends.map(({ field, output }, index) => {
          const values = valuesOf(batch.column(field) ?? nullColumn, batch.length)
          const next = averages[index]!
          return [
            output,
            plain(
              values.map((value) => {
                const number = numberOf(value)
                return number === undefined ? undefined : next(number)
              }),
            ),
          ] as const
        }),
      )
    }
  },
})

function readTrend(reader: ArgumentReader): Trend {
  reader.skipBlanks()
  const start = reader.position
  const name = reader.match(/(?:sma|ema|wma)\d+(?=\s*\()/iy)
  if (name === undefined) {
    reader.fail('bad-argument', `A moving average such as sma5(bytes) was expected, found ${reader.found()}.`)
  }
  const kind = name.slice(0, 3).toLowerCase() as Trend['kind']
  const period = Number(name.slice(3))
  if (period < 2 || period > 10_000) {
    reader.fail(
      'bad-argument',
      `The period must be from 2 to 10000, found "${period}".`,
      reader.spanFrom(start),
    )
  }
  reader.punctuation('(')
  const field = requiredFieldName(reader)
  if (!reader.punctuation(')')) reader.missing('")"')
  return { kind, period, field, output: readAlias(reader) ?? `${name}(${field})` }
}

/** Makes the function that takes the numbers in turn and gives the average, once there are enough of them. */
function movingAverage({ kind, period }: Trend): (number: number) => number | undefined {
  if (kind === 'ema') {
    // The manual gives alpha to the average so far: EMA(t) = alpha * EMA(t-1) + (1 - alpha) * field(t).
    const alpha = 2 / (period + 1)
    let average: number | undefined
    let count = 0
    return (number) => {
      average = average === undefined ? number : alpha * average + (1 - alpha) * number
      return ++count >= period ? average : undefined
    }
  }
  const latest: number[] = []
  const weights = Array.from({ length: period }, (_, index) => (kind === 'sma' ? 1 : index + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return (number) => {
    latest.push(number)
    if (latest.length > period) latest.shift()
    if (latest.length < period) return undefined
    return latest.reduce((sum, value, index) => sum + value * weights[index]!, 0) / total
  }
}
