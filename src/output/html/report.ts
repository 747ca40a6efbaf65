// The report of a scan: one HTML file that needs nothing else, to be handed over and read without Karst.
// The sections are drawn by the other files of this folder; here they are put in order.

import { type Finding, type Severity, severities } from '../../detect/finding.ts'
import { type AttackTable, bundledAttackTable, type Tactic, techniqueOf } from '../../risk/attack.ts'
import { byIncidentRisk, byTime, type Entity, isIncident, rankEntities } from '../../risk/entities.ts'
import { drawAllowed } from './allowed-section.ts'
import { drawMatrix, type MatrixCell } from './attack-matrix.ts'
import { drawEntities } from './entity-section.ts'
import { drawEvidence, drawRuns } from './evidence-section.ts'
import { detectionAnchor, drawFinding, findingAnchor, findingTime, severityBadge } from './finding-card.ts'
import { plural, shownNumber, shownTime } from './format.ts'
import { type Html, html, renderPage, webLink } from './html.ts'
import type { ReportData } from './report-data.ts'
import { reportScript } from './report-script.ts'
import { reportStyle } from './report-style.ts'
import { activityPeriods, drawTimeline } from './timeline.ts'

/** More findings than this are counted and drawn in the timeline, but not listed. */
const mostListed = 2000

/** A section; left out where there is nothing to say. */
type Part = readonly [id: string, label: string, title: string, body: Html | undefined]

/** Draws the report. */
export function renderReport(data: ReportData, attack: AttackTable = bundledAttackTable()): string {
  const findings = data.findings.toSorted(bySeverityThenTime)
  const everything = [...findings, ...data.incidents.map(({ finding }) => finding)]
  const entities = rankEntities(everything)
  const incidents = everything.filter(isIncident).sort(byIncidentRisk)
  const parts: readonly Part[] = [
    ['summary', 'Summary', 'Summary', drawSummary(data, entities, incidents)],
    ['incidents', 'Incidents', 'Incidents', incidents.length > 0 ? drawIncidents(incidents) : undefined],
    [
      'timeline',
      'Timeline',
      'What happened when',
      findings.length > 0 ? drawTimeline(everything) : undefined,
    ],
    ['entities', 'Entities', 'Entities by risk', drawEntities(entities)],
    ['attack', 'ATT&CK', 'ATT&CK techniques', findings.length > 0 ? drawAttack(findings, attack) : undefined],
    ['findings', 'Findings', 'Findings', drawFindings(everything.sort(bySeverityThenTime), data, attack)],
    ['allowed', 'Allowed', 'What was allowed', drawAllowed(data.allowed)],
    ['detections', 'Detections', 'Detections that fired', drawDetections(data)],
    ['evidence', 'Evidence', 'What was read', drawEvidence(data)],
    [
      'runs',
      'Coverage',
      'What ran, and what could not',
      drawRuns(data.runs, firedIn(findings), data.throttled),
    ],
    ['reading', 'How to read', 'How to read this report', howToRead],
  ]
  const shown = parts.filter(([, , , body]) => body !== undefined)
  return renderPage({
    title: `Scan report, ${new Date(data.made).toISOString().slice(0, 10)}`,
    style: reportStyle,
    script: reportScript,
    body: html`<a class="skip" href="#summary">Skip to the summary</a>
${drawHead(data)}
<nav class="contents" aria-label="Contents"><div class="wrap">${shown.map(([id, label]) => html`<a href="#${id}">${label}</a>`)}</div></nav>
<main class="wrap">
${shown.map(([id, , title, body]) => html`<section class="part" id="${id}"><h2>${title}</h2>${body}</section>`)}
</main>
<footer class="wrap foot">Made by ${data.program} on ${shownTime(new Date(data.made).toISOString()).slice(0, 19)} UTC. This file loads nothing from a network.</footer>`,
  })
}

const rank = ({ severity }: Finding): number => severities.indexOf(severity)
const bySeverityThenTime = (a: Finding, b: Finding): number => rank(b) - rank(a) || byTime(a, b)
const firedIn = (findings: readonly Finding[]): number =>
  new Set(findings.map(({ detection }) => `${detection.id} ${detection.version}`)).size

