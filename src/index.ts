/**
 * Karst as a library: open it with content and knowledge, then search and scan evidence.
 *
 * ```ts
 * import { openKarst } from 'karst'
 *
 * const karst = await openKarst({ content: ['./security_content'] })
 * const { evidence } = await karst.scan(['/evidence'], {}, { onFinding: (finding) => console.log(finding.risk.message) })
 * console.log(evidence.events)
 * ```
 *
 * The language alone, without Node, is `karst/spl`; the decoders alone are `karst/decode`.
 *
 * @module
 */

export type { Finding, Severity } from './detect/finding.ts'
export { type Diagnostic, SearchError } from './diagnostics/diagnostic.ts'
export { renderDiagnostic } from './diagnostics/render.ts'
export {
  type DetectionOutcome,
  type EvidenceReport,
  type EvidenceRows,
  type Karst,
  type KarstOptions,
  openKarst,
  type ScanCallbacks,
  type ScanSummary,
} from './engine/engine.ts'
export type { DetectionSelection } from './engine/selection.ts'
export { type ResultRow, resultRow } from './value/result-row.ts'
