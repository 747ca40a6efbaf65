// One pass over evidence for many requests, in the thread that calls it.

import { type PartKind, partKinds } from '../detect/kinds.ts'
import type { FoundRows, RowFinder } from '../detect/row-finder.ts'
import type { DefaultMetadata } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import type { EvidencePlace, EvidenceProblem } from '../source/files.ts'
import { type EvidenceReport, type ReadOptions, readPlaces } from '../source/read-evidence.ts'
import { blocksOf } from '../source/scan.ts'

/** How evidence is read and what is known about it. */
export interface Reading {
  readonly knowledge: Knowledge
  readonly defaults: DefaultMetadata
  readonly options: ReadOptions
}

/** What a block holds for the requests. */
export interface FoundInBlock {
  readonly found: readonly FoundRows[]
  readonly kinds: readonly PartKind[] | undefined
}

/** Reads the places once. The report grows with the reading. */
export function findRows(
  places: readonly (EvidencePlace | EvidenceProblem)[],
  finder: RowFinder,
  { knowledge, defaults, options }: Reading,
  isOpen?: (request: number) => boolean,
): { readonly blocks: AsyncGenerator<FoundInBlock, void, undefined>; readonly report: EvidenceReport } {
  const { groups, report } = readPlaces(places, options)
  async function* blocks(): AsyncGenerator<FoundInBlock, void, undefined> {
    for await (const block of blocksOf(groups, knowledge, defaults)) {
      yield { found: finder.find(block, isOpen), kinds: partKinds(block) }
    }
  }
  return { blocks: blocks(), report }
}
