// Groups events into transactions and makes a row of each.

import { parseTimeSpan } from '../../base/time/relative.ts'
import { Batch, concatBatches } from '../../value/batch.ts'
import { type Column, nullColumn, plain, valuesOf } from '../../value/column.ts'
import { isMultivalue, multivalue, numberOf, textOf, textsOf, type Value } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import type { RunContext } from '../run/context.ts'
import type { ArgumentReader } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { compileEventFilter, type EventFilter, filterFields, readEventFilter } from './shared/event-filter.ts'
import { isInternal } from './shared/field-patterns.ts'
import { type Transaction, TransactionBuilder } from './shared/transactions.ts'

interface TransactionArguments {
  readonly fields: readonly string[]
  readonly startswith: EventFilter | undefined
  readonly endswith: EventFilter | undefined
  readonly connected: boolean
  readonly unifyends: boolean
  /** Seconds. */
  readonly maxspan: number | undefined
  readonly maxpause: number | undefined
  readonly maxevents: number
  readonly keepevicted: boolean
  readonly keeporphans: boolean
  /** All fields, some fields, or none are lists of every event's value instead of distinct values. */
  readonly mvlist: boolean | readonly string[]
  readonly mvraw: boolean
  readonly nullstr: string
}

const schema = {
  connected: 'boolean',
  unifyends: 'boolean',
  maxspan: 'string',
  maxpause: 'string',
  maxevents: 'integer',
  keepevicted: 'boolean',
  keeporphans: 'boolean',
  mvlist: 'string',
  mvraw: 'boolean',
  delim: 'string',
  nullstr: 'string',
  maxopentxn: 'integer',
  maxopenevents: 'integer',
  name: 'string',
} as const

