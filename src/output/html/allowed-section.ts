// What allow-lists did: the part of a report that says what it does not show, and who decided so.

import { type AllowUse, allowEffect } from '../../risk/allow-list.ts'
import { plural, shownNumber } from './format.ts'
import { type Html, html } from './html.ts'

/** Draws the entries, those with an effect first; undefined where no list was given. */
export function drawAllowed(uses: readonly AllowUse[]): Html | undefined {
  if (uses.length === 0) return undefined
  const sorted = uses.toSorted((a, b) => b.findings - a.findings)
  const leftOut = uses
    .filter(({ entry, isExpired }) => !isExpired && entry.multiply === undefined)
    .reduce((sum, { findings }) => sum + findings, 0)
  return html`<p>${leftOut === 0 ? 'Allow-lists were given, and no finding was left out.' : html`<b>${plural(leftOut, 'finding')} ${leftOut === 1 ? 'is' : 'are'} not in this report</b>: left out by allow-lists.`}</p>
<div class="scroll"><table><thead><tr><th class="number">Findings</th><th>Effect</th><th>Until</th><th>Detections</th><th>Where</th><th>Reason</th><th>Entry</th></tr></thead><tbody>${sorted.map(drawUse)}</tbody></table></div>`
}

function drawUse(use: AllowUse): Html {
  const { entry, isExpired, fitsNoDetection, findings } = use
  return html`<tr class="${isExpired || fitsNoDetection ? 'problem' : ''}"><td class="number">${shownNumber(findings)}</td><td>${allowEffect(use)}</td><td>${entry.until ?? 'no end'}</td><td class="breakable">${entry.detections.join(', ') || 'all'}${fitsNoDetection && html` <b>no such detection ran</b>`}</td><td class="breakable mono">${[...entry.where].map(([field, values]) => html`<div>${field} = ${values.join(', ')}</div>`)}</td><td class="breakable">${entry.reason}</td><td class="soft small breakable">${entry.origin}</td></tr>`
}
