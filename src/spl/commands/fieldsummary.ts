// Summarises fields: how often each is there, its distinct values, and the usual statistics of its numbers.

import { hasWildcard } from '../../base/text/wildcard.ts'
import { Batch } from '../../value/batch.ts'
import { type Column, nullColumn } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import { forEachNumber, forEachText, forEachValue } from '../stats/each-value.ts'
import { sampleVariance } from '../stats/spread.ts'
import { compareText, sortTexts } from '../stats/text-order.ts'
import { defineCommand } from './command.ts'
import { readFieldNames } from './shared/field-names.ts'
import { anyFieldTest, isInternal } from './shared/field-patterns.ts'

export const fieldsummary = defineCommand({
  name: 'fieldsummary',
  type: 'transforming',
  summary:
    'Summarises fields: how often each is there, its distinct values, and the statistics of its numbers.',
  syntax: 'fieldsummary [maxvals=<int>] [<wc-field-list>]',
  options: { maxvals: 'How many distinct values are listed for each field; 0 lists all. Default: 100.' },
  examples: [
    {
      search: '* | fieldsummary a | table field count distinct_count numeric_count values',
      input: [{ a: '7' }, { a: 'x' }, { a: 'x' }, { b: '1' }],
      output: [
        {
          field: 'a',
          count: '3',
          distinct_count: '2',
          numeric_count: '1',
          values: '[{"value":"x","count":2},{"value":"7","count":1}]',
        },
      ],
    },
  ],

  parse(reader) {
    const before = reader.options({ maxvals: 'integer' })
    const patterns = readFieldNames(reader)
    const { maxvals = 100 } = { ...before, ...reader.options({ maxvals: 'integer' }) }
    if (maxvals < 0)
      reader.fail('bad-argument', `"maxvals" needs a number of values, 0 or more, found "${maxvals}".`)
    return { patterns, maxValues: maxvals }
  },

  needs: ({ patterns }) => (patterns.length === 0 || patterns.some(hasWildcard) ? 'all' : new Set(patterns)),

  async *run({ patterns, maxValues }, input, context) {
    const isWanted = patterns.length === 0 ? (name: string) => !isInternal(name) : anyFieldTest(patterns)
    const summaries = new Map<string, FieldSummary>()
    for await (const batch of input) {
      context.signal.throwIfAborted()
      for (const name of batch.names()) {
        if (!isWanted(name)) continue
        let summary = summaries.get(name)
        if (summary === undefined) {
          summary = new FieldSummary()
          summaries.set(name, summary)
        }
        summary.add(batch.column(name) ?? nullColumn, batch.length)
      }
    }
    const rows = sortTexts([...summaries.keys()]).flatMap((name) => summaries.get(name)!.row(name, maxValues))
    if (rows.length > 0) yield Batch.fromRows(rows)
  },
})

/** What is counted of one field. */
class FieldSummary {
  #count = 0
  readonly #values = new Map<string, number>()
  #numbers = 0
  #mean = 0
  #squares = 0
  #lowest = Number.POSITIVE_INFINITY
  #highest = Number.NEGATIVE_INFINITY

  add(column: Column, length: number): void {
    const input = { column, length, groups: new Uint32Array(length) }
    forEachValue(input, () => {
      this.#count++
    })
    forEachText(input, (_group, text) => {
      this.#values.set(text, (this.#values.get(text) ?? 0) + 1)
    })
    forEachNumber(input, (_group, number) => {
      this.#numbers++
      const before = number - this.#mean
      this.#mean += before / this.#numbers
      this.#squares += before * (number - this.#mean)
      this.#lowest = Math.min(this.#lowest, number)
      this.#highest = Math.max(this.#highest, number)
    })
  }

  /** The result row; none for a field that no row has. */
  row(field: string, maxValues: number): ReadonlyMap<string, Value>[] {
    if (this.#count === 0) return []
    const ranked = [...this.#values].sort(([a, x], [b, y]) => y - x || compareText(a, b))
    const isExact = maxValues === 0 || ranked.length <= maxValues
    const listed = isExact ? ranked : ranked.slice(0, maxValues)
    const row = new Map<string, Value>([
      ['field', field],
      ['count', this.#count],
      ['distinct_count', ranked.length],
      ['is_exact', isExact ? 1 : 0],
    ])
    if (this.#numbers > 0) {
      row.set('max', this.#highest)
      row.set('mean', this.#mean)
      row.set('min', this.#lowest)
    }
    row.set('numeric_count', this.#numbers)
    if (this.#numbers > 0) row.set('stdev', Math.sqrt(sampleVariance(this.#squares, this.#numbers)))
    row.set('values', JSON.stringify(listed.map(([value, count]) => ({ value, count }))))
    return [row]
  }
}
