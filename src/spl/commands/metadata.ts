// Counts events by host, source or sourcetype.

import { formatNumber } from '../../base/text/number.ts'
import { Batch } from '../../value/batch.ts'
import { numberOf, textsOf, type Value } from '../../value/value.ts'
import type { SearchExpression } from '../syntax/ast.ts'
import { defineCommand } from './command.ts'
import { inBatches } from './shared/collect-rows.ts'

const types = ['hosts', 'sources', 'sourcetypes'] as const
type Type = (typeof types)[number]

interface MetadataArguments {
  readonly type: Type
  readonly indexes: readonly string[]
}

export const metadata = defineCommand<MetadataArguments>({
  name: 'metadata',
  type: 'generating',
  summary:
    'Lists hosts, sources or sourcetypes with the number of their events and the times of the first and the last.',
  syntax:
    'metadata type=(hosts|sources|sourcetypes) [index=<index>]… [datatype=event] [splunk_server=<string>] [splunk_server_group=<string>]',
  options: {
    type: 'What to list.',
    datatype: 'event, which is all there is. Default: event.',
    index: 'The indexes to read; may be repeated. Default: all.',
    splunk_server: 'Accepted, and without effect: there is one machine.',
    splunk_server_group: 'Accepted, and without effect: there is one machine.',
  },
  missing: ['datatype=metric'],
  examples: [
    {
      search: '| metadata type=hosts | table host totalCount firstTime lastTime',
      input: [
        { _time: '30', host: 'a' },
        { _time: '20', host: 'b' },
        { _time: '10', host: 'a' },
      ],
      output: [
        { host: 'a', totalCount: '2', firstTime: '10', lastTime: '30' },
        { host: 'b', totalCount: '1', firstTime: '20', lastTime: '20' },
      ],
    },
  ],

  parse(reader) {
    const schema = {
      type: types,
      datatype: ['event', 'metric'],
      index: 'string',
      splunk_server: 'string',
      splunk_server_group: 'string',
    } as const
    const indexes: string[] = []
    let type: Type | undefined
    while (!reader.isDone) {
      // One at a time, as index= may be repeated.
      const name = reader.peekOption()
      if (name === 'index') {
        reader.match(/\w+\s*=/y)
        indexes.push(reader.field('an index'))
        continue
      }
      const before = reader.position
      const options = reader.options(schema)
      type = options.type ?? type
      if (options.datatype === 'metric')
        reader.fail('unsupported', 'metadata does not support datatype=metric: there are no metric indexes.')
      if (options.index !== undefined) indexes.push(options.index)
      if (reader.position === before) break
    }
    return { type: type ?? reader.missing(`type=${types.join(' or type=')}`), indexes }
  },

  async *run({ type, indexes }, _input, context) {
    const field = type.slice(0, -1)
    const terms = indexes.map(
      (value): SearchExpression => ({
        kind: 'Comparison',
        field: 'index',
        operator: '=',
        value,
        mode: 'plain',
        span: { start: 0, end: 0 },
      }),
    )
    const filter: SearchExpression | undefined = terms.length === 0 ? undefined : { kind: 'Or', terms }
    const groups = new Map<string, { count: number; first: number; last: number; recent: number }>()
    for await (const batch of context.scanEvents(filter, new Set([field, '_time', '_indextime', 'index']))) {
      for (let row = 0; row < batch.length; row++) {
        const time = numberOf(batch.value('_time', row)) ?? Number.NaN
        const indexed = numberOf(batch.value('_indextime', row)) ?? time
        for (const name of textsOf(batch.value(field, row))) {
          const group = groups.get(name)
          if (group === undefined) groups.set(name, { count: 1, first: time, last: time, recent: indexed })
          else {
            group.count++
            group.first = Math.min(group.first, time)
            group.last = Math.max(group.last, time)
            group.recent = Math.max(group.recent, indexed)
          }
        }
      }
    }
    const time = (epoch: number): Value => (Number.isNaN(epoch) ? undefined : formatNumber(epoch))
    const rows = [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { count, first, last, recent }]) => ({
        firstTime: time(first),
        [field]: name,
        lastTime: time(last),
        recentTime: time(recent),
        totalCount: count,
        type,
      }))
    yield* inBatches(Batch.fromRows(rows))
  },
})
