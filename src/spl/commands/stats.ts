// Aggregates rows: one result row, or one for each combination of values of the BY fields.
// What each aggregate computes is in spl/stats/aggregates.

import { aggregateFields } from '../stats/aggregate-call.ts'
import { Aggregation } from '../stats/aggregation.ts'
import { defineCommand } from './command.ts'
import { readAggregateTerms } from './shared/aggregate-terms.ts'
import { groupRows, sortedGroups } from './shared/group-rows.ts'

const optionSchema = {
  allnum: 'boolean',
  dedup_splitvals: 'boolean',
  delim: 'string',
  partitions: 'integer',
} as const

export const stats = defineCommand({
  name: 'stats',
  type: 'transforming',
  summary: 'Aggregates rows: one result row, or one for each combination of values of the BY fields.',
  syntax:
    'stats [allnum=<bool>] (<aggregate>(<field> | eval(<expression>)) [AS <name>])... [BY <field-list>] [dedup_splitvals=<bool>]',
  options: {
    allnum: 'Gives null for a numerical aggregate of a group in which a value is no number. Default: false.',
    dedup_splitvals: 'Counts a row once for a value that a multivalue BY field has twice. Default: false.',
    delim: 'How a later nomv would join list() and values(). Accepted; it does not change the values.',
    partitions: 'Threads that Splunk reduces with. Accepted; it does not change the results.',
  },
  examples: [
    {
      search: '* | stats count, dc(user) AS users, values(user) AS user BY host',
      input: [
        { host: 'ws2', user: 'carol' },
        { host: 'ws1', user: 'bob' },
        { host: 'ws1', user: 'alice' },
        { user: 'dave' },
      ],
      output: [
        { host: 'ws1', count: '2', users: '2', user: ['alice', 'bob'] },
        { host: 'ws2', count: '1', users: '1', user: 'carol' },
      ],
      note: 'A row without a BY field is left out. Rows come in the order of the BY fields.',
    },
    {
      search: '* | stats count(eval(status>=400)) AS failed, sum(bytes_*) AS total_*',
      input: [
        { status: '200', bytes_in: '10', bytes_out: '1' },
        { status: '404', bytes_in: '5', bytes_out: '2' },
      ],
      output: [{ failed: '1', total_in: '15', total_out: '3' }],
    },
  ],

  parse: (reader) =>
    readAggregateTerms(reader, { wildcards: true, expressions: true, sparklines: true }, optionSchema),

  holdsBack: () => true,
  needs: ({ calls, by }) => aggregateFields(calls, by),

  async *run({ calls, by, options }, input, context) {
    if (options.delim !== undefined) {
      context.warn({
        code: 'no-effect',
        severity: 'warning',
        message: `The option delim="${options.delim}" has no effect: list() and values() give multivalue fields.`,
        labels: [],
        help: 'Join them with mvjoin().',
      })
    }
    const aggregation = new Aggregation(
      calls,
      by.map((name) => ({ name, whenNull: 'leave-out' })),
      context,
      { dedupSplitValues: options.dedup_splitvals ?? false, allNumbers: options.allnum ?? false },
    )
    for await (const batch of input) {
      context.signal.throwIfAborted()
      aggregation.add(batch)
    }
    yield* groupRows(aggregation, by, sortedGroups(aggregation, by))
  },
})
