// What the threads of a scan say to each other. All of it is plain data.

import type { PartKind } from '../detect/kinds.ts'
import type { RowRequest } from '../detect/row-finder.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { DefaultMetadata } from '../knowledge/identify.ts'
import type { KnowledgeOptions } from '../knowledge/knowledge.ts'
import type { EntityLists } from '../risk/entity-list.ts'
import type { EvidencePlace, EvidenceProblem } from '../source/files.ts'
import type { FileReport, ReadOptions } from '../source/read-evidence.ts'
import type { DataModels, DatasetRows } from '../spl/host.ts'
import type { PackedRows } from './packed-rows.ts'

/** What a thread needs to read evidence as the others do. */
export interface ReaderSetup {
  readonly knowledge: Omit<KnowledgeOptions, 'context' | 'report' | 'savedSearches'>
  /** Assets and identities, which add fields to events. */
  readonly entities: EntityLists
  readonly now: number
  readonly timeZone: string
  readonly defaults: DefaultMetadata
  readonly reading: Omit<ReadOptions, 'stdin' | 'signal' | 'decoder' | 'layoutOf' | 'onFile'> & {
    /** The decoder's name, where one was given. */
    readonly format?: string
  }
}

/** A request whose dataset is named. */
export interface PackedRequest extends Omit<RowRequest, 'asDataset'> {
  readonly dataset?: { readonly model: string; readonly path: string; readonly where: DatasetRows['where'] }
}

/** Files that are read by one thread, one after another. */
export interface Unit {
  readonly number: number
  readonly places: readonly (EvidencePlace | EvidenceProblem)[]
}

export type ToReader =
  /** From now on rows of these requests are looked for. What was to be read for others is forgotten. */
  | { readonly kind: 'pass'; readonly pass: number; readonly requests: readonly PackedRequest[] }
  | { readonly kind: 'unit'; readonly pass: number; readonly unit: Unit }
  /** A block was taken: another may be sent. */
  | { readonly kind: 'taken'; readonly pass: number }

export interface FromReader {
  readonly pass: number
  readonly unit: number
  readonly rows?: PackedRows
  readonly kinds?: readonly PartKind[] | undefined
  /** Events of the file in hand so far. */
  readonly eventsUnderway: number
  /** Files that were read to their end, or could not be. */
  readonly files: readonly FileReport[]
  /** What was noticed while reading. */
  readonly diagnostics: readonly Diagnostic[]
  readonly isLast: boolean
}

export function packRequest({ asDataset, ...request }: RowRequest): PackedRequest {
  if (asDataset === undefined) return request
  const { dataset, where } = asDataset
  return { ...request, dataset: { model: dataset.model, path: dataset.path, where } }
}

export function unpackRequest({ dataset, ...request }: PackedRequest, dataModels: DataModels): RowRequest {
  if (dataset === undefined) return request
  const { model, path, where } = dataset
  return {
    ...request,
    asDataset: { dataset: dataModels.get(model, path)!, ...(where === undefined ? {} : { where }) },
  }
}
