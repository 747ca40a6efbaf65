// Adds a row with the sum of each column.

import { hasWildcard } from '../../base/text/wildcard.ts'
import { Batch } from '../../value/batch.ts'
import { union } from '../plan/wanted-fields.ts'
import type { ArgumentReader, Options } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import { readFieldNames } from './shared/field-names.ts'
import { ColumnSums, summedFields } from './shared/sum-fields.ts'

const optionSchema = { label: 'string', labelfield: 'string' } as const

interface ColumnTotalsArguments {
  readonly options: Options<typeof optionSchema>
  readonly patterns: readonly string[]
}

export const addcoltotals = defineCommand<ColumnTotalsArguments>({
  name: 'addcoltotals',
  type: 'dataset processing',
  summary: 'Adds a last row with the sum of each column that has numbers.',
  syntax: 'addcoltotals [labelfield=<field>] [label=<string>] [<wc-field-list>]',
  options: {
    label: 'What the label of the row says. Default: Total.',
    labelfield: 'The field of the row that gets the label. Default: none.',
  },
  examples: [
    {
      search: '* | table host bytes | addcoltotals labelfield=host label=ALL',
      input: [
        { host: 'a', bytes: '1' },
        { host: 'b', bytes: '2' },
      ],
      output: [
        { host: 'a', bytes: '1' },
        { host: 'b', bytes: '2' },
        { host: 'ALL', bytes: '3' },
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

  needs: ({ patterns }, wanted) =>
    patterns.length === 0 || patterns.some(hasWildcard) ? 'all' : union(wanted, patterns),

  async *run({ options: { label = 'Total', labelfield }, patterns }, input) {
    const sums = new ColumnSums(summedFields(patterns))
    let rows = 0
    for await (const batch of input) {
      rows += batch.length
      sums.add(batch)
      yield batch
    }
    if (rows > 0) yield Batch.fromRows([sums.row(labelfield, label)])
  },
})