function drawHead(data: ReportData): Html {
  const list = (paths: readonly string[], none: string): string =>
    paths.length === 0 ? none : paths.join(', ')
  return html`<header class="band"><div class="wrap">
<p class="over"><span>Karst</span><button type="button" class="button no-print needs-script" data-theme-switch hidden>Light or dark</button></p>
<h1>Scan report</h1>
<dl>
<div><dt>Evidence</dt><dd>${list(data.evidencePaths, 'none')}</dd></div>
<div><dt>Detections</dt><dd>${list(data.contentPaths, 'bundled content')}, ${plural(data.runs.length, 'detection')}</dd></div>
<div><dt>Made</dt><dd>${shownTime(new Date(data.made).toISOString()).slice(0, 19)} UTC in ${data.seconds.toFixed(1)} s, ${data.program}</dd></div>
<div><dt>Times</dt><dd>All times are UTC</dd></div>
</dl>
${data.isInterrupted && html`<p><b>The scan was interrupted:</b> the evidence was not read to its end.</p>`}
</div></header>`
}

function drawSummary(
  { findings, files, events, runs }: ReportData,
  entities: readonly Entity[],
  incidents: readonly Finding[],
): Html {
  const counts = new Map<Severity, number>()
  for (const { severity } of findings) counts.set(severity, (counts.get(severity) ?? 0) + 1)
  const ran = runs.filter(({ status }) => status === 'ran').length
  return html`<p class="lead">${narrative(findings, entities, incidents)}</p>
<div class="tiles">
${incidents.length > 0 && html`<div class="tile of-incidents"><b>${shownNumber(incidents.length)}</b><span>${incidents.length === 1 ? 'incident' : 'incidents'}</span></div>`}
${severities.toReversed().map((severity) => html`<div class="tile ${severity}"><b>${shownNumber(counts.get(severity) ?? 0)}</b><span>${severity}</span></div>`)}
<div class="tile"><b>${shownNumber(entities.length)}</b><span>entities with risk</span></div>
<div class="tile"><b>${shownNumber(events)}</b><span>events in ${plural(files.length, 'file')}</span></div>
<div class="tile"><b>${shownNumber(ran)}</b><span>of ${plural(runs.length, 'detection')} ran</span></div>
</div>`
}

/** What was found, in words. */
function narrative(
  findings: readonly Finding[],
  entities: readonly Entity[],
  incidents: readonly Finding[],
): Html {
  if (findings.length === 0) return html`Nothing was found.`
  const periods = activityPeriods(findings)
  const [first] = periods
  const last = periods.at(-1)
  const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)
  const when =
    first === undefined || last === undefined
      ? 'at no known time'
      : day(first.first) === day(last.last)
        ? `on ${day(first.first)}`
        : `between ${day(first.first)} and ${day(last.last)}`
  const [top] = entities
  return html`${plural(firedIn(findings), 'detection')} gave ${plural(findings.length, 'finding')} ${when}, on ${plural(entities.length, 'entity', 'entities')}.${
    top !== undefined &&
    html` Most at risk is the ${top.type} <b class="mono">${top.name}</b> with a score of ${shownNumber(top.score)} from ${plural(top.raising, 'finding')}${top.tactics.length > 0 && html` in ${plural(top.tactics.length, 'ATT&CK tactic')}`}.`
  }${incidents.length > 0 && html` ${plural(incidents.length, 'incident')}: several findings on one entity add up to more than each of them.`}`
}

const firstIncidents = 12

function drawIncidents(incidents: readonly Finding[]): Html {
  const table = (rows: readonly Finding[]): Html =>
    html`<div class="scroll panel"><table class="incidents"><thead><tr><th>First and last event</th><th>Incident</th><th>Severity</th><th>Detection</th></tr></thead><tbody>${rows.map(drawIncident)}</tbody></table></div>`
  return html`<p class="soft">Correlation detections, and Karst's own rules “Risk Incident”, read the risk that the findings below raise. Each of these deserves a look of its own.</p>
${table(incidents.slice(0, firstIncidents))}
${
  incidents.length > firstIncidents &&
  html`<details class="more"><summary>${plural(incidents.length - firstIncidents, 'more incident')}</summary>${table(incidents.slice(firstIncidents))}</details>`
}`
}

const drawIncident = (finding: Finding): Html =>
  html`<tr class="${finding.severity}"><td>${findingTime(finding.first ?? finding.time)}${finding.first !== finding.last && html`<br>${findingTime(finding.last)}`}</td><td class="breakable"><a href="#${findingAnchor(finding)}">${finding.risk.message || finding.detection.name}</a></td><td>${severityBadge(finding.severity)}</td><td class="soft small">${finding.detection.name}</td></tr>`

