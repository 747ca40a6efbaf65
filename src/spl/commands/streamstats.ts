// Adds running aggregates to rows: over all rows so far, or over a window of the last ones.
// The running state is in spl/stats/running.ts.

import type { TimeSpan } from '../../base/time/relative.ts'
import type { Batch } from '../../value/batch.ts'
import { type Column, constant, nullColumn, plain, valueAt } from '../../value/column.ts'
import { numberOf, type Value } from '../../value/value.ts'
import { compilePredicate } from '../eval/compile.ts'
import { namedFields } from '../eval/named-fields.ts'
import { union, without } from '../plan/wanted-fields.ts'
import type { RunContext } from '../run/context.ts'
import { type AggregateCall, aggregateFields, aggregateOf } from '../stats/aggregate-call.ts'
import { createAccumulator, resultName } from '../stats/aggregation.ts'
import { compileArgument, matchingFields } from '../stats/argument-column.ts'
import { Grouping } from '../stats/grouping.ts'
import {
  Cumulative,
  type RunningRow,
  type RunningState,
  type RunningTerm,
  Windowed,
} from '../stats/running.ts'
import { spanSeconds } from '../stats/time-bins.ts'
import type { ArgumentReader } from '../syntax/argument-reader.ts'
import type { Expression } from '../syntax/ast.ts'
import { parseExpression } from '../syntax/parser.ts'
import { defineCommand } from './command.ts'
import { type AggregateTerms, readAggregateTerms } from './shared/aggregate-terms.ts'
import { readTimeSpan } from './shared/binning.ts'

const optionSchema = {
  allnum: 'boolean',
  current: 'boolean',
  global: 'boolean',
  reset_on_change: 'boolean',
  time_window: 'string',
  window: 'integer',
} as const

interface StreamstatsArguments extends AggregateTerms<typeof optionSchema> {
  readonly timeWindow: TimeSpan | undefined
  readonly resetBefore: Expression | undefined
  readonly resetAfter: Expression | undefined
}

export const streamstats = defineCommand<StreamstatsArguments>({
  name: 'streamstats',
  type: 'centralized streaming',
  summary: 'Adds running aggregates to rows: over all rows so far, or over a window of the last ones.',
  syntax:
    'streamstats [current=<bool>] [window=<int>] [time_window=<span>] [global=<bool>] [reset_on_change=<bool>] [reset_before=(<expression>)] [reset_after=(<expression>)] [allnum=<bool>] (<aggregate>(<field>) [AS <name>])... [BY <field-list>]',
  options: {
    allnum: 'Gives null for a numerical aggregate of rows in which a value is no number. Default: false.',
    current: 'Whether the row itself counts. Default: true.',
    global: 'Whether rows of all groups share one window. Only with window. Default: true.',
    reset_after: 'Starts anew after a row for which this expression is true; it may use the results.',
    reset_before: 'Starts anew before a row for which this expression is true.',
    reset_on_change:
      'Starts anew when the values of the BY fields change from one row to the next. Default: false.',
    time_window: 'Counts only rows that are less than this span of time away. Rows must be in order of time.',
    window: 'Counts only so many rows, the last ones. Default: 0, all.',
  },
  examples: [
    {
      search: '* | streamstats sum(bytes) AS total, count BY user | table user total count',
      input: [
        { user: 'a', bytes: '1' },
        { user: 'b', bytes: '10' },
        { user: 'a', bytes: '2' },
      ],
      output: [
        { user: 'a', total: '1', count: '1' },
        { user: 'b', total: '10', count: '1' },
        { user: 'a', total: '3', count: '2' },
      ],
    },
    {
      search: '* | streamstats current=f window=1 last(x) AS previous | table x previous',
      input: [{ x: '5' }, { x: '7' }],
      output: [{ x: '5' }, { x: '7', previous: '5' }],
    },
  ],

  parse(reader) {
    let resetBefore: Expression | undefined
    let resetAfter: Expression | undefined
    const terms = readAggregateTerms(
      reader,
      { wildcards: true, expressions: true },
      optionSchema,
      (option) => {
        if (option === 'reset_before') resetBefore = readCondition(reader)
        else if (option === 'reset_after') resetAfter = readCondition(reader)
        else return false
        return true
      },
    )
    const { window, time_window: timeWindow } = terms.options
    if (window !== undefined && window < 0) {
      reader.fail('bad-argument', `"window" needs a number of rows, 0 or more, found "${window}".`)
    }
    return {
      ...terms,
      timeWindow: timeWindow === undefined ? undefined : readTimeSpan(reader, 'time_window', timeWindow),
      resetBefore,
      resetAfter,
    }
  },

  needs({ calls, by, timeWindow, resetBefore, resetAfter }, wanted) {
    const made = calls.map(({ output }) => output)
    const conditions = [resetBefore, resetAfter].flatMap((condition) =>
      condition ? [...namedFields(condition)] : [],
    )
    const needed = union(aggregateFields(calls, by), timeWindow === undefined ? [] : ['_time'])
    return union(union(without(wanted, made), conditions), needed)
  },

  async *run(args, input, context) {
    const { calls, by, options, resetBefore, resetAfter } = args
    const terms = new Terms(calls, new Set(by), context, options.allnum ?? false)
    const state = runningState(args, terms.list)
    const grouping = new Grouping(by.map((name) => ({ name, whenNull: 'leave-out' })))
    const resetsBefore = resetBefore && compilePredicate(resetBefore, context)
    const resetsAfter = resetAfter && compilePredicate(resetAfter, context)
    const includesCurrent = options.current ?? true
    let before: string | undefined

    for await (const batch of input) {
      context.signal.throwIfAborted()
      const names = terms.namesFor(batch)
      const rows = runningRows(batch, grouping, terms)
      const results = names.map(() => new Array<Value>(batch.length).fill(undefined))
      const resets = resetsBefore?.(batch)
      rows.forEach((row, index) => {
        if (row.groups.length > 0) {
          const key = row.groups.join()
          if (options.reset_on_change && before !== undefined && before !== key) state.reset()
          before = key
        }
        if (resets?.[index] === 1) state.reset()
        if (row.groups.length === 0) return
        if (includesCurrent) state.add(row)
        const values = state.results(row)
        names.forEach((_, term) => {
          results[term]![index] = values[term]
        })
        if (!includesCurrent) state.add(row)
        if (resetsAfter === undefined) return
        const shown = batch
          .slice(index, index + 1)
          .with(names.map((name, term) => [name, constant(values[term])]))
        if (resetsAfter(shown)[0] === 1) state.reset()
      })
      yield batch.with(names.map((name, term) => [name, plain(results[term]!)]))
    }
  },
})

