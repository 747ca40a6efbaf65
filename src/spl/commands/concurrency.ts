// Counts for each row how many rows were in progress when it started.

import { nullColumn, plain, valuesOf } from '../../value/column.ts'
import { numberOf } from '../../value/value.ts'
import { union, without } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'
import { keepBatches } from './shared/keep-batches.ts'

export const concurrency = defineCommand({
  name: 'concurrency',
  type: 'dataset processing',
  summary: 'Counts for each row how many rows were in progress when it started, itself included.',
  syntax: 'concurrency duration=<field> [start=<field>] [output=<field>]',
  options: {
    duration: 'The field with the length of each row, in the unit of its start. Required.',
    output: 'The name of the field with the count. Default: concurrency.',
    start: 'The field with the start of each row. Default: _time.',
  },
  examples: [
    {
      search: '* | concurrency start=begin duration=length | table n concurrency',
      input: [
        { n: '1', begin: '0', length: '10' },
        { n: '2', begin: '5', length: '1' },
        { n: '3', begin: '8', length: '1' },
      ],
      output: [
        { n: '1', concurrency: '1' },
        { n: '2', concurrency: '2' },
        { n: '3', concurrency: '2' },
      ],
    },
  ],

  parse(reader) {
    const {
      duration,
      start = '_time',
      output = 'concurrency',
    } = reader.options({
      duration: 'string',
      output: 'string',
      start: 'string',
    })
    return { duration: duration ?? reader.missing('the option duration=<field>'), start, output }
  },

  needs: ({ duration, start, output }, wanted) => union(without(wanted, [output]), [duration, start]),

  async *run({ duration, start, output }, input, context) {
    const batches = await keepBatches(input, context, 'concurrency')
    const spans = batches.map((batch) => {
      const lengths = valuesOf(batch.column(duration) ?? nullColumn, batch.length)
      return valuesOf(batch.column(start) ?? nullColumn, batch.length).map((value, row) => {
        const begin = numberOf(value)
        const length = numberOf(lengths[row])
        return begin === undefined || length === undefined ? undefined : { begin, end: begin + length }
      })
    })
    const known = spans.flat().filter((span) => span !== undefined)
    const begins = Float64Array.from(known, ({ begin }) => begin).sort()
    const ends = Float64Array.from(known, ({ end }) => end).sort()
    for (const [index, batch] of batches.entries()) {
      // In progress at an instant: what began by then, less what had ended before.
      const counts = spans[index]!.map(
        (span) => span && countUpTo(begins, span.begin, true) - countUpTo(ends, span.begin, false),
      )
      yield batch.with([[output, plain(counts)]])
    }
  },
})

/** How many of the sorted numbers are below a bound, or equal to it where that counts. */
function countUpTo(sorted: Float64Array, bound: number, includesEqual: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const value = sorted[middle]!
    if (value < bound || (includesEqual && value === bound)) low = middle + 1
    else high = middle
  }
  return low
}
