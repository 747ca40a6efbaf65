// Evidence as an event source: every scan reads the paths again, from the first file to the last.

import { searchError } from '../diagnostics/diagnostic.ts'
import type { DefaultMetadata } from '../knowledge/identify.ts'
import type { Knowledge } from '../knowledge/knowledge.ts'
import { standardInput } from '../source/files.ts'
import { type EvidenceReport, type ReadOptions, readEvidence } from '../source/read-evidence.ts'
import { blocksOf } from '../source/scan.ts'
import type { EventSource } from '../spl/host.ts'

/** An event source over files, and what reading them gave. */
export interface EvidenceSource extends EventSource {
  /** Of the first pass, growing while it runs; a later pass reads the same. Undefined before. */
  report(): EvidenceReport | undefined
}

/**
 * Makes an event source over paths.
 * @param onPass is told when the first pass begins
 */
export function evidenceSource(
  paths: readonly string[],
  knowledge: Knowledge,
  defaults: DefaultMetadata,
  options: ReadOptions,
  onPass: (report: EvidenceReport) => void = () => {},
): EvidenceSource {
  let first: EvidenceReport | undefined
  return {
    report: () => first,
    scan: () => {
      if (first !== undefined && paths.includes(standardInput)) {
        throw searchError(
          'unsupported',
          'The search reads its evidence more than once, and standard input can be read only once.',
          'Save the input to a file and give that.',
        )
      }
      const { groups, report } = readEvidence(paths, options)
      if (first === undefined) {
        first = report
        onPass(report)
      }
      return { batches: blocksOf(groups, knowledge, defaults), applied: { filter: false, times: false } }
    },
  }
}
