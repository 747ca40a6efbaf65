// Makes a row of each line of a table that is laid out as text in an event.

import { cleanKey } from '../../base/text/clean-key.ts'
import { Batch, batchRows } from '../../value/batch.ts'
import { nullColumn, plain, valuesOf } from '../../value/column.ts'
import { multivalue, textOf, type Value } from '../../value/value.ts'
import type { RunContext } from '../run/context.ts'
import type { ArgumentReader, Options } from '../syntax/argument-reader.ts'
import { defineCommand } from './command.ts'
import { readTextTable, type TextTableOptions, type TextTableRow } from './shared/text-table.ts'

const optionSchema = {
  conf: 'string',
  copyattrs: 'boolean',
  forceheader: 'integer',
  multitable: 'boolean',
  noheader: 'boolean',
  rmorig: 'boolean',
} as const

interface MultikvArguments {
  readonly table: TextTableOptions
  readonly copiesFields: boolean
  readonly keepsOriginals: boolean
  /** Absent: all columns. */
  readonly fields: readonly string[] | undefined
  /** A line is a row only with one of these texts; absent: every line. */
  readonly filter: readonly string[] | undefined
}

/** How many columns tables may have in all: their names are data, and data is hostile. */
const mostColumns = 2000

export const multikv = defineCommand<MultikvArguments>({
  name: 'multikv',
  type: 'distributable streaming',
  summary: 'Makes a row of each line of a table in _raw, with the fields that the header of the table names.',
  syntax:
    'multikv [copyattrs=<bool>] [fields <field-list>] [filter <term-list>] [forceheader=<int>] [multitable=<bool>] [noheader=<bool>] [rmorig=<bool>]',
  options: {
    copyattrs: 'Whether rows also get the fields of their event. Default: true.',
    fields: 'Only these columns become fields.',
    filter: 'Only lines with at least one of these texts become rows.',
    forceheader:
      'The number of the line with the names, from 1; empty lines do not count. Default: the first line of capitalized words, or else the first of words above one with numbers.',
    multitable:
      'Whether a line of capitalized words after an empty line is the header of a further table. Default: true.',
    noheader: 'There is no header: columns are called Column_1, Column_2, … Default: false.',
    rmorig: 'Whether the events themselves go; else each follows its rows. Default: true.',
  },
  missing: ['conf=: rules of multikv.conf'],
  leftOpen: [
    'How cells are told apart: by tabs or commas where the header has one, else by blanks.',
    'What a line with more or fewer words than columns gives: where the table is laid out in columns, each word goes to the name that it stands under; else words are taken in their order and the last column gets the rest. A warning says so when that is not clear.',
    'Which events have a table: one without a line that looks like a header gives no row, and a warning says so.',
    'What names become: everything but letters, digits and _ becomes _, and leading _ and digits go.',
  ],
  examples: [
    {
      search: '* | multikv | table Name Age Occupation',
      input: [{ _raw: 'Name     Age   Occupation\nJosh     42    SoftwareEngineer\nFrancine 35    CEO' }],
      output: [
        { Name: 'Josh', Age: '42', Occupation: 'SoftwareEngineer' },
        { Name: 'Francine', Age: '35', Occupation: 'CEO' },
      ],
    },
    {
      search: '* | multikv fields PID COMMAND filter splunkd | table PID COMMAND',
      input: [{ _raw: 'PID USER COMMAND\n1 root /sbin/init\n77 splunk splunkd -p 8089 start' }],
      output: [{ PID: '77', COMMAND: 'splunkd -p 8089 start' }],
      note: 'The last column gets what a line has more.',
    },
  ],

  parse(reader) {
    const options: Options<typeof optionSchema> = {}
    let fields: string[] | undefined
    let filter: string[] | undefined
    while (!reader.isDone) {
      const before = reader.position
      Object.assign(options, reader.options(optionSchema))
      if (fields === undefined && reader.keyword('fields')) fields = listUpTo(reader, ['filter'])
      else if (filter === undefined && reader.keyword('filter')) filter = listUpTo(reader, ['fields'])
      if (reader.position === before) break
    }
    const { conf, forceheader, noheader = false } = options
    if (conf !== undefined)
      reader.fail('unsupported', `multikv does not support conf="${conf}": multikv.conf is not read.`)
    if (forceheader !== undefined && forceheader < 1)
      reader.fail('bad-argument', `"forceheader" needs the number of a line from 1, found "${forceheader}".`)
    return {
      table: {
        header: noheader ? 'none' : (forceheader ?? 'auto'),
        multitable: !noheader && (options.multitable ?? true),
      },
      copiesFields: options.copyattrs ?? true,
      keepsOriginals: !(options.rmorig ?? true),
      fields,
      filter,
    }
  },

  async *run(args, input, context) {
    const judge = new Uncertainty(context)
    for await (const batch of input) yield* tableRows(batch, args, judge)
  },
})

