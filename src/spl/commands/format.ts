// Turns all rows into the text of one search.

import { Batch } from '../../value/batch.ts'
import { constant } from '../../value/column.ts'
import { defineCommand } from './command.ts'
import { collectRows } from './shared/collect-rows.ts'
import { defaultPieces, emptySearch, type FormatPieces, formatRows } from './shared/format-results.ts'

interface FormatArguments {
  readonly pieces: FormatPieces
  readonly mvsep: string
  readonly emptystr: string
  /** 0: all. */
  readonly maxresults: number
}

export const format = defineCommand<FormatArguments>({
  name: 'format',
  type: 'transforming',
  summary:
    'Turns all rows into one search in the field "search", which a subsearch hands to the search around it.',
  syntax:
    'format [mvsep=<string>] [maxresults=<int>] [emptystr=<string>] ["<row prefix>" "<column prefix>" "<column separator>" "<column end>" "<row separator>" "<row end>"]',
  options: {
    mvsep: 'Joins the values of a multivalue field. Default: OR.',
    maxresults: 'How many rows are used; 0 stands for all. Default: 0.',
    emptystr: `The text for no rows. Default: ${emptySearch}.`,
  },
  examples: [
    {
      search: '* | table user host | format | table search',
      input: [{ user: 'alice', host: 'a' }, { user: 'bob' }],
      output: [{ search: '( ( host="a" AND user="alice" ) OR ( user="bob" ) )' }],
    },
  ],

  parse(reader) {
    const schema = { mvsep: 'string', maxresults: 'integer', emptystr: 'string' } as const
    let options = reader.options(schema)
    const words: string[] = []
    while (reader.peekWord() !== undefined) {
      words.push(reader.word()!.text)
      options = { ...options, ...reader.options(schema) }
    }
    if (words.length !== 0 && words.length !== 6) {
      reader.fail('bad-argument', `format takes six pieces of text or none, found ${words.length}.`)
    }
    const [
      rowPrefix = '',
      columnPrefix = '',
      columnSeparator = '',
      columnEnd = '',
      rowSeparator = '',
      rowEnd = '',
    ] = words
    const pieces = { rowPrefix, columnPrefix, columnSeparator, columnEnd, rowSeparator, rowEnd }
    const { mvsep = 'OR', maxresults = 0, emptystr = emptySearch } = options
    return { pieces: words.length === 0 ? defaultPieces : pieces, mvsep, maxresults, emptystr }
  },

  async *run({ pieces, mvsep, maxresults, emptystr }, input, context) {
    const rows = await collectRows(input, context, 'format')
    const text = formatRows([rows], pieces, mvsep, maxresults === 0 ? undefined : maxresults) ?? emptystr
    yield new Batch(1, [['search', constant(text)]])
  },
})
