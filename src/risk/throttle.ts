// Throttling: of findings that say the same within a period, the first counts.

import type { Throttling } from '../content/detection.ts'
import type { Finding } from '../detect/finding.ts'
import { byTime } from './entities.ts'

/**
 * The findings of a detection that its throttling lets through, as Splunk's alert suppression would: one that counts
 * silences those with the same values of the fields that come less than the period later. Here the time is that of the
 * findings, not that of the search. A finding without a time is silenced by any with the same values.
 *
 * @returns in the order of time; those without a time last
 */
export function throttle(findings: readonly Finding[], { fields, seconds }: Throttling): Finding[] {
  const timeOf = ({ time }: Finding): number | undefined =>
    time === undefined ? undefined : Date.parse(time) / 1000
  const silentUntil = new Map<string, number>()
  return findings.toSorted(byTime).filter((finding) => {
    const key = JSON.stringify(fields.map((field) => finding.row[field] ?? null))
    const until = silentUntil.get(key)
    const time = timeOf(finding)
    if (until !== undefined && (time === undefined || time < until)) return false
    silentUntil.set(key, (time ?? Number.NEGATIVE_INFINITY) + seconds)
    return true
  })
}