/** Fields or texts up to an option or a keyword. */
function listUpTo(reader: ArgumentReader, stopWords: readonly string[]): string[] {
  const words: string[] = []
  while (reader.peekOption() === undefined) {
    while (reader.punctuation(',')) {
      // Commas may separate items.
    }
    const next = reader.peekWord()
    if (next === undefined || (!next.quoted && stopWords.includes(next.text.toLowerCase()))) break
    words.push(reader.word()!.text)
  }
  return words.length > 0 ? words : reader.missing('at least one item after "fields" or "filter"')
}

/** Says, once each, what could not be told from the layout alone. */
class Uncertainty {
  readonly #context: RunContext

  constructor(context: RunContext) {
    this.#context = context
  }

  noHeader(): void {
    this.#warn(
      'multikv found no header in an event, and left the event out.',
      'Name its line with forceheader=, or use noheader=true.',
    )
  }

  row(): void {
    this.#warn(
      'multikv met a line that has more or fewer words than columns and does not stand under them; its words were taken in their order.',
    )
  }

  tooMany(): void {
    this.#warn(`multikv met more than ${mostColumns} columns; the further ones were left out.`)
  }

  #warn(message: string, help?: string): void {
    this.#context.warn({
      code: 'suspicious',
      severity: 'warning',
      message,
      labels: [],
      ...(help === undefined ? {} : { help }),
    })
  }
}

function* tableRows(batch: Batch, args: MultikvArguments, judge: Uncertainty): Iterable<Batch> {
  const { table, filter, keepsOriginals } = args
  const raw = valuesOf(batch.column('_raw') ?? nullColumn, batch.length)
  /** The rows to come: the event that each comes from, and its line of the table; an event itself has none. */
  let made: { readonly event: number; readonly row: TextTableRow | undefined }[] = []
  for (const [event, value] of raw.entries()) {
    const rows = readTextTable(textOf(value) ?? '', table)
    if (rows === undefined) judge.noHeader()
    for (const row of rows ?? []) {
      if (filter !== undefined && !filter.some((text) => row.line.includes(text))) continue
      if (row.isUncertain) judge.row()
      made.push({ event, row })
      if (made.length < batchRows) continue
      yield rowsOf(batch, made, args, judge)
      made = []
    }
    if (keepsOriginals) made.push({ event, row: undefined })
  }
  if (made.length > 0) yield rowsOf(batch, made, args, judge)
}

function rowsOf(
  batch: Batch,
  made: readonly { readonly event: number; readonly row: TextTableRow | undefined }[],
  { copiesFields, fields }: MultikvArguments,
  judge: Uncertainty,
): Batch {
  const events = batch.gather(Uint32Array.from(made, ({ event }) => event))
  const columns = new Map<string, (string[] | undefined)[]>()
  made.forEach(({ row }, index) => {
    for (const [name, text] of row?.cells ?? []) {
      const field = cleanKey(name) || name
      if (fields !== undefined && !fields.includes(field) && !fields.includes(name)) continue
      let cells = columns.get(field)
      if (cells === undefined) {
        if (columns.size >= mostColumns) {
          judge.tooMany()
          continue
        }
        cells = new Array<string[] | undefined>(made.length)
        columns.set(field, cells)
      }
      const texts = cells[index]
      if (texts === undefined) cells[index] = [text]
      else texts.push(text)
    }
  })
  /** What a row has of its event where its line says nothing. */
  const copied = (name: string): readonly Value[] => {
    const values = valuesOf(events.column(name) ?? nullColumn, made.length)
    return copiesFields
      ? values
      : values.map((value, index) => (made[index]!.row === undefined ? value : undefined))
  }
  const lines = copied('_raw').map((value, index) => made[index]!.row?.line ?? value)
  const cells = [...columns].map(([name, texts]) => {
    const old = copied(name)
    return [name, plain(old.map((value, index) => multivalue(texts[index] ?? []) ?? value))] as const
  })
  const base = copiesFields
    ? events
    : new Batch(
        made.length,
        events.names().map((name) => [name, plain(copied(name))] as const),
        undefined,
        events.origins,
      )
  // Each row is one line of its event.
  const counts = valuesOf(base.column('linecount') ?? nullColumn, made.length)
  const linecount = plain(
    counts.map((value, index) => (made[index]!.row === undefined || value === undefined ? value : '1')),
  )
  return base.with([['linecount', linecount], ['_raw', plain(lines)], ...cells])
}
