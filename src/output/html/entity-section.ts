// Entities by risk: who took how much, with a timeline of what raised it.

import { type Tactic, tactics } from '../../risk/attack.ts'
import type { Entity } from '../../risk/entities.ts'
import { isPlaceholder } from '../../risk/entities.ts'
import { findingAnchor, findingTime, severityBadge } from './finding-card.ts'
import { plural, shownNumber, shownTime } from './format.ts'
import { type Html, html } from './html.ts'

const firstEntities = 20
const shownEntities = 500
const shownFindings = 200

/** Draws the ranking. */
export function drawEntities(entities: readonly Entity[]): Html {
  if (entities.length === 0) return html`<p class="soft">No finding raised risk.</p>`
  const highest = Math.max(...entities.map(({ score }) => score), 1)
  const shown = entities.slice(0, shownEntities)
  return html`<div class="entities" role="list">
<div class="entity-head soft small" aria-hidden="true"><span></span><span>Entity</span><span>Risk</span><span>Findings</span><span>Tactics</span><span>First and last</span></div>
${shown.slice(0, firstEntities).map((entity, index) => drawEntity(entity, index, highest))}</div>
${
  shown.length > firstEntities &&
  html`<details class="more"><summary>${plural(shown.length - firstEntities, 'more entity', 'more entities')}</summary><div class="entities" role="list">${shown.slice(firstEntities).map((entity, index) => drawEntity(entity, index + firstEntities, highest))}</div></details>`
}
${entities.length > shown.length && html`<p class="soft small">and ${plural(entities.length - shown.length, 'more entity', 'more entities')} with less risk; the NDJSON output has them all.</p>`}`
}

function drawEntity(entity: Entity, index: number, highest: number): Html {
  const { name, type, score, severity, findings, raising, incidents, first, last, known } = entity
  const seen = entity.tactics
  const about = [
    known?.priority && `priority ${known.priority}`,
    known?.category?.join(', '),
    known?.owner,
    known?.bunit,
  ]
  const facts = about.filter((text) => text !== undefined && text !== '')
  return html`<details class="entity" role="listitem"${isPlaceholder(name) && html` data-placeholder`}>
<summary>
<span class="rank soft">${index + 1}</span>
<span class="entity-name"><b class="mono breakable">${name}</b> <span class="soft small">${type}</span>${incidents > 0 && html` <span class="tag incident-tag">${plural(incidents, 'incident')}</span>`}${facts.length > 0 && html`<span class="soft small block">${facts.join(' · ')}</span>`}${isPlaceholder(name) && html`<span class="soft small block">stands for every object without a name</span>`}</span>
<span class="entity-score"><b>${shownNumber(score)}</b><svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="6" class="track"/><rect width="${((score / highest) * 100).toFixed(1)}" height="6" class="bar ${severity}"/></svg></span>
<span class="number">${shownNumber(raising)}<span class="only-narrow"> ${raising === 1 ? 'finding' : 'findings'}</span></span>
<span class="entity-tactics small">${drawStrip(seen)}<span class="soft">${plural(seen.length, 'tactic')}</span></span>
<span class="small time-range">${first === undefined ? html`<span class="soft">no time</span>` : html`<time datetime="${first}">${shownTime(first).slice(0, 16)}</time><time datetime="${last ?? first}">${shownTime(last ?? first).slice(0, 16)}</time>`}</span>
</summary>
<div class="entity-body">
${seen.length > 0 && html`<p>${seen.map((tactic) => html`<span class="tag">${tactic}</span>`)}</p>`}
<p class="small"><button type="button" class="button no-print" data-entity="${name}">Show these findings in the list below</button></p>
<ol class="steps">${stepsOf(findings).map(({ finding, score: added, count, sum, anchor }) => {
    const isIncident = finding.detection.type === 'Correlation'
    return html`<li class="${finding.severity}${isIncident ? ' is-incident' : ''}">${findingTime(finding.time)} ${severityBadge(finding.severity)} <a href="#${anchor}">${finding.detection.name}</a>${count > 1 && html` <span class="soft small">${count} times</span>`}<span class="added">${isIncident ? html`incident` : html`+${shownNumber(added)}`} <span class="soft">${shownNumber(sum)}</span></span><span class="message soft small">${finding.risk.message.slice(0, 300)}</span></li>`
  })}</ol>
${findings.length > shownFindings && html`<p class="soft small">The first ${shownFindings} of ${plural(findings.length, 'finding')}.</p>`}
</div>
</details>`
}

/** The ATT&CK matrix as a strip of its tactics, those that were seen filled. */
function drawStrip(seen: readonly Tactic[]): Html {
  return html`<svg class="strip" viewBox="0 0 ${tactics.length * 10} 12" preserveAspectRatio="none" role="img" aria-label="${seen.join(', ') || 'no tactic'}"><title>${seen.join(', ')}</title>${tactics.map(
    (tactic, index) =>
      html`<rect x="${index * 10}" width="8.5" height="12"${seen.includes(tactic) && html` class="hit"`}/>`,
  )}</svg>`
}

interface Step {
  readonly finding: Entity['findings'][number]['finding']
  readonly anchor: string
  readonly score: number
  readonly count: number
  /** The risk so far. */
  readonly sum: number
}

/** The findings in the order of time; the same detection and message in a row are one step. */
function stepsOf(findings: Entity['findings']): Step[] {
  const steps: Step[] = []
  let sum = 0
  for (const { finding, score } of findings.slice(0, shownFindings)) {
    sum = Math.round((sum + score) * 100) / 100
    const last = steps.at(-1)
    if (
      last !== undefined &&
      last.finding.detection.name === finding.detection.name &&
      last.finding.risk.message === finding.risk.message
    ) {
      steps[steps.length - 1] = { ...last, score: last.score + score, count: last.count + 1, sum }
    } else steps.push({ finding, anchor: findingAnchor(finding), score, count: 1, sum })
  }
  return steps
}
