// Groups events into transactions and makes a row of each.

import { parseTimeSpan } from '../../base/time/relative.ts'
import { Batch, type ColumnReader, concatBatches } from '../../value/batch.ts'
import { type Column, nullColumn, plain, valuesOf } from '../../value/column.ts'
import { isMultivalue, multivalue, numberOf, textOf, textsOf, type Value } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import type { RunContext } from '../run/context.ts'
import type { ArgumentReader } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { compileEventFilter, type EventFilter, filterFields, readEventFilter } from './shared/event-filter.ts'
import { isInternal } from './shared/field-patterns.ts'
import type { Key } from './shared/open-transactions.ts'
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
  readonly maxevents: number | undefined
  readonly maxopentxn: number | undefined
  readonly maxopenevents: number | undefined
  readonly keepevicted: boolean
  readonly keeporphans: boolean
  /** All fields, some fields, or none are lists of every event's value instead of distinct values. */
  readonly mvlist: boolean | readonly string[]
  readonly mvraw: boolean
  readonly delim: string | undefined
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
    'transaction [<field-list>] [startswith=<filter>] [endswith=<filter>] [maxspan=<span>] [maxpause=<span>] [maxevents=<int>] [connected=<bool>] [unifyends=<bool>] [keepevicted=<bool>] [keeporphans=<bool>] [mvlist=(<bool>|<field-list>)] [mvraw=<bool>] [delim=<string>] [nullstr=<string>] [maxopentxn=<int>] [maxopenevents=<int>]',
  options: {
    startswith: 'The event that starts a transaction: "search terms", (search terms) or eval(expression).',
    endswith:
      'The event that ends a transaction. Groups that lack a start or an end that is asked for are dropped.',
    maxspan: 'The longest time from the first to the last event: 30s, 5m, 2h, 1d; -1 for any. Default: -1.',
    maxpause: 'The longest time between two events; -1 for any. Default: -1.',
    maxevents: 'How many events a transaction has at most; -1 for any number. Default: 1000.',
    connected:
      'Whether an event that has none of the values of a transaction, without contradicting it, begins a new one. Default: true.',
    unifyends:
      'Whether events that start or end must have one of the listed fields. Default: as connected, true.',
    keepevicted: 'Whether groups that lack their start or end, or were given up, are kept. Default: false.',
    keeporphans:
      'Whether events that are in no transaction that is given are kept, with _txn_orphan=1. Default: false.',
    mvlist:
      "Whether fields list each event's value in time order instead of distinct values in text order. Default: false.",
    mvraw: 'Whether _raw is a multivalue field. Default: false.',
    delim: 'Accepted, with a warning: a multivalue field has no second, single value here.',
    nullstr: 'What a list shows where an event lacks the field. Default: NULL.',
    maxopentxn:
      'How many transactions may be open at once; beyond, the least lately used is given up. Default: any number.',
    maxopenevents: 'How many events the open transactions may hold, likewise. Default: any number.',
  },
  missing: ['name=<transaction-name>: there are no transaction types'],
  leftOpen: [
    'Whether an event that lies exactly maxspan or maxpause away still belongs: it does.',
    'Which events are orphans where startswith or endswith is given: also those of groups that are dropped for want of either.',
    'How many transactions may be open when maxopentxn and maxopenevents are not given: any number, so that none is given up.',
  ],
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
      unifyends: options.unifyends ?? options.connected ?? true,
      maxspan: seconds(reader, 'maxspan', options.maxspan),
      maxpause: seconds(reader, 'maxpause', options.maxpause),
      maxevents: most(reader, 'maxevents', options.maxevents ?? 1000),
      maxopentxn: most(reader, 'maxopentxn', options.maxopentxn),
      maxopenevents: most(reader, 'maxopenevents', options.maxopenevents),
      keepevicted: options.keepevicted ?? false,
      keeporphans: options.keeporphans ?? false,
      mvlist:
        mvlist === undefined
          ? false
          : /^(t|true|1|f|false|0)$/i.test(mvlist)
            ? /^[t1]/i.test(mvlist)
            : mvlist.split(/[\s,]+/),
      mvraw: options.mvraw ?? false,
      delim: options.delim,
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
    if (args.delim !== undefined) {
      context.warn({
        code: 'no-effect',
        severity: 'warning',
        message: `The option delim="${args.delim}" has no effect: fields with several values are multivalue fields.`,
        labels: [],
        help: 'Join them with mvjoin().',
      })
    }
    const events = newestFirst(await collectRows(input, context, 'transaction'))
    const { closed, orphans } = buildTransactions(events, args, context)
    const isKept = ({ isComplete }: Transaction): boolean => isComplete || args.keepevicted
    const times = eventTimes(events)
    const rendered = render(events, inOrder(closed.filter(isKept), times), args, times)
    if (!args.keeporphans) {
      yield* inBatches(rendered)
      return
    }
    // What is in no transaction that is given: without any of the fields, or in a group that lacks its start or end.
    const left = closed.filter((transaction) => !isKept(transaction)).flatMap(({ rows }) => rows)
    const alone = [...orphans, ...left].sort((a, b) => a - b)
    yield* inBatches(concatBatches([rendered, renderOrphans(events, alone)]))
  },
})

