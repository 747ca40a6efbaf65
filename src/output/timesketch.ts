// Findings for Timesketch: JSON lines with `message`, `datetime` and `timestamp_desc`, which it asks for.

import type { Finding } from '../detect/finding.ts'

/**
 * The lines of a finding: one when it happened, and one when it ended if that was later. A finding without a time has
 * none, since a timeline has no place for it.
 * @see Timesketch, "Import from JSON or CSV"
 */
export function timesketchLines({ time, first, last, ...finding }: Finding): string {
  const { detection, severity, risk, annotations, row, events, count } = finding
  const line = (datetime: string, description: string): string => {
    const fields: Record<string, unknown> = Object.assign(Object.create(null), {
      message: risk.message === '' ? detection.name : `${detection.name}: ${risk.message}`,
      datetime: datetime.replace('Z', '+00:00'),
      timestamp_desc: description,
      data_type: 'karst:finding',
      severity,
      risk_score: Math.max(0, ...risk.objects.map(({ score }) => score)),
      risk_objects: risk.objects.map(({ object }) => object),
      detection: detection.name,
      detection_id: detection.id,
      mitre_attack: annotations.mitre_attack,
      tactics: annotations.tactics,
      event_count: count,
      finding: finding.finding,
      events: events.map(({ file, record }) => `${file}: ${record}`),
      tag: [detection.type, severity, ...annotations.mitre_attack],
    })
    for (const [name, value] of Object.entries(row)) {
      fields[name in fields || reserved.has(name) ? `row_${name}` : name] = value
    }
    return `${JSON.stringify(fields)}\n`
  }
  const start = first ?? time
  if (start === undefined) return ''
  const end = last ?? time
  return start === end || end === undefined
    ? line(start, 'Finding')
    : line(start, 'Finding, first event') + line(end, 'Finding, last event')
}

/** Further fields that mean something of their own to Timesketch. */
const reserved = new Set(['timestamp', '__ts_timeline_id', '__ts_emojis'])
