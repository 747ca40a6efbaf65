// Adds what is known of the search to every row.

import { constant } from '../../value/column.ts'
import { without } from '../plan/wanted-fields.ts'
import { defineCommand } from './command.ts'

const added = ['info_min_time', 'info_max_time', 'info_sid', 'info_search_time']

export const addinfo = defineCommand({
  name: 'addinfo',
  type: 'distributable streaming',
  summary:
    'Adds the time range of the search as info_min_time and info_max_time, and its own time as info_search_time.',
  syntax: 'addinfo',
  examples: ['| makeresults | addinfo'],

  parse: () => ({}),

  needs: (_args, wanted) => without(wanted, added),

  async *run(_args, input, { earliest, latest, now }) {
    const columns = [
      ['info_min_time', constant(earliest === undefined ? '0.000' : earliest.toFixed(3))],
      ['info_max_time', constant(latest === undefined ? '+Infinity' : latest.toFixed(3))],
      ['info_search_time', constant(now.toFixed(3))],
      // The number of a search on a server; here the time tells searches apart.
      ['info_sid', constant(now.toFixed(3))],
    ] as const
    for await (const batch of input) yield batch.with(columns)
  },
})