export const transaction = defineCommand<TransactionArguments>({
  name: 'transaction',
  type: 'centralized streaming',
  summary:
    'Groups events that share fields, or lie between a start and an end, and makes a row of each group.',
  syntax:
    'transaction [<field-list>] [startswith=<filter>] [endswith=<filter>] [maxspan=<span>] [maxpause=<span>] [maxevents=<int>] [connected=<bool>] [unifyends=<bool>] [keepevicted=<bool>] [keeporphans=<bool>] [mvlist=(<bool>|<field-list>)] [mvraw=<bool>] [delim=<string>] [nullstr=<string>]',
  options: {
    startswith: 'The event that starts a transaction: "search terms", (search terms) or eval(expression).',
    endswith:
      'The event that ends a transaction. Groups that lack a start or an end that is asked for are dropped.',
    maxspan: 'The longest time from the first to the last event: 30s, 5m, 2h, 1d; -1 for any. Default: -1.',
    maxpause: 'The longest time between two events. Default: -1.',
    maxevents: 'How many events a transaction has at most. Default: 1000.',
    connected: 'Whether an event without a field that the transaction has begins a new one. Default: true.',
    unifyends: 'Whether events that start or end must have one of the listed fields. Default: false.',
    keepevicted: 'Whether groups without their start or end are kept. Default: false.',
    keeporphans: 'Whether events without any of the fields are kept, with _txn_orphan=1. Default: false.',
    mvlist:
      "Whether fields list each event's value in time order instead of distinct values in text order. Default: false.",
    mvraw: 'Whether _raw is a multivalue field. Default: false.',
    delim: 'Accepted, and without effect: a multivalue field has no second, single value here.',
    nullstr: 'What a list shows where an event lacks the field. Default: NULL.',
    maxopentxn: 'Accepted, and without effect: open transactions are not evicted.',
    maxopenevents: 'Accepted, and without effect: open transactions are not evicted.',
  },
  missing: ['name=<transaction-name>'],
  examples: [
    {
      search:
        '* | transaction user startswith="act=login" endswith="act=logout" | table user act duration eventcount',
      input: [
        { _time: '130', user: 'alice', act: 'logout' },
        { _time: '120', user: 'bob', act: 'login' },
        { _time: '100', user: 'alice', act: 'login' },
      ],
      output: [{ user: 'alice', act: ['login', 'logout'], duration: '30', eventcount: '2' }],
    },
  ],

  parse(reader) {
    const fields: string[] = []
    let options = reader.options(schema, { stopAtUnknown: true })
    let startswith: EventFilter | undefined
    let endswith: EventFilter | undefined
    while (!reader.isDone) {
      const option = reader.peekOption()
      if (option === 'startswith' || option === 'endswith') {
        reader.match(/\w+\s*=/y)
        const filter = readEventFilter(reader, option)
        if (option === 'startswith') startswith = filter
        else endswith = filter
      } else if (option !== undefined) {
        options = { ...options, ...reader.options(schema, { stopAtUnknown: true }) }
        const next = reader.peekOption()
        if (next !== undefined && next !== 'startswith' && next !== 'endswith') reader.options(schema)
      } else if (!reader.punctuation(',')) {
        fields.push(reader.field())
      }
    }
    if (options.name !== undefined) {
      reader.fail('unsupported', 'transaction does not support name=: there are no transaction types.')
    }
    const { mvlist } = options
    return {
      fields,
      startswith,
      endswith,
      connected: options.connected ?? true,
      unifyends: options.unifyends ?? false,
      maxspan: seconds(reader, 'maxspan', options.maxspan),
      maxpause: seconds(reader, 'maxpause', options.maxpause),
      maxevents: options.maxevents ?? 1000,
      keepevicted: options.keepevicted ?? false,
      keeporphans: options.keeporphans ?? false,
      mvlist:
        mvlist === undefined
          ? false
          : /^(t|true|1|f|false|0)$/i.test(mvlist)
            ? /^[t1]/i.test(mvlist)
            : mvlist.split(/[\s,]+/),
      mvraw: options.mvraw ?? false,
      nullstr: options.nullstr ?? 'NULL',
    }
  },

  needs: ({ fields, startswith, endswith }, wanted) => {
    const raw = wanted !== 'all' && wanted.has('linecount') ? ['_raw'] : []
    const filters = [startswith, endswith].flatMap((filter) =>
      filter === undefined ? [] : [...filterFields(filter)],
    )
    return union(wanted, ['_time', ...fields, ...filters, ...raw])
  },

  async *run(args, input, context) {
    const events = newestFirst(await collectRows(input, context, 'transaction'))
    const { closed, orphans } = buildTransactions(events, args, context)
    const kept = closed.filter(({ isComplete }) => isComplete || args.keepevicted)
    // In the order of results everywhere: the newest first, by the time that a row shows.
    const times = eventTimes(events)
    const earliest = ({ rows }: Transaction): number => times[rows.at(-1)!] ?? Number.NaN
    kept.sort((a, b) => earliest(b) - earliest(a) || a.rows[0]! - b.rows[0]!)
    const rendered = render(events, kept, args, times)
    yield* inBatches(args.keeporphans ? concatBatches([rendered, renderOrphans(events, orphans)]) : rendered)
  },
})

function seconds(reader: ArgumentReader, option: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '-1') return undefined
  const span = parseTimeSpan(/^\d+$/.test(text) ? `${text}s` : text)
  const unit = span && { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 }[span.unit as string]
  if (span === undefined || unit === undefined) {
    return reader.fail('bad-argument', `"${option}" needs a time such as 30s, 5m, 2h or 1d, found "${text}".`)
  }
  return span.amount * unit
}

const eventTimes = (events: Batch): readonly number[] =>
  valuesOf(events.column('_time') ?? nullColumn, events.length).map((value) => numberOf(value) ?? Number.NaN)

/** Sorts by time. Events of the same time stay as they are, or are turned around where the input runs the other way. */
function newestFirst(rows: Batch): Batch {
  const times = eventTimes(rows)
  const isOldestFirst = rows.length > 1 && times[0]! < times[rows.length - 1]!
  const order = Uint32Array.from({ length: rows.length }, (_, row) =>
    isOldestFirst ? rows.length - 1 - row : row,
  )
  const place = new Map(Array.from(order, (row, index) => [row, index] as const))
  return rows.gather(order.sort((a, b) => times[b]! - times[a]! || place.get(a)! - place.get(b)!))
}

