// What reading the evidence gave, in lines for people.

import { groupedNumber } from '../base/text/grouped-number.ts'
import { printable } from '../diagnostics/render.ts'
import type { EvidenceReport } from '../engine/engine.ts'

/** How many unreadable files are named without --verbose. */
const namedFiles = 10

/**
 * The lines of a summary.
 * @param seconds how long it took; absent: no rate is shown
 */
export function evidenceSummary(report: EvidenceReport, isVerbose: boolean, seconds?: number): string[] {
  const { files, events, bytes } = report
  const rate =
    seconds === undefined
      ? ''
      : ` in ${seconds.toFixed(1)} s (${groupedNumber(Math.round(events / Math.max(seconds, 0.001)))}/s)`
  const empty = report.withStatus('empty').length
  const lines = [
    `evidence:   ${plural(files.length, 'file')}${empty > 0 ? ` (${empty} empty)` : ''}, ${plural(events, 'event')}, ${megabytes(bytes)} MB${rate}`,
  ]
  const broken = files.filter(
    ({ status }) => status === 'missing' || status === 'unreadable' || status === 'incomplete',
  )
  const shown = isVerbose ? broken : broken.slice(0, namedFiles)
  for (const { name, status, reason = '' } of shown)
    lines.push(`${status}: ${printable(name)}: ${printable(reason)}`)
  if (shown.length < broken.length)
    lines.push(`and ${broken.length - shown.length} more files; --verbose names all`)

  const damaged = files.filter(({ damageCount }) => damageCount > 0)
  for (const { name, damages, damageCount, lostEvents } of isVerbose
    ? damaged
    : damaged.slice(0, namedFiles)) {
    const [first] = damages
    const lost = lostEvents > 0 ? `, ${plural(lostEvents, 'event')} lost` : ''
    lines.push(
      `damaged: ${printable(name)}: ${plural(damageCount, 'place')}${lost}; first: ${first?.position}: ${printable(first?.reason ?? '')}`,
    )
    if (isVerbose)
      for (const { position, reason } of damages) lines.push(`  ${position}: ${printable(reason)}`)
  }
  if (!isVerbose && damaged.length > namedFiles)
    lines.push(`and ${damaged.length - namedFiles} more damaged files; --verbose names all`)
  return lines
}

/** 4 when some input could not be read; with --strict that is a failure. */
export function evidenceExitCode(report: EvidenceReport, isStrict: boolean): number {
  if (!report.hasProblems) return 0
  return isStrict ? 1 : 4
}

const plural = (count: number, what: string): string =>
  `${groupedNumber(count)} ${what}${count === 1 ? '' : 's'}`
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
