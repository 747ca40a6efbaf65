// Puts the numbers or times of a field into bins.

import type { Batch } from '../../value/batch.ts'
import { nullColumn } from '../../value/column.ts'
import { mapOne } from '../eval/columns.ts'
import { union, without } from '../plan/wanted-fields.ts'
import type { Options } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import {
  type Binning,
  binOptionDocs,
  binOptionSchema,
  binSizesLeftOpen,
  compileBinning,
  isBinnable,
  type NumberRange,
  readBinning,
  widenRange,
} from './shared/binning.ts'
import { readAlias, readFieldName } from './shared/field-names.ts'
import { keepBatches } from './shared/keep-batches.ts'

interface BinArguments {
  readonly field: string
  readonly output: string
  readonly binning: Binning
}

/** limits.conf [discretize] default bins */
const defaultBins = 100

export const bin = defineCommand<BinArguments>({
  name: 'bin',
  aliases: ['bucket', 'discretize'],
  type: 'dataset processing',
  summary: 'Puts the numbers of a field into bins such as 10-20, or its times at the start of their bin.',
  syntax:
    'bin [bins=<int>] [span=<span>] [minspan=<span>] [start=<num>] [end=<num>] [aligntime=<time>] <field> [AS <name>]',
  options: binOptionDocs,
  leftOpen: [binSizesLeftOpen],
  examples: [
    {
      search: '* | bin x span=10 | table x',
      input: [{ x: '5' }, { x: '10' }, { x: 'unknown' }],
      output: [{ x: '0-10' }, { x: '10-20' }, { x: 'unknown' }],
    },
    {
      search: '* | bin _time span=1h AS hour | eval hour=strftime(hour, "%F %T") | table hour',
      input: [{ _time: '1700000000' }],
      output: [{ hour: '2023-11-14 22:00:00' }],
    },
    {
      search: '* | bin x span=log2 | table x',
      input: [{ x: '0' }, { x: '3' }, { x: '64' }],
      output: [{ x: '0' }, { x: '2-4' }, { x: '64-128' }],
    },
  ],

  parse(reader) {
    const given: Options<typeof binOptionSchema> = {}
    let field: string | undefined
    let output: string | undefined
    for (;;) {
      Object.assign(given, reader.options(binOptionSchema))
      if (field === undefined) {
        field = readFieldName(reader)
        if (field === undefined) break
      } else if (output === undefined) {
        output = readAlias(reader)
        if (output === undefined) break
      } else break
    }
    const name = field ?? reader.missing('a field')
    return { field: name, output: output ?? name, binning: readBinning(reader, given) ?? {} }
  },

  needs: ({ field, output }, wanted) => union(without(wanted, [output]), [field]),

  async *run({ field, output, binning }, input, context) {
    const binned = (batch: Batch, range: NumberRange | undefined): Batch => {
      const column = batch.column(field) ?? nullColumn
      const binner = compileBinning(field, binning, range, defaultBins, context)
      return batch.with([[output, mapOne(column, batch.length, binner)]])
    }
    if (isBinnable(binning)) {
      for await (const batch of input) yield binned(batch, undefined)
      return
    }
    let range: NumberRange | undefined
    const batches = await keepBatches(input, context, 'bin', (batch) => {
      range = widenRange(range, batch.column(field), batch.length)
    })
    for (const batch of batches) yield binned(batch, range)
  },
})
