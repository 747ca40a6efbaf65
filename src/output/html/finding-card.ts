// One finding as a card that opens: what happened, to whom, the row, the events it came from, and where to look next.

import type { Finding } from '../../detect/finding.ts'
import { type AttackTable, techniqueOf } from '../../risk/attack.ts'
import { incidentSubjects } from '../../risk/entities.ts'
import { cutText, plural, shownNumber, shownTime } from './format.ts'
import { type Html, html, slug } from './html.ts'

/** Longer values are cut in the report; NDJSON has them in full. */
const longestValue = 6000
const longestRawEvent = 8000
const shownEvents = 25

export interface CardContext {
  readonly attack: AttackTable
  readonly rawEvents: ReadonlyMap<string, string>
}

/** Where a finding is in the report. */
export const findingAnchor = ({ finding }: Finding): string => `f-${finding}`

/** Where what is known of a detection is in the report. */
export const detectionAnchor = ({ id, version }: Finding['detection']): string => `d-${slug(id)}-${version}`

export const severityBadge = (severity: string): Html =>
  html`<span class="badge ${severity}">${severity}</span>`

/** The time of a finding, or a dash. */
export const findingTime = (time: string | undefined): Html =>
  time === undefined
    ? html`<span class="time soft">no time</span>`
    : html`<time datetime="${time}">${shownTime(time)}</time>`

export function drawFinding(finding: Finding, context: CardContext): Html {
  const { detection, severity, time, risk, annotations } = finding
  const seconds = time === undefined ? '' : String(Date.parse(time) / 1000)
  const concerned = [...risk.objects, ...incidentSubjects(finding).slice(0, 1)]
  const objects = [...new Set(concerned.map(({ object }) => object))].join(', ')
  return html`<details class="finding ${severity}" id="${findingAnchor(finding)}" data-t="${seconds}" data-severity="${severity}" data-type="${detection.type}">
<summary>${severityBadge(severity)}${findingTime(time)}<span class="finding-name">${detection.name}</span><span class="finding-objects mono">${cutText(objects, 120).shown}</span>${risk.message !== '' && html`<span class="finding-message">${cutText(risk.message.replaceAll('\n', ', '), 400).shown}</span>`}</summary>
<div class="finding-body">
<dl class="facts">
<div><dt>Detection</dt><dd><a href="#${detectionAnchor(detection)}">${detection.name}</a> v${detection.version}, ${detection.type}</dd></div>
<div><dt>Time</dt><dd>${timeSpan(finding)}</dd></div>
<div><dt>Events</dt><dd>${shownNumber(finding.count)}</dd></div>
${annotations.mitre_attack.length > 0 && html`<div><dt>ATT&amp;CK</dt><dd>${annotations.mitre_attack.map((id) => html`<span class="tag">${id} ${techniqueOf(id, context.attack)?.name ?? ''}</span>`)}</dd></div>`}
${annotations.analytic_story.length > 0 && html`<div><dt>Stories</dt><dd>${annotations.analytic_story.join(', ')}</dd></div>`}
<div><dt>Finding</dt><dd class="mono soft breakable">${finding.finding}</dd></div>
</dl>
${drawRisk(finding)}
<h4>Result row</h4>
<div class="scroll"><table class="row"><tbody>${Object.entries(finding.row).map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="breakable mono">${drawValue(value)}</td></tr>`)}</tbody></table></div>
${drawEvents(finding, context)}
${finding.drilldowns.length > 0 && drawDrilldowns(finding)}
</div>
</details>`
}

function timeSpan({ time, first, last }: Finding): Html {
  if (first !== undefined && last !== undefined && first !== last)
    return html`${findingTime(first)} to ${findingTime(last)}`
  return findingTime(time ?? last ?? first)
}

function drawRisk({ risk }: Finding): Html | undefined {
  if (risk.objects.length === 0 && risk.threat_objects.length === 0) return undefined
  return html`<h4>Risk</h4>
<div class="scroll"><table><thead><tr><th>Object</th><th>Type</th><th>Field</th><th class="number">Score</th></tr></thead><tbody>
${risk.objects.map(
  ({ object, type, field, score, known }) =>
    html`<tr><td class="mono breakable">${object}${known !== undefined && html` <span class="soft small">${[known.priority, known.category?.join(', '), known.owner].filter((text) => text).join(' · ')}</span>`}</td><td>${type}</td><td class="mono">${field}</td><td class="number">${shownNumber(score)}${known !== undefined && known.base_score !== score && html` <span class="soft small">(${known.base_score} × ${known.multiply}${known.add !== 0 && html` + ${known.add}`})</span>`}</td></tr>`,
)}
${risk.threat_objects.map(({ object, type, field }) => html`<tr><td class="mono breakable">${cutText(object, 400).shown}</td><td>threat: ${type}</td><td class="mono">${field}</td><td></td></tr>`)}
</tbody></table></div>`
}

function drawValue(value: string | readonly string[]): Html {
  if (typeof value === 'string') return drawText(value, longestValue)
  const each = Math.max(200, Math.floor(longestValue / value.length))
  const shown = value.slice(0, 100)
  return html`<ul class="values">${shown.map((text) => html`<li>${drawText(text, each)}</li>`)}</ul>${value.length > shown.length && html`<span class="soft">and ${plural(value.length - shown.length, 'more value')}</span>`}`
}

function drawText(text: string, longest: number): Html {
  const { shown, rest } = cutText(text, longest)
  return html`<span class="text">${shown}</span>${rest > 0 && html`<span class="soft">… and ${plural(rest, 'more character')}</span>`}`
}

function drawEvents({ events }: Finding, { rawEvents }: CardContext): Html | undefined {
  if (events.length === 0) return undefined
  const shown = events.slice(0, shownEvents)
  return html`<h4>Events it came from</h4>
<ul class="events">${shown.map(({ file, record }) => {
    const raw = rawEvents.get(`${file}\n${record}`)
    const where = html`<span class="mono breakable">${file}</span> <span class="soft">${record}</span>`
    return raw === undefined
      ? html`<li>${where}</li>`
      : html`<li><details><summary>${where}</summary><pre>${drawText(raw, longestRawEvent)}</pre></details></li>`
  })}</ul>
${events.length > shown.length && html`<p class="soft small">and ${plural(events.length - shown.length, 'more event')}</p>`}`
}

function drawDrilldowns({ drilldowns }: Finding): Html {
  return html`<h4>Where to look next</h4>${drilldowns.map(
    ({ name, search, earliest, latest }) =>
      html`<p>${name} <span class="soft small">from ${earliest} to ${latest}</span></p><pre class="spl">${search}</pre>`,
  )}`
}