/** A number of things; a negative one stands for no limit. */
function most(reader: ArgumentReader, option: string, count: number | undefined): number | undefined {
  if (count === 0) reader.fail('bad-argument', `"${option}" needs a number above 0, or -1 for no limit.`)
  return count === undefined || count < 0 ? undefined : count
}

/** A span of time; a negative one stands for no limit. */
function seconds(reader: ArgumentReader, option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^-\d+[a-z]*$/i.test(text)) return undefined
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
  const later = isOldestFirst ? -1 : 1
  // An event without a time is older than all others.
  const age = times.map((time) => (Number.isNaN(time) ? Number.POSITIVE_INFINITY : -time))
  const order = Uint32Array.from(age, (_, row) => row)
  const compare = (a: number, b: number): number =>
    age[a] === age[b] ? later * (a - b) : age[a]! < age[b]! ? -1 : 1
  if (order.every((row) => row === 0 || compare(row - 1, row) < 0)) return rows
  return rows.gather(order.sort(compare))
}

function buildTransactions(
  events: Batch,
  args: TransactionArguments,
  context: RunContext,
): TransactionBuilder {
  const { fields, startswith, endswith } = args
  const starts = startswith && compileEventFilter(startswith, context)(events)
  const ends = endswith && compileEventFilter(endswith, context)(events)
  const columns = fields.map((name) => keysOf(events.column(name) ?? nullColumn, events.length))
  const times = eventTimes(events)
  const builder = new TransactionBuilder(
    { ...args, hasStart: starts !== undefined, hasEnd: ends !== undefined },
    fields.length,
  )
  for (let row = 0; row < events.length; row++) {
    if (row % 65_536 === 0) context.signal.throwIfAborted()
    const keys = columns.map((values) => values[row])
    builder.add({ row, time: times[row]!, keys, starts: starts?.[row] === 1, ends: ends?.[row] === 1 })
  }
  builder.finish()
  return builder
}

/** Numbers that stand for the texts of a column, the same for the same text, by row. */
function keysOf(column: Column, length: number): readonly Key[] {
  const numbers = new Map<string, number>()
  const keyOfText = (text: string): number => {
    const known = numbers.get(text)
    if (known !== undefined) return known
    numbers.set(text, numbers.size)
    return numbers.size - 1
  }
  return valuesOf(column, length).map((value) => {
    const [first, ...others] = textsOf(value)
    if (first === undefined) return undefined
    return others.length === 0 ? keyOfText(first) : [...new Set([first, ...others].map(keyOfText))]
  })
}

