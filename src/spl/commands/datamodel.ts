// Searches a dataset of a data model.

import { defineCommand } from './command.ts'
import { dataModelRows, findDataModel } from './shared/datasets.ts'

interface DatamodelArguments {
  readonly model: string
  readonly object: string | undefined
  readonly prefixed: boolean
}

export const datamodel = defineCommand<DatamodelArguments>({
  name: 'datamodel',
  type: 'generating',
  summary: 'Reads the events of a dataset of a data model, with its fields.',
  syntax:
    'datamodel <data model name> <dataset name> (search | flat) [strict_fields=<bool>] [allow_old_summaries=<bool>] [summariesonly=<bool>]',
  options: {
    search: 'Field names keep their prefix: Processes.dest.',
    flat: 'Field names stand without their prefix: dest.',
    strict_fields: 'Accepted: rows have the fields of the data model only, as with the default, true.',
    allow_old_summaries: 'Accepted, and without effect: there are no summaries.',
    summariesonly: 'Accepted, and without effect: there are no summaries.',
  },
  missing: ['the definition of models as JSON (no mode)', 'acceleration_search', 'strict_fields=false'],
  examples: ['| datamodel Endpoint search | table Endpoint.dest'],

  parse(reader) {
    const schema = {
      strict_fields: 'boolean',
      allow_old_summaries: 'boolean',
      summariesonly: 'boolean',
    } as const
    let options = reader.options(schema)
    const model = reader.requiredWord('the name of a data model').text
    const words: string[] = []
    while (reader.peekWord() !== undefined) {
      words.push(reader.word()!.text)
      options = { ...options, ...reader.options(schema) }
    }
    const mode = words.at(-1)?.toLowerCase()
    if (words.length > 2 || (mode !== 'search' && mode !== 'flat')) {
      reader.fail(
        'unsupported',
        'datamodel supports "search" and "flat" alone.',
        undefined,
        'Write: datamodel <model> <dataset> search.',
      )
    }
    if (options.strict_fields === false)
      reader.fail('unsupported', 'datamodel does not support strict_fields=false.')
    return { model, object: words.length === 2 ? words[0] : undefined, prefixed: mode === 'search' }
  },

  async *run({ model, object, prefixed }, _input, context) {
    yield* dataModelRows(findDataModel(context.dataModels, model, object), prefixed, context)
  },
})