function drawAttack(findings: readonly Finding[], attack: AttackTable): Html {
  const hits = new Map<string, { count: number; detections: Set<string> }>()
  for (const { annotations, detection } of findings) {
    for (const id of annotations.mitre_attack) {
      const hit = hits.get(id) ?? { count: 0, detections: new Set() }
      hits.set(id, { count: hit.count + 1, detections: hit.detections.add(detection.name) })
    }
  }
  const most = Math.max(1, ...[...hits.values()].map(({ detections }) => detections.size))
  const cells = [...hits].map(([id, { count, detections }]): MatrixCell => {
    const technique = techniqueOf(id, attack)
    return {
      id,
      name: technique?.name ?? 'unknown technique',
      tactics: technique?.tactics ?? ([] as readonly Tactic[]),
      level: Math.min(
        4,
        Math.max(1, Math.ceil((Math.log2(detections.size + 1) / Math.log2(most + 1)) * 4)),
      ) as MatrixCell['level'],
      note: plural(count, 'finding'),
      title: [...detections].sort().join('\n'),
    }
  })
  return html`<p class="soft">Techniques that detections found, in the order of an intrusion; the darker, the more different detections. ATT&amp;CK ${attack.version}.</p>${drawMatrix(cells)}`
}

function drawFindings(findings: readonly Finding[], { rawEvents }: ReportData, attack: AttackTable): Html {
  if (findings.length === 0) return html`<p>No finding.</p>`
  const listed = findings.slice(0, mostListed)
  return html`${listed.length < findings.length && html`<p><b>Only the ${shownNumber(mostListed)} most serious of ${plural(findings.length, 'finding')} are listed.</b> The NDJSON output has them all.</p>`}
<div class="filters no-print needs-script" hidden>
<input type="search" data-query placeholder="Search in findings" aria-label="Search in findings">
<fieldset><legend class="skip">Severity</legend>${severities.toReversed().map((severity) => html`<label><input type="checkbox" data-level value="${severity}" checked>${severity}</label>`)}</fieldset>
<label>Order <select data-sort><option value="severity">severity, then time</option><option value="time">time</option></select></label>
<span><button type="button" class="button" data-open="yes">Open all</button> <button type="button" class="button" data-open="no">Close all</button></span>
<span class="soft small" data-count role="status"></span><button type="button" class="button" data-reset hidden>Show all</button>
</div>
<div class="finding-list">${listed.map((finding) => drawFinding(finding, { attack, rawEvents }))}</div>`
}

function drawDetections({ findings, incidents, runs }: ReportData): Html | undefined {
  const counts = new Map<string, number>()
  for (const { detection } of [...findings, ...incidents.map(({ finding }) => finding)])
    counts.set(detectionAnchor(detection), (counts.get(detectionAnchor(detection)) ?? 0) + 1)
  const ran = new Set([...runs, ...incidents].map(({ detection }) => detection))
  const fired = [...ran]
    .map((detection) => ({ detection, count: counts.get(detectionAnchor(detection)) ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
  if (fired.length === 0) return undefined
  return html`${fired.map(
    ({ detection, count }) =>
      html`<details class="panel known-detection" id="${detectionAnchor(detection)}"><summary>${detection.name} <span class="soft small">v${detection.version} · ${detection.type} · ${plural(count, 'finding')}</span></summary>
<p>${detection.description}</p>
${detection.knownFalsePositives !== '' && html`<h4>Known false positives</h4><p>${detection.knownFalsePositives}</p>`}
<h4>Search</h4><pre class="spl">${detection.search.text.trim()}</pre>
${detection.references.length > 0 && html`<h4>References</h4><ul class="small">${detection.references.map((reference) => html`<li class="breakable">${webLink(reference)}</li>`)}</ul>`}
<p class="soft small mono">${detection.id} · ${detection.path}</p>
</details>`,
  )}`
}

const howToRead = html`<div class="panel small">
<p><b>Finding.</b> A row that a detection's search gave over the evidence. TTP detections describe a behaviour of attackers; Anomaly detections something unusual; Hunting detections something to look at, without risk; Correlation detections read the risk that the others raise.</p>
<p><b>Severity.</b> Follows the highest risk score that the detection states: up to 20 informational, 40 low, 60 medium, 80 high, 100 critical.</p>
<p><b>Risk.</b> Each finding of a TTP or Anomaly detection adds its score to the objects that it names: systems, users, others. Where lists of assets or identities were given, their priority changes the score. An entity's risk is the sum. It says where to look first, not how likely an intrusion is.</p>
<p><b>Where to look next.</b> The searches under a finding run as they are printed: <code>karst search 'SEARCH' EVIDENCE --content CONTENT --from FROM --to TO</code>. Those over the risk index need its events as evidence, which <code>karst scan -o risk=risk.ndjson</code> writes.</p>
<p><b>What is not here.</b> A detection that did not run found nothing. A file that could not be read in full may hold more. That nothing was found does not mean that nothing happened.</p>
</div>`
