// Datasets that commands name: `datamodel:Endpoint.Processes`, `lookup:assets.csv`, `savedsearch:"Failed logons"`.

import { suggest } from '../../../base/suggest.ts'
import { searchError } from '../../../diagnostics/diagnostic.ts'
import { Batch, batchRows } from '../../../value/batch.ts'
import { constant, dictOf } from '../../../value/column.ts'
import { multivalue } from '../../../value/value.ts'
import type { DataModelDataset, DataModels, LookupCell, LookupTable } from '../../host.ts'
import type { RunContext } from '../../run/context.ts'
import type { ArgumentReader } from '../../syntax/argument-reader.ts'
import { findLookup } from './find-lookup.ts'
import { findSavedSearch, runSavedSearch } from './saved-search.ts'

export type Dataset =
  | { readonly kind: 'datamodel'; readonly model: string; readonly object: string | undefined }
  | { readonly kind: 'lookup'; readonly name: string }
  | { readonly kind: 'savedsearch'; readonly name: string }

/** Reads `type:name`, `type:"name"` or `type name`. */
export function readDataset(reader: ArgumentReader): Dataset {
  const word = reader.requiredWord('a dataset such as datamodel:Endpoint.Processes')
  const [, type = word.text, rest = ''] = /^([^:]+):(.*)$/s.exec(word.text) ?? []
  const name = rest === '' ? reader.requiredWord(`the name of the ${type}`).text : rest
  switch (type.toLowerCase()) {
    case 'datamodel': {
      const [model = '', ...path] = name.split('.')
      return { kind: 'datamodel', model, object: path.length === 0 ? undefined : path.join('.') }
    }
    case 'lookup':
    case 'inputlookup':
      return { kind: 'lookup', name }
    case 'savedsearch':
      return { kind: 'savedsearch', name }
    default:
      return reader.fail(
        'unsupported',
        `${reader.command} does not support datasets of type "${type}".`,
        word.span,
        'It supports datamodel, lookup and savedsearch.',
      )
  }
}

/** @throws SearchError when there is no such dataset */
export function findDataModel(
  dataModels: DataModels,
  model: string,
  object: string | undefined,
): DataModelDataset {
  const dataset = dataModels.get(model, object)
  if (dataset !== undefined) return dataset
  const name = object === undefined ? model : `${model}.${object}`
  const [nearest] = suggest(model, dataModels.names())
  throw searchError(
    'missing-datamodel',
    `The data model "${name}" is not defined.`,
    nearest === undefined || nearest === model ? undefined : `Did you mean "${nearest}"?`,
  )
}

/** The rows of a dataset. Those of a data model have its fields without their prefix, and the raw event. */
export async function* datasetRows(dataset: Dataset, context: RunContext): AsyncIterable<Batch> {
  switch (dataset.kind) {
    case 'lookup': {
      const table = findLookup(context.lookups, dataset.name)
      yield* tableBatches(table)
      return
    }
    case 'savedsearch': {
      const saved = findSavedSearch(dataset.name, context)
      yield* runSavedSearch(saved, saved.search, context)
      return
    }
    case 'datamodel':
      yield* dataModelRows(findDataModel(context.dataModels, dataset.model, dataset.object), false, context)
  }
}

/**
 * @param prefixed   whether fields keep their prefix: `Processes.dest`
 * @param allFields  whether rows also have the fields of their events that the model does not
 */
export async function* dataModelRows(
  dataset: DataModelDataset,
  prefixed: boolean,
  context: RunContext,
  allFields = false,
): AsyncIterable<Batch> {
  for await (const events of context.scanEvents(dataset.constraint, 'all')) {
    const mapped = dataset.map(events).with([['_raw', events.column('_raw')]])
    const rows = prefixed ? mapped : withoutPrefixes(mapped, dataset)
    yield allFields ? events.with(rows.names().map((name) => [name, rows.column(name)])) : rows
  }
}

function withoutPrefixes(rows: Batch, { fields }: DataModelDataset): Batch {
  const prefixed = new Set(fields)
  const plainNames = new Map(
    rows
      .names()
      .map((name) => [prefixed.has(name) ? name.slice(name.lastIndexOf('.') + 1) : name, name] as const),
  )
  const reader = {
    names: () => [...plainNames.keys()],
    read: (name: string) => {
      const source = plainNames.get(name)
      return source === undefined ? undefined : rows.column(source)
    },
  }
  return new Batch(rows.length, [], reader, rows.origins)
}

/** The rows of a lookup table, empty cells null. @param start the first row, counted from 0 */
export function* tableBatches(table: LookupTable, start = 0): Iterable<Batch> {
  const { fields } = table
  let held: (readonly LookupCell[])[] = []
  const toBatch = (): Batch =>
    new Batch(
      held.length,
      fields.map((name, index) => {
        const cells = held.map((row) => {
          const cell = row[index]
          return typeof cell === 'object' ? multivalue(cell) : cell || undefined
        })
        return [
          name,
          cells.every((cell) => cell === undefined) ? constant(undefined) : dictOf(cells),
        ] as const
      }),
    )
  let number = 0
  for (const row of table.rows()) {
    if (number++ < start) continue
    held.push(row)
    if (held.length < batchRows) continue
    yield toBatch()
    held = []
  }
  if (held.length > 0) yield toBatch()
}