/** In the order of results everywhere: the newest first, by the time that a row shows. */
function inOrder(transactions: readonly Transaction[], times: readonly number[]): Transaction[] {
  const shown = Float64Array.from(transactions, ({ rows }) => times[rows.at(-1)!]!)
  const order = Uint32Array.from(shown, (_, index) => index)
  order.sort((a, b) => shown[b]! - shown[a]! || transactions[a]!.rows[0]! - transactions[b]!.rows[0]!)
  return Array.from(order, (index) => transactions[index]!)
}

/** A row for each transaction: the first event's row with the fields of all of them, each made when it is asked for. */
function render(
  events: Batch,
  transactions: readonly Transaction[],
  args: TransactionArguments,
  times: readonly number[],
): Batch {
  // Most transactions have one event: no need to turn those around.
  const chronological = transactions.map(({ rows }) => (rows.length > 1 ? rows.toReversed() : rows))
  const first = events.gather(Uint32Array.from(chronological, (rows) => rows[0]!))
  const made = madeFields(events, chronological, transactions, args, times)
  const names = [...new Set([...events.names(), ...made.keys()])]
  const { origins } = events
  const reader: ColumnReader = {
    names: () => names,
    read: (name) => {
      const value = made.get(name)
      if (value !== undefined) return plain(chronological.map(value()))
      if (isInternal(name) && name !== '_raw') return first.column(name)
      const column = events.column(name)
      if (column === undefined) return undefined
      return plain(chronological.map(combinerOf(name, valuesOf(column, events.length), args)))
    },
  }
  return new Batch(
    chronological.length,
    [],
    reader,
    origins && ((row) => chronological[row]!.flatMap((member) => origins(member))),
  )
}

/** What makes one value of those of a transaction's events, the oldest first. */
function combinerOf(
  name: string,
  values: readonly Value[],
  { mvlist, mvraw, nullstr }: TransactionArguments,
): (rows: readonly number[]) => Value {
  const valuesAt = (rows: readonly number[]): readonly Value[] => rows.map((row) => values[row])
  if (name === '_raw') return (rows) => rawText(valuesAt(rows), mvraw)
  if (mvlist === true || (mvlist !== false && mvlist.includes(name)))
    return (rows) => everyValue(valuesAt(rows), nullstr)
  return (rows) => distinctValues(values, rows)
}

/** Makes one value of a transaction's rows, the oldest first. */
type ValueMaker = (rows: readonly number[], index: number) => Value

/** The fields that the command adds. */
function madeFields(
  events: Batch,
  chronological: readonly (readonly number[])[],
  transactions: readonly Transaction[],
  { fields }: TransactionArguments,
  times: readonly number[],
): ReadonlyMap<string, () => ValueMaker> {
  const fieldValues = (name: string): readonly Value[] =>
    valuesOf(events.column(name) ?? nullColumn, events.length)
  return new Map<string, () => ValueMaker>([
    ['duration', () => (rows) => difference(times[rows.at(-1)!]!, times[rows[0]!]!)],
    ['eventcount', () => (rows) => rows.length],
    ['closed_txn', () => (_, index) => (transactions[index]!.isClosed ? 1 : 0)],
    [
      'field_match_sum',
      () => {
        const counts = new Uint32Array(events.length)
        for (const name of fields) {
          for (const [row, value] of fieldValues(name).entries()) if (value !== undefined) counts[row]!++
        }
        return (_, index) => sumOf(chronological[index]!, counts)
      },
    ],
    [
      'linecount',
      () => {
        const lines = Uint32Array.from(fieldValues('_raw'), (raw) => (textOf(raw) ?? '').split('\n').length)
        return (_, index) => sumOf(chronological[index]!, lines)
      },
    ],
  ])
}

const sumOf = (rows: readonly number[], counts: Uint32Array): number =>
  rows.reduce((sum, row) => sum + counts[row]!, 0)

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
