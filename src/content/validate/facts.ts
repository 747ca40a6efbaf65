// What the checks of content need to know beyond the files. The engine finds it out by reading the searches.

import type { Detection } from '../detection.ts'

/** ATT&CK's techniques by id. */
export interface TechniqueTable {
  readonly version: string
  readonly techniques: ReadonlyMap<string, { readonly name: string; readonly tactics: readonly string[] }>
}

/** What is known of a detection's search. */
export interface SearchFacts {
  readonly detection: Detection
  /** After macro expansion; absent where the search could not be read. */
  readonly expanded?: string
  /** Names of the macros that it uses, directly or through others. */
  readonly macros: readonly string[]
  /** Whether its rows may have a field; absent where that is not known. False is certain. */
  mayGive?(field: string): boolean
  /** The fields of its rows for a message: `"dest" and "count"`. */
  readonly given?: string
  /** Fields of raw events that it reads; absent where these are not known, or where it reads a data model. */
  readonly eventFields?: readonly string[]
}
