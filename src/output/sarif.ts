// SARIF 2.1.0, in which code scanning takes its results. (OASIS, Static Analysis Results Interchange Format)

import { createHash } from 'node:crypto'
import type { EventReference } from '../value/batch.ts'

export interface SarifRule {
  readonly id: string
  readonly summary: string
}

export interface SarifResult {
  readonly ruleId: string
  readonly level: 'error' | 'warning' | 'note'
  readonly message: string
  /** Lines and columns from 1, the end behind the last character. Absent: about no file. */
  readonly place?: {
    /** With `/`; relative to where the results are looked at. */
    readonly file: string
    readonly line: number
    readonly column: number
    readonly endLine: number
    readonly endColumn: number
  }
  /** The records of evidence that it is about; where there is no line to show. */
  readonly events?: readonly EventReference[]
  /** What tells the result from others of its rule when lines move. */
  readonly subject: string
}

/** Writes results as one SARIF log. Only rules that have results are listed. */
export function sarifLog(
  program: string,
  rules: readonly SarifRule[],
  results: readonly SarifResult[],
): string {
  const [name = 'karst', version = ''] = program.split(' ')
  const used = rules.filter(({ id }) => results.some(({ ruleId }) => ruleId === id))
  const indexOf = new Map(used.map(({ id }, index) => [id, index]))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name,
            version,
            rules: used.map(({ id, summary }) => ({ id, shortDescription: { text: `${summary}.` } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => sarifResult(result, indexOf.get(result.ruleId))),
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

function sarifResult(
  { ruleId, level, message, place, events = [], subject }: SarifResult,
  ruleIndex: number | undefined,
): object {
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([ruleId, place?.file, subject]))
    .digest('hex')
  return {
    ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level,
    message: { text: message },
    locations:
      place === undefined ? events.map(eventLocation) : [{ physicalLocation: physicalLocation(place) }],
    partialFingerprints: { 'karst/v1': fingerprint.slice(0, 32) },
  }
}

const eventLocation = ({ file, record }: EventReference): object => ({
  physicalLocation: { artifactLocation: { uri: fileUri(file) } },
  logicalLocations: [{ name: record, kind: 'member' }],
})

function physicalLocation({
  file,
  line,
  column,
  endLine,
  endColumn,
}: NonNullable<SarifResult['place']>): object {
  return {
    artifactLocation: { uri: fileUri(file) },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  }
}

/** A relative reference stays one, so that it is looked up in the repository. */
function fileUri(file: string): string {
  const path = file.split('/').map(encodeURIComponent).join('/')
  return file.startsWith('/') ? `file://${path}` : path
}
