// What the language asks of its surroundings. The engine hands these in; nothing in spl reads a disk or a network.

import type { Batch } from '../value/batch.ts'
import type { Value } from '../value/value.ts'
import type { SearchExpression } from './syntax/ast.ts'

/** Which fields a reader of batches will look at. */
export type WantedFields = ReadonlySet<string> | 'all'

export interface ScanRequest {
  /** Which events are wanted, subsearches already replaced by their results. Absent: all. */
  readonly filter?: SearchExpression
  /** The events are wanted as rows of a dataset; `fields` are then its fields. */
  readonly asDataset?: DatasetRows
  /** Epoch seconds, inclusive. */
  readonly earliest?: number
  /** Epoch seconds, exclusive. */
  readonly latest?: number
  readonly fields: WantedFields
  readonly signal: AbortSignal
}

export interface Scan {
  /** Events in the source's order. */
  readonly batches: AsyncIterable<Batch>
  /** What the source has done of the request, exactly. The rest is done here. */
  readonly applied: { readonly filter: boolean; readonly times: boolean; readonly asDataset?: boolean }
}

/** Where events come from. */
export interface EventSource {
  scan(request: ScanRequest): Scan
  /** Says that the same request will probably come later, so that its events can be gathered with those of others. */
  expect?(request: ScanRequest): void
}

/** A search macro as macros.conf defines it. */
export interface MacroDefinition {
  /** `name` or `name(2)`. */
  readonly name: string
  readonly args: readonly string[]
  readonly definition: string
  /** The definition is an eval expression whose text result is inserted. */
  readonly isEval: boolean
  /** An eval expression that the arguments must satisfy, and what to say when they don't. */
  readonly validation?: string
  readonly errorMessage?: string
  /** Where it is defined, for people: a file's name. */
  readonly origin?: string
}

export interface Macros {
  /** @param name `name` for no arguments, else `name(count)` */
  get(name: string): MacroDefinition | undefined
  /** All names, for suggestions. */
  names(): Iterable<string>
}

/** A cell of a lookup table: a text, or several where its store keeps lists. */
export type LookupCell = string | readonly string[]

/** A lookup table: rows of cells, and how it is matched. */
export interface LookupTable {
  readonly name: string
  /** Column names in the file's order. */
  readonly fields: readonly string[]
  /** Whether matches depend on the event's time as well. */
  readonly isTimed: boolean
  /** Every row, for inputlookup. A cell that is absent or empty is ''. */
  rows(): Iterable<readonly LookupCell[]>
  /**
   * The rows that fit, at most `maxMatches` of them, in table order.
   * @param inputs the lookup's own field names and the event's values for them; a multivalue matches by any of its texts
   * @returns per match a map of all the table's columns to cells; when fewer than `minMatches` fit, `default_match` fills in
   */
  match(
    inputs: readonly (readonly [field: string, value: Value])[],
    time: number | undefined,
  ): readonly ReadonlyMap<string, LookupCell>[]
}

/** How rows are put into a lookup table. */
export interface LookupWriting {
  /** The rows are added; else they replace the table. */
  readonly append: boolean
  /** The field whose values are the keys of records in a KV store. */
  readonly keyField?: string
  /** A record with the key of a row is replaced by it; else the row is left out. */
  readonly allowUpdates: boolean
}

/** What of the rows did not get into the table. */
export interface LookupWritten {
  /** Fields that the table does not have. */
  readonly droppedFields: readonly string[]
  /** Rows whose keys were there. */
  readonly skippedRows: number
}

export interface Lookups {
  /** @param name of a definition, or a file such as `hosts.csv` */
  get(name: string): LookupTable | undefined
  names(): Iterable<string>
  /** Why a lookup that is named in content is not there, if that is known: `hosts.csv: no such file`. */
  problem?(name: string): string | undefined
  /**
   * Writes a table; absent where writing is not allowed.
   * @throws SearchError when the table cannot be written like this
   */
  write?(
    name: string,
    fields: readonly string[],
    rows: readonly (readonly string[])[],
    how: LookupWriting,
  ): LookupWritten
}

/** A dataset of a data model, flattened: what an event must be to be in it and which fields it then has. */
export interface DataModelDataset {
  /** `Endpoint` */
  readonly model: string
  /** `Processes`, or a path such as `All_Changes.Instance_Changes`. */
  readonly path: string
  /** The constraints of the dataset and all its parents, ANDed. */
  readonly constraint: SearchExpression
  /** Turns matching events into rows whose fields are `_time host source sourcetype` and every field with its prefix (`Processes.dest`). */
  map(events: Batch): Batch
  /** The prefixed field names. */
  readonly fields: readonly string[]
}

/** Rows of a dataset. */
export interface DatasetRows {
  readonly dataset: DataModelDataset
  /** Search terms over its fields. Absent: all rows. */
  readonly where?: SearchExpression
}

export interface DataModels {
  /** @param object absent: the model's root dataset */
  get(model: string, object?: string): DataModelDataset | undefined
  names(): Iterable<string>
  /** The JSON that defines a model, or a dataset of it; absent where definitions are not at hand. */
  definition?(model: string, object?: string): string | undefined
}

/** A search that is saved under a name. */
export interface SavedSearch {
  readonly name: string
  readonly search: string
  /** The time range that is saved with it, as written: `-24h@h`. */
  readonly earliest?: string
  readonly latest?: string
}

export interface SavedSearches {
  get(name: string): SavedSearch | undefined
  names(): Iterable<string>
}

/** A way to get fields out of a text that configuration defines: a stanza of transforms.conf, or a form. */
export interface NamedExtraction {
  /** The field whose text is read: `_raw` as a rule. */
  readonly source: string
  /** Further values of a field make it multivalue, beside those that a row has already; else the first stays. */
  readonly adds: boolean
  extract(text: string, visit: (name: string, text: string) => void): void
}

export interface Extractions {
  /**
   * @param cleansKeys says instead of the stanza whether names are cleaned
   * @throws SearchError when what is defined under this name extracts nothing
   */
  get(name: string, cleansKeys?: boolean): NamedExtraction | undefined
  names(): Iterable<string>
}

/** Where an address is; '' for what the database does not know. */
export interface Location {
  readonly city: string
  readonly continent: string
  readonly country: string
  readonly region: string
  readonly metroCode: string
  readonly timezone: string
  /** Degrees. */
  readonly latitude: string
  readonly longitude: string
}

export interface Locations {
  /** @param address an IP address or a subnet; @param language of the names, where the database has it */
  find(address: string, language: string): Location | undefined
}
