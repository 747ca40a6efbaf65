// Adds fields from a table to rows. Each distinct combination of values is looked up once.

import { suggest } from '../../base/suggest.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import type { Batch } from '../../value/batch.ts'
import { nullColumn, plain, valueAt, valuesOf } from '../../value/column.ts'
import { multivalue, numberOf, type Value } from '../../value/value.ts'
import type { LookupTable } from '../host.ts'
import { union } from '../plan/wanted-fields.ts'
import type { ArgumentReader } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import { findLookup } from './shared/find-lookup.ts'
import { rowKeys } from './shared/row-keys.ts'

/** A column of the table and the field of the rows that goes with it. */
interface FieldPair {
  readonly column: string
  readonly field: string
}

interface LookupArguments {
  readonly table: string
  readonly inputs: readonly FieldPair[]
  /** Absent: every column that is no input. */
  readonly outputs: readonly FieldPair[] | undefined
  /** OUTPUTNEW: a value that a row has already stays. */
  readonly keepsOld: boolean
  /** The field with the time by which a lookup with times is matched. */
  readonly timeField: string
}

export const lookup = defineCommand<LookupArguments>({
  name: 'lookup',
  type: 'distributable streaming',
  summary:
    'Adds fields from the rows of a lookup table that fit; several rows that fit give a multivalue field.',
  syntax:
    'lookup [local=<bool>] [update=<bool>] [event_time_field=<field>] <lookup-table-name> (<lookup-field> [AS <event-field>])… [(OUTPUT | OUTPUTNEW) (<lookup-destfield> [AS <event-destfield>])…]',
  options: {
    local: 'Accepted, and without effect: there is one machine.',
    update: 'Accepted, and without effect: a table does not change while a search runs.',
    event_time_field: 'The field with the time of the row, for lookups that have times. Default: _time.',
  },
  examples: [
    {
      search: '* | lookup assets.csv ip AS src OUTPUT owner, room AS place',
      input: [{ src: '10.0.0.1' }, { src: '10.0.0.2' }],
      lookups: { 'assets.csv': 'ip,owner,room\n10.0.0.1,alice,101\n' },
      output: [{ src: '10.0.0.1', owner: 'alice', place: '101' }, { src: '10.0.0.2' }],
    },
  ],

  parse(reader) {
    const schema = { local: 'boolean', update: 'boolean', event_time_field: 'string' } as const
    const before = reader.options(schema)
    const table = reader.requiredWord('the name of a lookup').text
    const { event_time_field: timeField = '_time' } = { ...before, ...reader.options(schema) }
    const inputs = readPairs(reader)
    if (inputs.length === 0) reader.missing('at least one field to look up')
    const keepsOld = reader.keyword('outputnew')
    const hasOutput = keepsOld || reader.keyword('output')
    const outputs = hasOutput ? readPairs(reader) : []
    return { table, inputs, outputs: outputs.length === 0 ? undefined : outputs, keepsOld, timeField }
  },

  needs: ({ inputs, outputs, timeField }, wanted) =>
    union(wanted, [timeField, ...[...inputs, ...(outputs ?? [])].map(({ field }) => field)]),

  async *run({ table: name, inputs, outputs: stated, keepsOld, timeField }, input, context) {
    const table = findLookup(context.lookups, name)
    checkColumns(table, inputs)
    const outputs = stated ?? otherColumns(table, inputs)
    checkColumns(table, outputs)
    const find = finder(table, inputs, outputs, timeField)
    for await (const batch of input) yield addColumns(batch, find(batch), outputs, keepsOld)
  },
})

function readPairs(reader: ArgumentReader): FieldPair[] {
  const pairs: FieldPair[] = []
  for (;;) {
    while (reader.punctuation(',')) {
      // Commas may be doubled or trailing.
    }
    const next = reader.peekWord()
    if (next === undefined || (!next.quoted && /^output(new)?$/i.test(next.text))) return pairs
    const column = reader.field()
    pairs.push({ column, field: reader.keyword('as') ? reader.field() : column })
  }
}

function checkColumns(table: LookupTable, pairs: readonly FieldPair[]): void {
  for (const { column } of pairs) {
    if (table.fields.includes(column)) continue
    const [nearest] = suggest(column, table.fields)
    throw searchError(
      'bad-argument',
      `The lookup "${table.name}" has no field "${column}".`,
      nearest === undefined
        ? `Its fields are ${table.fields.map((name) => `"${name}"`).join(', ')}.`
        : `Did you mean "${nearest}"?`,
    )
  }
}

const otherColumns = (table: LookupTable, inputs: readonly FieldPair[]): FieldPair[] =>
  table.fields
    .filter((column) => !inputs.some((input) => input.column === column))
    .map((column) => ({ column, field: column }))

/** What the table has for each row of a batch, by output; null where nothing fits. */
type Finder = (batch: Batch) => readonly (readonly Value[])[]

/** How many combinations of values are remembered: hostile logs may bring endless new ones. */
const mostRemembered = 50_000

function finder(
  table: LookupTable,
  inputs: readonly FieldPair[],
  outputs: readonly FieldPair[],
  timeField: string,
): Finder {
  const known = new Map<string, readonly Value[]>()
  const isTimed = table.isTimed === true
  const fields = inputs.map(({ field }) => field)
  const nothing: readonly Value[] = outputs.map(() => undefined)
  return (batch) => {
    const columns = inputs.map(({ column, field }) => [column, batch.column(field) ?? nullColumn] as const)
    const times = isTimed ? (batch.column(timeField) ?? nullColumn) : nullColumn
    const keys = rowKeys(batch, isTimed ? [...fields, timeField] : fields)
    return Array.from({ length: batch.length }, (_, row) => {
      const key = keys(row)
      // A row without one of the fields fits nothing.
      if (key === undefined) return nothing
      let found = known.get(key)
      if (found === undefined) {
        const values = columns.map(([name, column]) => [name, valueAt(column, row)] as const)
        const matches = table.match(values, numberOf(valueAt(times, row)))
        found = outputs.map(({ column }) =>
          multivalue(matches.flatMap((match) => match.get(column) ?? '').filter((cell) => cell !== '')),
        )
        if (known.size >= mostRemembered) known.clear()
        known.set(key, found)
      }
      return found
    })
  }
}

function addColumns(
  batch: Batch,
  found: readonly (readonly Value[])[],
  outputs: readonly FieldPair[],
  keepsOld: boolean,
): Batch {
  return batch.with(
    outputs.map(({ field }, index) => {
      const added = found.map((values) => values[index])
      if (!keepsOld) return [field, plain(added)] as const
      const old = valuesOf(batch.column(field) ?? nullColumn, batch.length)
      return [field, plain(added.map((value, row) => old[row] ?? value))] as const
    }),
  )
}
