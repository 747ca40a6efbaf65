// How serious a finding is.

import type { Detection } from '../content/detection.ts'
import type { RowRisk, Severity } from '../detect/finding.ts'

/**
 * The severity of a risk score.
 * @see contentctl: the bands of 20 that Splunk's published findings carry
 */
export function severityOfScore(score: number): Severity {
  if (score <= 20) return 'informational'
  if (score <= 40) return 'low'
  if (score <= 60) return 'medium'
  return score <= 80 ? 'high' : 'critical'
}

/**
 * The severity of a detection's row: that of its highest score, of the row's own risk objects where it has some, else of
 * those that the detection declares. Where nothing has a score a finding is high, as contentctl publishes it, and the
 * result of a hunt, which alerts nobody, is informational.
 */
export function severityOf(detection: Detection, risk: RowRisk): Severity {
  const objects = risk.objects.length > 0 ? risk.objects : (detection.risk?.objects ?? [])
  if (objects.length > 0) return severityOfScore(Math.max(...objects.map(({ score }) => score)))
  return detection.type === 'Hunting' ? 'informational' : 'high'
}
