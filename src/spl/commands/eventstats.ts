// Aggregates rows as stats does and adds the results to each of them.

import { type Column, dict, plain } from '../../value/column.ts'
import { multivalue, textsOf, type Value } from '../../value/value.ts'
import { union, without } from '../plan/wanted-fields.ts'
import { aggregateFields } from '../stats/aggregate-call.ts'
import { type AggregateResult, Aggregation } from '../stats/aggregation.ts'
import type { GroupedRows } from '../stats/grouping.ts'
import { defineCommand } from './command.ts'
import { readAggregateTerms } from './shared/aggregate-terms.ts'
import { keepBatches } from './shared/keep-batches.ts'

export const eventstats = defineCommand({
  name: 'eventstats',
  type: 'dataset processing',
  summary: 'Aggregates rows as stats does and adds the results to each of them.',
  syntax:
    'eventstats [allnum=<bool>] (<aggregate>(<field> | eval(<expression>)) [AS <name>])... [BY <field-list>]',
  options: {
    allnum: 'Gives null for a numerical aggregate of a group in which a value is no number. Default: false.',
  },
  examples: [
    {
      search: '* | eventstats avg(bytes) AS usual BY user | where bytes > 2 * usual | table user bytes',
      input: [
        { user: 'a', bytes: '1' },
        { user: 'a', bytes: '1' },
        { user: 'a', bytes: '40' },
        { user: 'b', bytes: '40' },
      ],
      output: [{ user: 'a', bytes: '40' }],
    },
    {
      search: '* | eventstats count BY user | table n count',
      input: [{ n: '1', user: 'a' }, { n: '2' }],
      output: [{ n: '1', count: '1' }, { n: '2' }],
      note: 'A row without a BY field is kept and gets no result.',
    },
  ],

  parse: (reader) =>
    readAggregateTerms(reader, { wildcards: true, expressions: true }, { allnum: 'boolean' }),

  needs: ({ calls, by }, wanted) =>
    union(
      without(
        wanted,
        calls.map(({ output }) => output),
      ),
      aggregateFields(calls, by),
    ),

  async *run({ calls, by, options }, input, context) {
    const aggregation = new Aggregation(
      calls,
      by.map((name) => ({ name, whenNull: 'leave-out' })),
      context,
      { allNumbers: options.allnum ?? false },
    )
    const grouped: GroupedRows[] = []
    const batches = await keepBatches(input, context, 'eventstats', (batch) =>
      grouped.push(aggregation.add(batch)),
    )
    const results = aggregation.results().map((result) => byGroup(result, aggregation.grouping.count))
    for (const [index, batch] of batches.entries()) {
      yield batch.with(
        results.map(({ name, values }) => [name, rowValues(values, grouped[index]!, batch.length)] as const),
      )
    }
  },
})

/** A result by group; one place more is null, for rows in no group. */
function byGroup(
  { name, value }: AggregateResult,
  count: number,
): { name: string; values: readonly Value[] } {
  return {
    name,
    values: Array.from({ length: count + 1 }, (_, group) => (group < count ? value(group) : undefined)),
  }
}

/** The result of each row's group; of a row in several groups, the results of all; null for a row in none. */
function rowValues(values: readonly Value[], { rows, groups }: GroupedRows, length: number): Column {
  if (rows === undefined) return coded(values, groups)
  const none = values.length - 1
  const codes = new Uint32Array(length).fill(none)
  const several = new Map<number, Value>()
  rows.forEach((row, index) => {
    const value = values[groups[index]!]
    if (codes[row] === none) codes[row] = groups[index]!
    else
      several.set(row, multivalue([...textsOf(several.get(row) ?? values[codes[row]!]), ...textsOf(value)]))
  })
  if (several.size === 0) return coded(values, codes)
  return plain(Array.from(codes, (code, row) => several.get(row) ?? values[code]))
}

/** A dictionary is worth its size only when the rows outnumber it. */
function coded(values: readonly Value[], codes: Uint32Array): Column {
  return values.length <= codes.length
    ? dict(values, codes)
    : plain(Array.from(codes, (code) => values[code]))
}
