// Learns what searches do when nothing is there for them: most ask for events once and then, without any, give no row and
// say nothing. Those need not be started before there are events. What was learnt holds as long as the lookups and data
// models are as they were that the search looked at; a search that looked at anything else is started every time.

import { createHash } from 'node:crypto'
import type { Detection } from '../content/detection.ts'
import type { RowRequest } from '../detect/row-finder.ts'
import type { SearchHabits } from '../detect/run-detections.ts'
import type {
  DataModelDataset,
  DataModels,
  Extractions,
  Lookups,
  LookupTable,
  ScanRequest,
} from '../spl/host.ts'
import type { SearchHost } from '../spl/run/run.ts'
import type { SearchExpression } from '../spl/syntax/ast.ts'

/** What a search asks for, as plain data, and what that depends on. */
export interface Habit {
  readonly filter?: SearchExpression
  readonly fields: readonly string[] | 'all'
  /** The events are wanted as rows of a dataset: that of the first data model below. */
  readonly asDataset?: { readonly where?: SearchExpression }
  /** Lookups that were asked for, and digests of what they are. */
  readonly lookups: readonly (readonly [name: string, digest: string])[]
  readonly dataModels: readonly (readonly [model: string, object: string | undefined, digest: string])[]
  /** Whether there was a location database. */
  readonly hasLocations: boolean
}

/** Where habits are kept. */
export interface HabitMemory {
  get(detection: Detection): Habit | undefined
  set(detection: Detection, habit: Habit): void
}

/** @param range  the time range that searches without one of their own have, in epoch seconds */
export function searchHabits(
  memory: HabitMemory,
  range: { readonly earliest: number | undefined; readonly latest: number | undefined },
): SearchHabits {
  return {
    requestOf(detection, host) {
      const habit = memory.get(detection)
      return habit && requestOf(habit, host, range)
    },
    watch(detection, host) {
      const watched = new WatchedHost(host)
      return {
        host: watched.host,
        ended({ status, diagnostics, rows, matchedEvents }) {
          if (status !== 'ran' || diagnostics.length > 0 || rows > 0 || matchedEvents > 0) return
          const habit = watched.habit(range)
          if (habit !== undefined) memory.set(detection, habit)
        },
      }
    },
  }
}

function requestOf(
  { filter, fields, asDataset, lookups, dataModels, hasLocations }: Habit,
  host: SearchHost,
  { earliest, latest }: { readonly earliest: number | undefined; readonly latest: number | undefined },
): RowRequest | undefined {
  if (hasLocations !== (host.locations !== undefined)) return undefined
  if (lookups.some(([name, digest]) => lookupDigest(host.lookups.get(name)) !== digest)) return undefined
  const datasets = dataModels.map(([model, object]) => host.dataModels.get(model, object))
  if (dataModels.some(([, , digest], place) => datasetDigest(datasets[place]) !== digest)) return undefined
  const [dataset] = datasets
  if (asDataset !== undefined && dataset === undefined) return undefined
  return {
    fields: fields === 'all' ? fields : new Set(fields),
    ...(filter === undefined ? {} : { filter }),
    ...(asDataset === undefined ? {} : { asDataset: { dataset: dataset!, ...asDataset } }),
    ...(earliest === undefined ? {} : { earliest }),
    ...(latest === undefined ? {} : { latest }),
  }
}

/** A host that notes what a search asks of it. */
class WatchedHost {
  readonly host: SearchHost
  readonly #requests: ScanRequest[] = []
  readonly #lookups = new Map<string, LookupTable | undefined>()
  readonly #dataModels: [model: string, object: string | undefined, dataset: DataModelDataset | undefined][] =
    []
  /** It did something whose result cannot be told again without doing it. */
  #isOpaque = false

  constructor(host: SearchHost) {
    const opaque = (): void => {
      this.#isOpaque = true
    }
    const named = <Item>(registry: Registry<Item>): Registry<Item> => ({
      get: (name) => {
        opaque()
        return registry.get(name)
      },
      names: () => {
        opaque()
        return registry.names()
      },
    })
    const { source, macros, lookups, dataModels, savedSearches, extractions, forms, locations, ...rest } =
      host
    // Whatever else a host may get one day has to be watched, too.
    rest satisfies Record<PropertyKey, never>
    this.host = {
      source: {
        scan: (request) => {
          this.#requests.push(request)
          return source.scan(request)
        },
        ...(source.expect === undefined
          ? {}
          : {
              expect: (request) => {
                opaque()
                source.expect!(request)
              },
            }),
      },
      macros: named(macros),
      lookups: this.#watchedLookups(lookups, opaque),
      dataModels: this.#watchedDataModels(dataModels, opaque),
      ...(savedSearches === undefined ? {} : { savedSearches: named(savedSearches) }),
      ...(extractions === undefined ? {} : { extractions: watchedExtractions(extractions, opaque) }),
      ...(forms === undefined ? {} : { forms: watchedExtractions(forms, opaque) }),
      ...(locations === undefined
        ? {}
        : {
            locations: {
              find: (address, language) => {
                opaque()
                return locations.find(address, language)
              },
            },
          }),
    }
  }

