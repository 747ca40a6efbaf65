// `--report`: how each detection fared, one JSON object a line.

/** What a report line is made of. */
export interface ReportedOutcome {
  readonly detection: { readonly id: string; readonly name: string; readonly path: string }
  readonly status: 'ran' | 'unsupported' | 'error' | 'skipped'
  readonly reason?: string
  readonly matchedEvents: number
  readonly rows: number
  readonly ms: number
  /** Of `validate`: how many problems its content has. */
  readonly problems?: number
}

/** A line of the report with its line break. Names are a public contract. */
export function reportLine(
  { detection, status, reason, matchedEvents, rows, ms, problems }: ReportedOutcome,
  findings: number,
): string {
  const { id, name, path } = detection
  const line = {
    id,
    name,
    path,
    status,
    ...(reason === undefined ? {} : { reason }),
    matched_events: matchedEvents,
    rows,
    findings,
    ms: Math.round(ms * 10) / 10,
    ...(problems === undefined ? {} : { problems }),
  }
  return `${JSON.stringify(line)}\n`
}
