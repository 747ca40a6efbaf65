// Reads data models from Splunk's JSON form (`data/models/*.json`).

import * as z from 'zod'
import { SearchError } from '../../diagnostics/diagnostic.ts'
import type { DataModelDataset, DataModels, Macros } from '../../spl/host.ts'
import type { ExpressionContext } from '../../spl/run/context.ts'
import type { SearchExpression } from '../../spl/syntax/ast.ts'
import { parseSearchTerms } from '../../spl/syntax/parser.ts'
import type { Report } from '../conf-file.ts'
import { type Calculation, type Dataset, prepareDataset } from './datamodel.ts'

/** A data model's file. */
export interface ModelFile {
  readonly name: string
  readonly text: string
}

export interface LoadOptions {
  /** Constraints name index macros such as `cim_Endpoint_indexes`. */
  readonly macros: Macros
  readonly context: ExpressionContext
  readonly report: Report
}

const fieldShape = z.object({ fieldName: z.string() })

/** What is used of the JSON form. */
const modelShape = z.object({
  modelName: z.string(),
  objects: z.array(
    z.object({
      objectName: z.string(),
      parentName: z.string().optional(),
      fields: z.array(fieldShape).optional(),
      calculations: z
        .array(
          z.object({
            calculationType: z.string().optional(),
            expression: z.string().optional(),
            outputFields: z.array(fieldShape).optional(),
          }),
        )
        .optional(),
      constraints: z.array(z.object({ search: z.string() })).optional(),
      baseSearch: z.string().optional(),
    }),
  ),
})

type ModelJson = z.infer<typeof modelShape>
type ObjectJson = ModelJson['objects'][number]

/** Data models that can tell all of their datasets. */
export interface LoadedDataModels extends DataModels {
  all(): Iterable<DataModelDataset>
}

/** Loads data models; of models with the same name the last file counts. Files that are none are reported. */
export function loadDataModels(files: readonly ModelFile[], options: LoadOptions): LoadedDataModels {
  const models = new Map<string, ReadonlyMap<string, Dataset>>()
  const texts = new Map<string, string>()
  for (const file of files) {
    const model = parseModel(file, options.report)
    if (model === undefined) continue
    models.set(model.modelName, buildDatasets(model, file.name, options))
    texts.set(model.modelName, file.text)
  }
  const prepared = new Map<Dataset, DataModelDataset>()
  const prepare = (modelName: string, dataset: Dataset): DataModelDataset => {
    let ready = prepared.get(dataset)
    if (ready === undefined) {
      ready = prepareDataset(modelName, dataset, options.context, options.report)
      prepared.set(dataset, ready)
    }
    return ready
  }
  return {
    names: () => models.keys(),
    definition(modelName, object) {
      const text = texts.get(modelName)
      if (text === undefined) return undefined
      const value = JSON.parse(text) as ModelJson
      const part =
        object === undefined ? value : value.objects.find(({ objectName }) => objectName === object)
      return part && JSON.stringify(part)
    },
    *all() {
      for (const [modelName, datasets] of models)
        for (const dataset of datasets.values()) yield prepare(modelName, dataset)
    },
    get(modelName, object) {
      const datasets = models.get(modelName)
      if (datasets === undefined) return undefined
      const dataset =
        object === undefined ? datasets.values().next().value : datasets.get(object.split('.').at(-1)!)
      if (dataset === undefined || (object?.includes('.') && dataset.path !== object)) return undefined
      return prepare(modelName, dataset)
    },
  }
}

function parseModel({ name, text }: ModelFile, report: Report): ModelJson | undefined {
  const complain = (reason: string): undefined => {
    report({
      code: 'bad-content',
      severity: 'warning',
      message: `${name} is no data model: ${reason}.`,
      labels: [],
    })
    return undefined
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error))
  }
  const { data, error } = modelShape.safeParse(value)
  if (data !== undefined) return data
  const [issue] = error.issues
  return complain([`at ${issue?.path.join('.') || 'its beginning'}`, issue?.message].join(': '))
}

function buildDatasets(model: ModelJson, file: string, options: LoadOptions): ReadonlyMap<string, Dataset> {
  const datasets = new Map<string, Dataset>()
  for (const object of model.objects) {
    const parent = object.parentName === undefined ? undefined : datasets.get(object.parentName)
    const constraint = readConstraint(object, file, options)
    const dataset: Dataset = {
      name: object.objectName,
      parent,
      children: [],
      path: parent === undefined ? object.objectName : `${parent.path}.${object.objectName}`,
      constraint,
      calculations: readCalculations(object, file, options.report),
      fields: [
        ...new Set([
          ...(object.fields ?? []).map(({ fieldName }) => fieldName),
          ...(object.calculations ?? []).flatMap(({ outputFields = [] }) =>
            outputFields.map(({ fieldName }) => fieldName),
          ),
        ]),
      ],
    }
    parent?.children.push(dataset)
    datasets.set(object.objectName, dataset)
  }
  return datasets
}

const nothing: SearchExpression = { kind: 'Or', terms: [] }

/** A dataset whose search cannot be read holds no events; that is reported. */
function readConstraint(object: ObjectJson, file: string, { macros, report }: LoadOptions): SearchExpression {
  const searches = (object.constraints ?? []).map(({ search }) => search)
  if (object.baseSearch !== undefined) searches.push(object.baseSearch)
  try {
    const terms = searches.map((search) =>
      parseSearchTerms(withoutMacros(search, macros), `${file}: ${object.objectName}`),
    )
    return terms.length === 1 ? terms[0]! : { kind: 'And', terms }
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    for (const diagnostic of error.diagnostics) {
      report({
        ...diagnostic,
        severity: 'warning',
        message: `The dataset "${object.objectName}" of ${file} holds no events: ${diagnostic.message}`,
      })
    }
    return nothing
  }
}

/** Index macros say where events are kept, which evidence does not know: one that is not defined or empty means anywhere. */
function withoutMacros(search: string, macros: Macros): string {
  return search.replace(/\(?\s*`([^`]+)`\s*\)?/g, (_, name: string) => {
    const definition = macros.get(name)?.definition.trim() ?? ''
    return /^[\s()]*$/.test(definition) ? '' : `(${definition})`
  })
}

function readCalculations(object: ObjectJson, file: string, report: Report): Calculation[] {
  return (object.calculations ?? []).flatMap(({ calculationType, expression, outputFields = [] }) => {
    const field = outputFields[0]?.fieldName
    if (field !== undefined && expression !== undefined && calculationType === 'Eval')
      return [{ field, expression }]
    report({
      code: 'unsupported',
      severity: 'warning',
      message: `A calculation of the kind "${calculationType ?? 'unknown'}" in the dataset "${object.objectName}" of ${file} is not supported; its fields stay as they are.`,
      labels: [],
    })
    return []
  })
}