  #watchedLookups(lookups: Lookups, opaque: () => void): Lookups {
    const { write, problem } = lookups
    return {
      get: (name) => {
        const table = lookups.get(name)
        this.#lookups.set(name, table)
        return table && watchedTable(table, opaque)
      },
      names: () => {
        opaque()
        return lookups.names()
      },
      ...(problem === undefined ? {} : { problem: (name) => lookups.problem!(name) }),
      ...(write === undefined
        ? {}
        : {
            write: (...args) => {
              opaque()
              return lookups.write!(...args)
            },
          }),
    }
  }

  #watchedDataModels(dataModels: DataModels, opaque: () => void): DataModels {
    return {
      get: (model, object) => {
        const dataset = dataModels.get(model, object)
        this.#dataModels.push([model, object, dataset])
        return dataset
      },
      names: () => {
        opaque()
        return dataModels.names()
      },
      ...(dataModels.definition === undefined
        ? {}
        : {
            definition: (model, object) => {
              opaque()
              return dataModels.definition!(model, object)
            },
          }),
    }
  }

  /** What was learnt; undefined when the search did more than can be told in advance. */
  habit(range: {
    readonly earliest: number | undefined
    readonly latest: number | undefined
  }): Habit | undefined {
    const [request, ...others] = this.#requests
    if (this.#isOpaque || request === undefined || others.length > 0) return undefined
    const { filter, fields, asDataset, earliest, latest } = request
    // Times of its own may depend on the clock.
    if (earliest !== range.earliest || latest !== range.latest) return undefined
    // The dataset that it wants comes first, so that it is found again.
    const models = [...this.#dataModels].sort(
      ([, , a], [, , b]) => Number(b === asDataset?.dataset) - Number(a === asDataset?.dataset),
    )
    if (asDataset !== undefined && models[0]?.[2] !== asDataset.dataset) return undefined
    const { where } = asDataset ?? {}
    return {
      fields: fields === 'all' ? fields : [...fields],
      ...(filter === undefined ? {} : { filter }),
      ...(asDataset === undefined ? {} : { asDataset: where === undefined ? {} : { where } }),
      lookups: [...this.#lookups].map(([name, table]) => [name, lookupDigest(table)]),
      dataModels: models.map(([model, object, dataset]) => [model, object, datasetDigest(dataset)]),
      hasLocations: this.host.locations !== undefined,
    }
  }
}

interface Registry<Item> {
  get(name: string): Item | undefined
  names(): Iterable<string>
}

const watchedExtractions = (extractions: Extractions, opaque: () => void): Extractions => ({
  get: (name, cleansKeys) => {
    opaque()
    return extractions.get(name, cleansKeys)
  },
  names: () => {
    opaque()
    return extractions.names()
  },
})

/** A table whose rows are of no consequence as long as nobody looks at them. */
const watchedTable = (table: LookupTable, opaque: () => void): LookupTable => ({
  name: table.name,
  fields: table.fields,
  isTimed: table.isTimed,
  rows: () => {
    opaque()
    return table.rows()
  },
  match: (inputs, time) => {
    opaque()
    return table.match(inputs, time)
  },
})

const lookupDigest = (table: LookupTable | undefined): string =>
  table === undefined ? '' : JSON.stringify([table.fields, table.isTimed])

const datasetDigests = new WeakMap<DataModelDataset, string>()

function datasetDigest(dataset: DataModelDataset | undefined): string {
  if (dataset === undefined) return ''
  let digest = datasetDigests.get(dataset)
  if (digest === undefined) {
    const { model, path, constraint, fields } = dataset
    digest = createHash('sha256')
      .update(JSON.stringify([model, path, constraint, fields]))
      .digest('base64')
    datasetDigests.set(dataset, digest)
  }
  return digest
}
