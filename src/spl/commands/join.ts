// Joins rows with the rows of a subsearch that have the same values in some fields.

import { Batch, batchRows } from '../../value/batch.ts'
import { type Column, nullColumn, plain, valueAt } from '../../value/column.ts'
import { numberOf } from '../../value/value.ts'
import { union } from '../plan/wanted-fields.ts'
import type { RunContext } from '../run/context.ts'
import type { ArgumentReader } from '../syntax/argument-reader.ts'
import type { Pipeline } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'
import { collectRows, inBatches } from './shared/collect-rows.ts'
import { isInternal } from './shared/field-patterns.ts'
import { readFieldsAndOptions } from './shared/fields-and-options.ts'
import { rowKeys } from './shared/row-keys.ts'
import { subsearchRows } from './shared/run-subsearch.ts'

/** `left=L right=R where L.user=R.name`: the fields of each side get its alias in front. */
interface Aliases {
  readonly left: string
  readonly right: string
  /** The fields to join on, without aliases, in pairs. */
  readonly leftFields: readonly string[]
  readonly rightFields: readonly string[]
}

interface JoinArguments {
  /** Empty: the fields that both sides have. */
  readonly fields: readonly string[]
  readonly aliases: Aliases | undefined
  readonly type: 'inner' | 'outer' | 'left'
  readonly overwrite: boolean
  /** 0: all. */
  readonly max: number
  readonly usetime: boolean
  readonly earlier: boolean
  readonly pipeline: Pipeline
}

export const join = defineCommand<JoinArguments>({
  name: 'join',
  type: 'centralized streaming',
  summary: 'Joins each row with the rows of a subsearch that have the same values in the listed fields.',
  syntax:
    'join [type=(inner|outer|left)] [usetime=<bool>] [earlier=<bool>] [overwrite=<bool>] [max=<int>] [<field-list> | left=<alias> right=<alias> where <alias>.<field>=<alias>.<field>…] <subsearch>',
  options: {
    type: 'inner drops rows without a match; outer and left, which are the same, keep them. Default: inner.',
    usetime: 'Whether the time of a match counts. Default: false.',
    earlier: 'With usetime: matches must not be later than the row; false: not earlier. Default: true.',
    overwrite: "Whether the subsearch's values win where both have a field. Default: true.",
    max: 'How many matches a row is joined with; 0 stands for all. Default: 1.',
    left: 'An alias for the rows before; with right= and where. Fields are then named alias.field.',
    right: 'An alias for the rows of the subsearch.',
  },
  examples: [
    {
      search: '* | join type=left user [| inputlookup users.csv]',
      input: [{ user: 'alice' }, { user: 'zed' }],
      lookups: { 'users.csv': 'user,team\nalice,red\nbob,blue\n' },
      output: [{ user: 'alice', team: 'red' }, { user: 'zed' }],
    },
  ],

  parse(reader) {
    const schema = {
      type: ['inner', 'outer', 'left'],
      usetime: 'boolean',
      earlier: 'boolean',
      overwrite: 'boolean',
      max: 'integer',
      left: 'string',
      right: 'string',
    } as const
    const leading = reader.options(schema)
    const aliases = readAliases(reader, leading.left, leading.right)
    const { fields, options: further } =
      aliases === undefined ? readFieldsAndOptions(reader, schema) : { fields: [], options: {} }
    const options = { ...leading, ...further }
    if (aliases === undefined && (options.left ?? options.right) !== undefined) {
      reader.fail('bad-argument', 'join needs left= and right= before the fields.')
    }
    const pipeline = reader.subsearch()
    const { type = 'inner', usetime = false, earlier = true, overwrite = true, max = 1 } = options
    if (max < 0) reader.fail('bad-argument', `join needs a max that is not negative, found "${max}".`)
    return { fields, aliases, type, overwrite, max, usetime, earlier, pipeline }
  },

  pipelines: ({ pipeline }) => [pipeline],
  needs: ({ fields, usetime }, wanted) =>
    fields.length === 0 ? 'all' : union(wanted, [...fields, ...(usetime ? ['_time'] : [])]),

  async *run(args, input, context) {
    const { fields, aliases, pipeline } = args
    const right = await rightRows(pipeline, context)
    if (aliases !== undefined) {
      const named = withAlias(right, aliases.right)
      const keys = (names: readonly string[], alias: string) => names.map((name) => `${alias}.${name}`)
      const joined = joiner(
        args,
        named,
        keys(aliases.leftFields, aliases.left),
        keys(aliases.rightFields, aliases.right),
      )
      for await (const batch of input) yield* joined(withAlias(batch, aliases.left))
      return
    }
    if (fields.length > 0) {
      const joined = joiner(args, right, fields)
      for await (const batch of input) yield* joined(batch)
      return
    }
    // Which fields both sides have is known only when all rows are.
    const left = await collectRows(input, context, 'join')
    const names = new Set(right.namesWithValues())
    const common = left.namesWithValues().filter((name) => names.has(name) && !isInternal(name))
    const joined = joiner(args, right, common)
    for (const batch of inBatches(left)) yield* joined(batch)
  },
})

