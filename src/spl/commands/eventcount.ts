// Counts the events of indexes, whatever the time range of the search.

import { compileWildcard } from '../../base/text/wildcard.ts'
import { Batch } from '../../value/batch.ts'
import { nullColumn } from '../../value/column.ts'
import { forEachText } from '../stats/each-value.ts'
import { sortTexts } from '../stats/text-order.ts'
import { defineCommand } from './command.ts'

const optionSchema = {
  list_federated_remote: 'boolean',
  list_vix: 'boolean',
  report_size: 'boolean',
  summarize: 'boolean',
} as const

interface EventcountArguments {
  /** Patterns of names; none: all indexes but internal ones. */
  readonly indexes: readonly string[]
  readonly summarizes: boolean
}

export const eventcount = defineCommand<EventcountArguments>({
  name: 'eventcount',
  type: 'generating',
  summary: 'Counts the events of indexes, whatever the time range of the search.',
  syntax: 'eventcount [index=<string>]... [summarize=<bool>]',
  options: {
    index:
      'The name of an index; * is a wildcard. May be given several times. Default: all but internal ones.',
    list_federated_remote: 'Accepted when false.',
    list_vix: 'Accepted: there are no virtual indexes.',
    summarize: 'Whether there is one count of all indexes, or one of each. Default: true.',
  },
  examples: ['| eventcount', '| eventcount summarize=f index=*'],
  missing: [
    'list_federated_remote=true: there are no remote indexes',
    'report_size=true: there is no index on disk whose size could be told',
  ],

  parse(reader) {
    const indexes: string[] = []
    let summarizes = true
    for (let option = reader.peekOption(); option !== undefined; option = reader.peekOption()) {
      if (option === 'index') {
        // Each one counts, while of other options the last one does.
        reader.match(/\s*index\s*=\s*/iy)
        indexes.push(reader.requiredWord('the name of an index').text)
        continue
      }
      if (!Object.hasOwn(optionSchema, option)) reader.options({ index: 'string', ...optionSchema })
      const given = reader.options(optionSchema, { stopAtUnknown: true })
      summarizes = given.summarize ?? summarizes
      if (given.report_size) reader.fail('unsupported', 'eventcount does not support report_size=true.')
      if (given.list_federated_remote) {
        reader.fail('unsupported', 'eventcount does not support list_federated_remote=true.')
      }
    }
    return { indexes, summarizes }
  },

  async *run({ indexes, summarizes }, _input, context) {
    const isCounted = indexes.length === 0 ? (name: string) => !name.startsWith('_') : matchesAny(indexes)
    const counts = new Map<string, number>()
    const { batches } = context.source.scan({ fields: new Set(['index']), signal: context.signal })
    for await (const batch of batches) {
      context.signal.throwIfAborted()
      const column = batch.column('index') ?? nullColumn
      forEachText(
        { column, length: batch.length, groups: new Uint32Array(batch.length) },
        (_group, index) => {
          if (isCounted(index)) counts.set(index, (counts.get(index) ?? 0) + 1)
        },
      )
    }
    if (summarizes) {
      yield Batch.fromRows([{ count: [...counts.values()].reduce((sum, count) => sum + count, 0) }])
      return
    }
    const rows = sortTexts([...counts.keys()]).map((index) => ({
      count: counts.get(index)!,
      index,
      provider: 'local',
      server: 'local',
    }))
    if (rows.length > 0) yield Batch.fromRows(rows)
  },
})

/** An internal index is counted only by a pattern that begins as its name does. */
function matchesAny(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map((pattern) => {
    const matches = compileWildcard(pattern, { ignoreCase: true })
    return (name: string) => matches(name) && name.startsWith('_') === pattern.startsWith('_')
  })
  return (name) => tests.some((test) => test(name))
}
