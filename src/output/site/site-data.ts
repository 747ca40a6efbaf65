// What a site of detections is made of: content as it was loaded, and what Karst found out about each search.

import type { Detection } from '../../content/detection.ts'
import type { Content } from '../../content/load.ts'

/** A macro that a search uses, directly or through another one. */
export interface UsedMacro {
  /** `name` or `name(2)`. */
  readonly name: string
  readonly args: readonly string[]
  readonly definition: string
  /** The file or pack that defines it. */
  readonly origin?: string
}

/** What Karst says about a search. */
export interface SearchFacts {
  readonly macros: readonly UsedMacro[]
  /** The steps that will run, after all rewrites. */
  readonly plan: readonly string[]
  /** The fields that the search reads of its events; absent where the search tells no names. */
  readonly reads?: readonly string[]
  /** The dataset of a data model that it reads: `Endpoint.Processes`. */
  readonly dataset?: string
  /** Why the search cannot be read. */
  readonly problem?: string
}

export interface SiteData {
  readonly content: Content
  /** `security_content`: the name of the folder. */
  readonly title: string
  readonly program: string
  /** Epoch milliseconds. */
  readonly made: number
  /** What goes before a file's path to see its source: `https://github.com/acme/content/blob/main/`. */
  readonly sourceUrl?: string
  describe(detection: Detection): SearchFacts
  /** What fires on the test data at hand; absent where that was not tried. */
  readonly crossFire?: SiteCrossFire
}

/** Every detection over every dataset that some test names. */
export interface SiteCrossFire {
  readonly datasets: readonly { readonly name: string; readonly events: number }[]
  readonly detections: ReadonlyMap<Detection, FiredOn>
}

export interface FiredOn {
  /** By the dataset's place in the list: how many rows, zeros left out. */
  readonly rows: ReadonlyMap<number, number>
  /** The datasets in which a test of its own says that it must find something. */
  readonly declared: ReadonlySet<number>
}

/** A file of the site. */
export interface SiteFile {
  /** With `/`, from the site's folder. */
  readonly path: string
  readonly text: string
}