/** The aliases and the pairs after `where`; undefined when there are none. */
function readAliases(
  reader: ArgumentReader,
  left: string | undefined,
  right: string | undefined,
): Aliases | undefined {
  if (left === undefined && right === undefined) return undefined
  if (left === undefined || right === undefined || !reader.keyword('where')) {
    return reader.missing('left=, right= and where together')
  }
  const leftFields: string[] = []
  const rightFields: string[] = []
  do {
    const one = reader.field(`a field such as ${left}.user`)
    if (!reader.punctuation('=')) reader.missing(`"=" after "${one}"`)
    const other = reader.field(`a field such as ${right}.user`)
    const isTurned = one.startsWith(`${right}.`)
    const [mine, theirs] = isTurned ? [other, one] : [one, other]
    if (!mine.startsWith(`${left}.`) || !theirs.startsWith(`${right}.`)) {
      reader.fail('bad-argument', `join needs "${left}.field=${right}.field", found "${one}=${other}".`)
    }
    leftFields.push(mine.slice(left.length + 1))
    rightFields.push(theirs.slice(right.length + 1))
    // Pairs are separated by blanks; content also writes AND or a comma.
    if (!reader.punctuation(',')) reader.keyword('and')
  } while (reader.peekWord() !== undefined)
  return { left, right, leftFields, rightFields }
}

/** The rows with the alias before every field that is not internal. */
const withAlias = (rows: Batch, alias: string): Batch =>
  new Batch(
    rows.length,
    rows
      .names()
      .map((name) => [isInternal(name) ? name : `${alias}.${name}`, rows.column(name) ?? nullColumn]),
  )

function rightRows(pipeline: Pipeline, context: RunContext): Promise<Batch> {
  const limits = {
    maxout: context.limits.joinSubsearchMaxout,
    maxSeconds: undefined,
    maxoutSetting: 'the limit join.subsearch_maxout',
  }
  return collectRows(subsearchRows(pipeline, limits, context, 'join'), context, 'join')
}

function joiner(
  { type, overwrite, max, usetime, earlier }: JoinArguments,
  right: Batch,
  fields: readonly string[],
  rightFields = fields,
): (left: Batch) => Iterable<Batch> {
  const index = new Map<string, number[]>()
  const rightKeys = rowKeys(right, rightFields)
  for (let row = 0; row < right.length; row++) {
    const key = rightKeys(row)
    if (key === undefined) continue
    const rows = index.get(key)
    if (rows === undefined) index.set(key, [row])
    else rows.push(row)
  }
  const rightTimes = right.column('_time') ?? nullColumn
  const isInTime = (leftTime: number | undefined, row: number): boolean => {
    const time = numberOf(valueAt(rightTimes, row))
    if (leftTime === undefined || time === undefined) return false
    return earlier ? time <= leftTime : time >= leftTime
  }
  const most = max === 0 ? Number.POSITIVE_INFINITY : max

  return function* (left) {
    const keys = rowKeys(left, fields)
    const times = left.column('_time') ?? nullColumn
    let leftRows: number[] = []
    // -1: no match.
    let rightRows: number[] = []
    for (let row = 0; row < left.length; row++) {
      const key = keys(row)
      let matches = (key === undefined ? undefined : index.get(key)) ?? []
      if (usetime) {
        const time = numberOf(valueAt(times, row))
        matches = matches.filter((match) => isInTime(time, match))
      }
      const kept = matches.length === 0 ? (type === 'inner' ? [] : [-1]) : matches
      for (let match = 0; match < kept.length && match < most; match++) {
        leftRows.push(row)
        rightRows.push(kept[match]!)
      }
      if (leftRows.length < batchRows) continue
      yield merge(left, leftRows, right, rightRows, fields, overwrite)
      leftRows = []
      rightRows = []
    }
    if (leftRows.length > 0) yield merge(left, leftRows, right, rightRows, fields, overwrite)
  }
}

/** Rows of both sides beside each other. Internal fields of the left side stay. */
function merge(
  left: Batch,
  leftRows: readonly number[],
  right: Batch,
  rightRows: readonly number[],
  keys: readonly string[],
  overwrite: boolean,
): Batch {
  const rows = left.gather(Uint32Array.from(leftRows))
  const columns: [string, Column][] = []
  for (const name of right.names()) {
    const added = right.column(name)
    if (added === undefined || keys.includes(name)) continue
    const mine = rows.column(name) ?? nullColumn
    const wins = overwrite && !isInternal(name)
    columns.push([
      name,
      plain(
        rightRows.map((match, row) => {
          const own = valueAt(mine, row)
          const other = match === -1 ? undefined : valueAt(added, match)
          return wins ? (other ?? own) : (own ?? other)
        }),
      ),
    ])
  }
  return rows.with(columns)
}
