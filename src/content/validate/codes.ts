// The checks of content: a code, how serious it is unless the user says otherwise, and what it means in a few words.
// Mistakes in searches have codes of their own in diagnostics/codes.ts. docs/validate.md explains all of them.

import { type DiagnosticCode, diagnosticCodes } from '../../diagnostics/codes.ts'

export const levels = ['error', 'warning', 'note', 'off'] as const
/** How serious a problem is; `off` hides it. */
export type Level = (typeof levels)[number]

interface CheckDefinition {
  readonly level: Exclude<Level, 'off'>
  readonly summary: string
}

/** Checks that only content knows, in alphabetical order. A code that was released is never used for anything else. */
export const contentChecks = {
  'bad-cve': { level: 'warning', summary: 'A CVE number has a wrong form' },
  'bad-date': { level: 'warning', summary: 'A date is not written as YYYY-MM-DD' },
  'bad-drilldown': { level: 'error', summary: 'A drilldown is not a search' },
  'bad-id': { level: 'warning', summary: 'The id is not a UUID' },
  'bad-reference': { level: 'warning', summary: 'A reference is not a web address' },
  'broken-token': { level: 'warning', summary: 'A $token$ is not closed' },
  'data-technique': {
    level: 'warning',
    summary: 'Test data lies under another technique than the detection declares',
  },
  'duplicate-search': { level: 'warning', summary: 'Two detections have the same search' },
  'field-not-in-source': {
    level: 'note',
    summary: 'The data source does not list a field that the search reads',
  },
  'file-name': { level: 'note', summary: 'The file is not named after the detection' },
  'kill-chain-mismatch': { level: 'note', summary: 'The kill chain phases are not those of the techniques' },
  'mechanism-mismatch': {
    level: 'warning',
    summary: 'The text names another technique than search and ATT&CK ids',
  },
  'missing-filter': { level: 'warning', summary: 'The search does not end with its filter macro' },
  'missing-risk': { level: 'warning', summary: 'The detection raises risk and does not say whose' },
  'missing-technique': { level: 'note', summary: 'The detection names no ATT&CK technique' },
  'missing-test': { level: 'warning', summary: 'The detection has no test' },
  'missing-text': { level: 'warning', summary: 'A text that analysts need is empty' },
  'overlapping-search': {
    level: 'note',
    summary: 'Everything that one detection finds another finds as well',
  },
  'required-field-unused': { level: 'note', summary: 'A required field does not occur in the search' },
  'risk-field-gone': {
    level: 'error',
    summary: 'A risk or threat object is a field that the search does not give',
  },
  'risk-score': { level: 'warning', summary: 'The risk score is not impact times confidence' },
  'story-tactic': { level: 'note', summary: 'The story is about a tactic that the techniques do not serve' },
  'throttling-field-gone': {
    level: 'error',
    summary: 'Throttling goes by a field that the search does not give',
  },
  'token-gone': { level: 'warning', summary: 'A $token$ is a field that the search does not give' },
  'unknown-data-source': { level: 'note', summary: 'The content does not define the data source' },
  'unknown-status': { level: 'warning', summary: 'The status is none that contentctl knows' },
  'unknown-story': { level: 'warning', summary: 'The content does not define the analytic story' },
  'unknown-technique': { level: 'error', summary: 'ATT&CK has no such technique' },
  'unused-lookup': { level: 'note', summary: 'No search uses the lookup' },
  'unused-macro': { level: 'note', summary: 'No search uses the macro' },
} as const satisfies Readonly<Record<string, CheckDefinition>>

export type ContentCheckCode = keyof typeof contentChecks

/** The code of anything that validating can find. */
export type CheckCode = ContentCheckCode | DiagnosticCode

/** What Karst lacks is no mistake of the content. */
const lesserDiagnostics: ReadonlySet<string> = new Set<DiagnosticCode>(['unsupported', 'regex-unsupported'])

/** Every code with its meaning, in alphabetical order. */
export const checkCodes: ReadonlyMap<CheckCode, string> = new Map(
  [
    ...Object.entries(diagnosticCodes).map(([code, summary]) => [code as CheckCode, summary] as const),
    ...Object.entries(contentChecks).map(([code, { summary }]) => [code as CheckCode, summary] as const),
  ].sort(([a], [b]) => (a < b ? -1 : 1)),
)

export const isCheckCode = (text: string): text is CheckCode => checkCodes.has(text as CheckCode)

/** How serious a diagnostic is where content is judged. @param severity as whoever made it says */
export function levelOf(code: CheckCode, severity: Exclude<Level, 'off'>): Exclude<Level, 'off'> {
  return lesserDiagnostics.has(code) && severity === 'error' ? 'warning' : severity
}
