// What was read and what was run: the parts of a report that say how far it can be trusted.

import { plural, shownBytes, shownNumber } from './format.ts'
import { type Html, html } from './html.ts'
import type { ReportData, ReportedFile, ReportedRun } from './report-data.ts'

const shownFiles = 500

/** The evidence: totals, then what could not be read or not in full, then every file. */
export function drawEvidence({ files, events, bytes, digests }: ReportData): Html {
  const problems = files.filter(
    ({ status, damageCount }) => damageCount > 0 || ['incomplete', 'unreadable', 'missing'].includes(status),
  )
  const sorted = [...problems, ...files.filter((file) => !problems.includes(file))]
  return html`<p>${plural(files.length, 'file')}, ${plural(events, 'event')}, ${shownBytes(bytes)} after unpacking. ${
    problems.length === 0
      ? 'Everything was read in full.'
      : html`<b>${plural(problems.length, 'file')} could not be read in full</b>; findings in the missing parts are not here.`
  }</p>
<details class="panel"${problems.length > 0 && html` open`}><summary>Files</summary>
<div class="scroll"><table><thead><tr><th>File</th><th>State</th><th>Format</th><th class="number">Events</th><th class="number">Size</th><th>Remarks</th></tr></thead><tbody>
${sorted.slice(0, shownFiles).map(drawFile)}
</tbody></table></div>
${sorted.length > shownFiles && html`<p class="soft small">and ${plural(sorted.length - shownFiles, 'more file')} that were read in full</p>`}
</details>
${
  digests.length > 0 &&
  html`<details class="panel"><summary>SHA-256 of the files on disk</summary><div class="scroll"><table><thead><tr><th>File</th><th class="number">Size</th><th>SHA-256</th></tr></thead><tbody>${digests.map(
    ({ file, bytes: size, sha256 }) =>
      html`<tr><td class="mono breakable">${file}</td><td class="number">${shownBytes(size)}</td><td class="mono breakable">${sha256}</td></tr>`,
  )}</tbody></table></div></details>`
}`
}

function drawFile({
  name,
  status,
  reason,
  format,
  events,
  bytes,
  damageCount,
  damages,
  lostEvents,
}: ReportedFile): Html {
  const damage =
    damageCount === 0
      ? undefined
      : html`${plural(damageCount, 'damaged place')}${lostEvents > 0 && html`, ${plural(lostEvents, 'event')} lost`}; first at ${damages[0]?.position ?? ''}: ${damages[0]?.reason ?? ''}`
  const isWhole = status === 'read' && damageCount === 0
  return html`<tr class="${isWhole ? '' : 'problem'}"><td class="mono breakable">${name}</td><td>${damageCount > 0 && status === 'read' ? 'damaged' : status}</td><td>${format ?? ''}</td><td class="number">${shownNumber(events)}</td><td class="number">${shownBytes(bytes)}</td><td class="breakable">${reason} ${damage}</td></tr>`
}

/** The detections: how many ran, what could not and why. */
export function drawRuns(runs: readonly ReportedRun[], fired: number, throttled: number): Html {
  const failed = runs.filter(({ status }) => status !== 'ran')
  const ran = runs.length - failed.length
  const reasons = new Map<string, ReportedRun[]>()
  for (const run of failed) {
    const reason = (run.reason ?? run.status).split('\n')[0]!.slice(0, 400)
    reasons.set(reason, [...(reasons.get(reason) ?? []), run])
  }
  const sorted = [...reasons].sort(([, a], [, b]) => b.length - a.length)
  return html`<p>${plural(runs.length, 'detection')} loaded, ${shownNumber(ran)} ran, ${shownNumber(fired)} gave findings.${throttled > 0 && html` Throttling silenced ${plural(throttled, 'repeated finding')}.`}</p>
${
  failed.length === 0
    ? html`<p>Every detection ran.</p>`
    : html`<p><b>${plural(failed.length, 'detection')} did not run.</b> What they look for was not looked for in this evidence.</p>
<div class="scroll"><table><thead><tr><th class="number">Detections</th><th>Why</th><th>Which</th></tr></thead><tbody>${sorted.map(
        ([reason, those]) =>
          html`<tr><td class="number">${those.length}</td><td class="breakable">${those[0]!.status}: ${reason}</td><td><details><summary class="small">${those[0]!.detection.name}${those.length > 1 && html`, …`}</summary><ul class="small">${those.map(({ detection }) => html`<li>${detection.name} v${detection.version}</li>`)}</ul></details></td></tr>`,
      )}</tbody></table></div>`
}`
}