function buildTransactions(
  events: Batch,
  args: TransactionArguments,
  context: RunContext,
): TransactionBuilder {
  const { fields, startswith, endswith } = args
  const starts = startswith && compileEventFilter(startswith, context)(events)
  const ends = endswith && compileEventFilter(endswith, context)(events)
  const columns = fields.map((name) => valuesOf(events.column(name) ?? nullColumn, events.length))
  const times = eventTimes(events)
  const builder = new TransactionBuilder(
    { ...args, hasStart: starts !== undefined, hasEnd: ends !== undefined },
    fields.length,
  )
  for (let row = 0; row < events.length; row++) {
    if (row % 65_536 === 0) context.signal.throwIfAborted()
    const keys = columns.map((values) => (values[row] === undefined ? undefined : textsOf(values[row])))
    builder.add({ row, time: times[row]!, keys, starts: starts?.[row] === 1, ends: ends?.[row] === 1 })
  }
  builder.finish()
  return builder
}

/** A row for each transaction: the first event's row with the fields of all of them. */
function render(
  events: Batch,
  transactions: readonly Transaction[],
  args: TransactionArguments,
  times: readonly number[],
): Batch {
  const { mvlist, mvraw, nullstr, fields } = args
  const chronological = transactions.map(({ rows }) => rows.toReversed())
  const columns: [string, Column][] = []
  for (const name of events.names()) {
    if (isInternal(name) && name !== '_raw') continue
    const values = valuesOf(events.column(name) ?? nullColumn, events.length)
    const isList = mvlist === true || (mvlist !== false && mvlist.includes(name))
    const combine = (rows: readonly number[]): Value => {
      if (name === '_raw')
        return rawText(
          rows.map((row) => values[row]),
          mvraw,
        )
      return isList
        ? everyValue(
            rows.map((row) => values[row]),
            nullstr,
          )
        : distinctValues(values, rows)
    }
    columns.push([name, plain(chronological.map(combine))])
  }
  const made = (name: string, value: (rows: readonly number[], index: number) => Value): void => {
    columns.push([name, plain(chronological.map(value))])
  }
  const grouping = fields.map((name) => valuesOf(events.column(name) ?? nullColumn, events.length))
  const raws = valuesOf(events.column('_raw') ?? nullColumn, events.length)
  made('duration', (rows) => difference(times[rows.at(-1)!]!, times[rows[0]!]!))
  made('eventcount', (rows) => rows.length)
  made('closed_txn', (_, index) => (transactions[index]!.isClosed ? 1 : 0))
  made('field_match_sum', (rows) =>
    rows.reduce((sum, row) => sum + grouping.filter((values) => values[row] !== undefined).length, 0),
  )
  made('linecount', (rows) =>
    rows.reduce((sum, row) => sum + (textOf(raws[row]) ?? '').split('\n').length, 0),
  )
  const first = events.gather(Uint32Array.from(chronological, (rows) => rows[0]!))
  const origins = events.origins
  const reader = { names: () => first.names(), read: (name: string) => first.column(name) }
  return new Batch(
    first.length,
    columns,
    reader,
    origins && ((row) => chronological[row]!.flatMap((member) => origins(member))),
  )
}

/** Fractions of a second as they were written, without the noise of binary fractions. */
function difference(latest: number, earliest: number): Value {
  const duration = latest - earliest
  return Number.isNaN(duration) ? undefined : Math.round(duration * 1e6) / 1e6
}

function rawText(values: readonly Value[], isMultivalue: boolean): Value {
  const texts = values.flatMap((value) => textOf(value) ?? [])
  return isMultivalue || texts.length === 0 ? multivalue(texts) : texts.join('\n')
}

/** The distinct texts of some rows, in text order. Most transactions have one value in most fields. */
function distinctValues(values: readonly Value[], rows: readonly number[]): Value {
  let only: Value
  let isOne = true
  for (const row of rows) {
    const value = values[row]
    if (value === undefined || value === only) continue
    if (only !== undefined || isMultivalue(value)) isOne = false
    only ??= value
  }
  if (isOne) return only
  return multivalue([...new Set(rows.flatMap((row) => textsOf(values[row])))].sort())
}

function everyValue(values: readonly Value[], nullstr: string): Value {
  if (values.every((value) => value === undefined)) return undefined
  return multivalue(values.flatMap((value) => (value === undefined ? [nullstr] : textsOf(value))))
}

function renderOrphans(events: Batch, orphans: readonly number[]): Batch {
  const rows = events.gather(Uint32Array.from(orphans))
  return rows.with([['_txn_orphan', plain(orphans.map(() => 1))]])
}
