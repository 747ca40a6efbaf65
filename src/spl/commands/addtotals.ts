// Adds the sum of each row's numbers, and a row with the sum of each column.

import { hasWildcard } from '../../base/text/wildcard.ts'
import { Batch } from '../../value/batch.ts'
import { nullColumn, plain, valueAt } from '../../value/column.ts'
import { union, without } from '../plan/wanted-fields.ts'
import type { ArgumentReader, Options } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import { readFieldNames } from './shared/field-names.ts'
import { ColumnSums, summedFields, sumOf } from './shared/sum-fields.ts'

const optionSchema = {
  col: 'boolean',
  fieldname: 'string',
  label: 'string',
  labelfield: 'string',
  row: 'boolean',
} as const

interface TotalsArguments {
  readonly options: Options<typeof optionSchema>
  readonly patterns: readonly string[]
}

export const addtotals = defineCommand<TotalsArguments>({
  name: 'addtotals',
  type: 'distributable streaming',
  summary: "Adds the sum of each row's numbers as a field, and with col=t a row with the sum of each column.",
  syntax:
    'addtotals [row=<bool>] [col=<bool>] [labelfield=<field>] [label=<string>] [fieldname=<field>] [<wc-field-list>]',
  options: {
    col: 'Whether a last row gets the sum of each column. Default: false.',
    fieldname: 'The name of the field with the sum of the row. Default: Total.',
    label: 'What the label of the last row says. Default: Total.',
    labelfield: 'The field of the last row that gets the label. Default: none.',
    row: 'Whether each row gets its sum. Default: true.',
  },
  examples: [
    {
      search: '* | addtotals fieldname=score a, b | table score',
      input: [
        { a: '1', b: '2', c: '9' },
        { a: '5', b: 'x' },
      ],
      output: [{ score: '3' }, { score: '5' }],
    },
    {
      search: '* | table h v | addtotals row=f col=t labelfield=h',
      input: [
        { h: 'a', v: '1' },
        { h: 'b', v: '2' },
      ],
      output: [
        { h: 'a', v: '1' },
        { h: 'b', v: '2' },
        { h: 'Total', v: '3' },
      ],
    },
  ],

  parse(reader: ArgumentReader) {
    const options: Options<typeof optionSchema> = {}
    const patterns: string[] = []
    while (!reader.isDone) {
      Object.assign(options, reader.options(optionSchema))
      const names = readFieldNames(reader)
      if (names.length === 0 && reader.peekOption() === undefined) break
      patterns.push(...names)
    }
    return { options, patterns }
  },

  needs({ options, patterns }, wanted) {
    if (patterns.length === 0 || patterns.some(hasWildcard)) return 'all'
    return union(without(wanted, options.row === false ? [] : [options.fieldname ?? 'Total']), patterns)
  },

  async *run({ options, patterns }, input, context) {
    const { row = true, col = false, fieldname = 'Total', label = 'Total', labelfield } = options
    const isSummed = summedFields(patterns)
    const sums = new ColumnSums((name) => isSummed(name) || (row && name === fieldname))
    let rows = 0
    for await (const batch of input) {
      context.signal.throwIfAborted()
      rows += batch.length
      const totalled = row ? withTotals(batch, isSummed, fieldname) : batch
      if (col) sums.add(totalled)
      yield totalled
    }
    if (col && rows > 0) yield Batch.fromRows([sums.row(labelfield, label)])
  },
})

function withTotals(batch: Batch, isSummed: (name: string) => boolean, output: string): Batch {
  const columns = batch.names().flatMap((name) => (isSummed(name) ? (batch.column(name) ?? nullColumn) : []))
  const totals = Array.from({ length: batch.length }, (_, row) =>
    sumOf(columns.map((column) => valueAt(column, row))),
  )
  return batch.with([[output, plain(totals)]])
}