function runningState(
  { options, timeWindow }: StreamstatsArguments,
  terms: readonly RunningTerm[],
): RunningState {
  const rows = options.window === 0 ? undefined : options.window
  const seconds = timeWindow === undefined ? undefined : spanSeconds(timeWindow)
  if (rows === undefined && seconds === undefined) return new Cumulative(terms)
  return new Windowed(terms, { rows, seconds, byGroup: options.global === false })
}

/** The aggregates of the command; a wildcard gets one for each field that turns up. */
class Terms {
  readonly list: RunningTerm[] = []
  readonly #names: string[] = []
  readonly #columns: ((batch: Batch) => Column | undefined)[] = []
  readonly #calls: readonly AggregateCall[]
  readonly #by: ReadonlySet<string>
  readonly #context: RunContext
  readonly #allNumbers: boolean

  constructor(
    calls: readonly AggregateCall[],
    by: ReadonlySet<string>,
    context: RunContext,
    allNumbers: boolean,
  ) {
    this.#calls = calls
    this.#by = by
    this.#context = context
    this.#allNumbers = allNumbers
    for (const call of calls) {
      if (call.argument.kind !== 'wildcard')
        this.#add(call, call.output, compileArgument(call.argument, context))
    }
  }

  /** The names of all results, those of the batch's fields that match a wildcard included. */
  namesFor(batch: Batch): readonly string[] {
    for (const call of this.#calls) {
      if (call.argument.kind !== 'wildcard') continue
      for (const field of matchingFields(batch, call.argument.pattern, this.#by)) {
        const name = resultName(call, field)
        if (!this.#names.includes(name)) this.#add(call, name, (rows) => rows.column(field))
      }
    }
    return this.#names
  }

  /** What the aggregates look at, in their order. */
  columns(batch: Batch): readonly Column[] {
    return this.#columns.map((column) => column(batch) ?? nullColumn)
  }

  #add(call: AggregateCall, name: string, column: (batch: Batch) => Column | undefined): void {
    const { definition } = aggregateOf(call)
    this.#names.push(name)
    this.#columns.push(column)
    this.list.push({
      create: () => createAccumulator(call, this.#context),
      usesTime: definition.usesTime === true,
      numbersOnly: this.#allNumbers && definition.isNumeric === true,
    })
  }
}

/** What the aggregates see of each row of a batch; a row without a BY field is in no group. */
function runningRows(batch: Batch, grouping: Grouping, terms: Terms): readonly RunningRow[] {
  const { rows, groups } = grouping.assign(batch)
  const groupsOf = Array.from({ length: batch.length }, (): number[] => [])
  for (const [index, group] of groups.entries()) groupsOf[rows?.[index] ?? index]!.push(group)
  const columns = terms.columns(batch)
  const times = batch.column('_time') ?? nullColumn
  return groupsOf.map((ofRow, row) => ({
    groups: ofRow,
    values: columns.map((column) => valueAt(column, row)),
    time: numberOf(valueAt(times, row)),
  }))
}

/**
 * Reads the condition of an option: `reset_after=(x=1)`, `reset_after="(x=1)"`, or as the manual writes it, with each
 * parenthesis in quotation marks of its own and those inside escaped: `reset_after="("match(x,\"a\")")"`.
 */
function readCondition(reader: ArgumentReader): Expression {
  reader.match(/\s*\w+/y)
  reader.punctuation('=')
  reader.skipBlanks()
  if (reader.peek() !== '"') return reader.expression()
  const { value } = reader.quoted('"')
  if (value.trim() !== '(') return parseExpression(value, reader.command)
  const start = reader.position
  const condition = /^(.*?)(?<!\\)"\)"/s.exec(reader.text.slice(start, reader.end))
  if (condition === null) reader.fail('syntax', 'The parenthesis is never closed.')
  reader.position = start + condition[0].length
  return parseExpression(condition[1]!.replaceAll('\\"', '"'), reader.command)
}
