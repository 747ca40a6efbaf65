// Searches a dataset of a data model, or shows how data models are defined.

import { Batch } from '../../value/batch.ts'
import { plain } from '../../value/column.ts'
import type { RunContext } from '../run/context.ts'
import { defineCommand } from './command.ts'
import { dataModelRows, findDataModel } from './shared/datasets.ts'

interface DatamodelArguments {
  /** Absent: the definitions of all models. */
  readonly model: string | undefined
  readonly object: string | undefined
  readonly mode: 'search' | 'flat' | 'definition'
  readonly allFields: boolean
}

export const datamodel = defineCommand<DatamodelArguments>({
  name: 'datamodel',
  type: 'generating',
  summary:
    'Reads the events of a dataset of a data model, with its fields; without a mode, its definition as JSON.',
  syntax:
    'datamodel [<data model name>] [<dataset name>] [search | flat] [strict_fields=<bool>] [allow_old_summaries=<bool>] [summariesonly=<bool>]',
  options: {
    search: 'Field names keep their prefix: Processes.dest.',
    flat: 'Field names stand without their prefix: dest.',
    strict_fields:
      'Whether rows have the fields of the data model only, or all fields of the events. Default: true.',
    allow_old_summaries: 'Accepted, and without effect: there are no summaries.',
    summariesonly: 'Accepted, and without effect: there are no summaries.',
  },
  missing: ['acceleration_search: there are no summaries'],
  examples: ['| datamodel Endpoint search | table Endpoint.dest'],

  parse(reader) {
    const schema = {
      strict_fields: 'boolean',
      allow_old_summaries: 'boolean',
      summariesonly: 'boolean',
    } as const
    let options = reader.options(schema)
    const words: string[] = []
    while (reader.peekWord() !== undefined) {
      const { text, span } = reader.word()!
      if (words.length === 3) reader.fail('bad-argument', `datamodel does not know "${text}".`, span)
      words.push(text)
      options = { ...options, ...reader.options(schema) }
    }
    const last = words.at(-1)?.toLowerCase()
    if (last === 'acceleration_search')
      reader.fail('unsupported', 'datamodel does not support acceleration_search: there are no summaries.')
    const hasMode = words.length > 1 && (last === 'search' || last === 'flat')
    if (words.length === 3 && !hasMode)
      reader.fail('bad-argument', `datamodel needs "search" or "flat" at the end, found "${words[2]}".`)
    const [model, object] = hasMode ? words.slice(0, -1) : words
    return {
      model,
      object,
      mode: hasMode ? (last as 'search' | 'flat') : 'definition',
      allFields: options.strict_fields === false,
    }
  },

  async *run({ model, object, mode, allFields }, _input, context) {
    if (mode === 'definition') yield definitions(model, object, context)
    else {
      const dataset = findDataModel(context.dataModels, model!, object)
      yield* dataModelRows(dataset, mode === 'search', context, allFields)
    }
  },
})

/** A row with the JSON of each model, or of the one that is asked for. */
function definitions(model: string | undefined, object: string | undefined, context: RunContext): Batch {
  const { dataModels } = context
  // Says so when there is none.
  if (model !== undefined) findDataModel(dataModels, model, object)
  const models = model === undefined ? [...dataModels.names()].sort() : [model]
  const texts = models.flatMap((name) => dataModels.definition?.(name, object) ?? [])
  return new Batch(texts.length, [['_raw', plain(texts)]])
}
