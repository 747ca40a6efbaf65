// Turns a table into rows: one for each cell.

import { Batch } from '../../value/batch.ts'
import { plain } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import type { ArgumentReader } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import { readFieldNames } from './shared/field-names.ts'
import { isInternal } from './shared/field-patterns.ts'

export const untable = defineCommand({
  name: 'untable',
  type: 'distributable streaming',
  summary: 'Turns a table into rows: one for each cell, with the name of its column and its value.',
  syntax: 'untable <x-field> <y-name-field> <y-data-field>',
  examples: [
    {
      search: '* | table host, ok, failed | untable host outcome count',
      input: [{ host: 'a', ok: '5', failed: '1' }],
      output: [
        { host: 'a', outcome: 'ok', count: '5' },
        { host: 'a', outcome: 'failed', count: '1' },
      ],
    },
  ],

  parse(reader: ArgumentReader) {
    const [x, name, data, ...others] = readFieldNames(reader)
    if (x === undefined || name === undefined || data === undefined || others.length > 0) {
      reader.fail(
        'missing-argument',
        'untable needs three fields: one that stays, one for the names, one for the values.',
      )
    }
    return { x, name, data }
  },

  needs: () => 'all',

  async *run({ x, name, data }, input) {
    for await (const batch of input) {
      const names = batch.names().filter((field) => field !== x && !isInternal(field))
      const columns: [Value[], Value[], Value[]] = [[], [], []]
      for (let row = 0; row < batch.length; row++) {
        const key = batch.value(x, row)
        if (key === undefined) continue
        for (const field of names) {
          const value = batch.value(field, row)
          if (value === undefined) continue
          columns[0].push(key)
          columns[1].push(field)
          columns[2].push(value)
        }
      }
      const length = columns[0].length
      if (length > 0)
        yield new Batch(
          length,
          [x, name, data].map((field, index) => [field, plain(columns[index]!)] as const),
        )
    }
  },
})
