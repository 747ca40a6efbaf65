// Reads the rows of a dataset: of a data model, a lookup or a saved search.

import { defineCommand } from './command.ts'
import { type Dataset, datasetRows, readDataset } from './shared/datasets.ts'

export const from = defineCommand<{ readonly dataset: Dataset }>({
  name: 'from',
  type: 'generating',
  summary: 'Reads the events of a data model, with its fields, or the rows of a lookup or a saved search.',
  syntax: 'from (datamodel|lookup|savedsearch):<name> | (datamodel|lookup|savedsearch) <name>',
  missing: ['federated datasets'],
  examples: [
    {
      search: '| from lookup:assets.csv',
      lookups: { 'assets.csv': 'ip,owner\n10.0.0.1,alice\n' },
      output: [{ ip: '10.0.0.1', owner: 'alice' }],
    },
  ],

  parse: (reader) => ({ dataset: readDataset(reader) }),

  async *run({ dataset }, _input, context) {
    yield* datasetRows(dataset, context)
  },
})
