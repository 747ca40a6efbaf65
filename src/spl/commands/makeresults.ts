// Makes rows out of nothing, or out of text in the search.

import { parseCsv } from '../../base/text/csv.ts'
import { searchError } from '../../diagnostics/diagnostic.ts'
import { Batch, batchRows } from '../../value/batch.ts'
import { constant } from '../../value/column.ts'
import type { Value } from '../../value/value.ts'
import { isJsonArray, isJsonObject, parseJson, printJson, valueOfJson } from '../eval/json.ts'
import { defineCommand } from './command.ts'
import { inBatches } from './shared/collect-rows.ts'

/** Karst stands where a Splunk server would; events say the same. */
const serverName = 'karst'

interface MakeresultsArguments {
  readonly count: number
  readonly annotates: boolean
  /** Absent: rows with a time alone. */
  readonly format: 'csv' | 'json' | undefined
  readonly data: string
}

export const makeresults = defineCommand<MakeresultsArguments>({
  name: 'makeresults',
  type: 'generating',
  summary: 'Makes rows that hold the time of the search, or rows from CSV or JSON text.',
  syntax:
    'makeresults [<int> | count=<int>] [annotate=<bool>] [splunk_server=<string>] [splunk_server_group=<string>] [format=(csv|json) data=<string>]',
  options: {
    count: 'How many rows. Default: 1.',
    annotate:
      'Whether rows also have splunk_server; _raw, host, source, sourcetype and splunk_server_group, which are null, are not there either way. Default: false.',
    splunk_server: 'Accepted, and without effect.',
    splunk_server_group: 'Accepted, and without effect.',
    format: 'How data is written.',
    data: 'The rows as text.',
  },
  examples: [
    '| makeresults count=3',
    {
      search: '| makeresults format=csv data="user,n\nalice,1\nbob,2" | table user n',
      output: [
        { user: 'alice', n: '1' },
        { user: 'bob', n: '2' },
      ],
    },
    {
      search: '| makeresults format=json data="[{\\"user\\":\\"alice\\",\\"n\\":1}]" | table user n',
      output: [{ user: 'alice', n: '1' }],
    },
  ],

  parse(reader) {
    const options = reader.options({
      count: 'integer',
      annotate: 'boolean',
      splunk_server: 'string',
      splunk_server_group: 'string',
      format: ['csv', 'json'],
      data: 'string',
    })
    const { format, data, annotate = false } = options
    const count = options.count ?? reader.integer() ?? 1
    if (count < 0)
      reader.fail('bad-argument', `makeresults needs a count that is not negative, found "${count}".`)
    if (format !== undefined && data === undefined) reader.missing('data= with the rows')
    return {
      count,
      annotates: annotate,
      format: data === undefined ? undefined : (format ?? 'csv'),
      data: data ?? '',
    }
  },

  async *run({ count, annotates, format, data }, _input, context) {
    const { now, signal } = context
    if (format !== undefined) {
      const rows = Batch.fromRows(format === 'csv' ? csvRows(data) : jsonRows(data))
      yield* inBatches(rows.with([['_time', constant(now)]]))
      return
    }
    for (let left = count; left > 0; left -= batchRows) {
      signal.throwIfAborted()
      yield new Batch(Math.min(left, batchRows), [
        ['_time', constant(now)],
        ...(annotates ? [['splunk_server', constant(serverName)] as const] : []),
      ])
    }
  },
})

function csvRows(data: string): Map<string, Value>[] {
  const [header = [], ...rows] = parseCsv(data)
  const names = header.map((name) => name.trim())
  return rows.map(
    (cells) => new Map(names.map((name, index) => [name, cells[index] === '' ? undefined : cells[index]])),
  )
}

function jsonRows(data: string): Map<string, Value>[] {
  const json = parseJson(data)
  const objects = json !== undefined && isJsonArray(json) ? json : [json]
  return objects.map((object, index) => {
    if (object === undefined || !isJsonObject(object)) {
      throw searchError(
        'bad-argument',
        `makeresults needs JSON objects in data=; entry ${index + 1} is none.`,
      )
    }
    return new Map<string, Value>([
      ['_raw', printJson(object)],
      ...[...object].map(([name, value]) => [name, valueOfJson(value)] as const),
    ])
  })
}
