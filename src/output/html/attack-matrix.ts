// The ATT&CK matrix as a table of columns: a tactic each, with the techniques that something is known of.

import { type Tactic, tacticIds, tactics } from '../../risk/attack.ts'
import { type Html, html } from './html.ts'

/** A technique in the matrix. */
export interface MatrixCell {
  readonly id: string
  readonly name: string
  readonly tactics: readonly Tactic[]
  /** How strong its colour is, 0 (none) to 4. */
  readonly level: 0 | 1 | 2 | 3 | 4
  /** A few words: `3 findings`. */
  readonly note: string
  /** More, shown on pointing at it. */
  readonly title?: string
  readonly href?: string
}

/** Draws the matrix; sub-techniques follow their technique, tactics without any technique are only named. */
export function drawMatrix(cells: readonly MatrixCell[]): Html {
  const hasUncovered = cells.some(({ level }) => level === 0)
  const columns = tactics.map((tactic) => ({
    tactic,
    cells: cells.filter((cell) => cell.tactics.includes(tactic)).sort((a, b) => (a.id < b.id ? -1 : 1)),
  }))
  const filled = columns.filter((column) => column.cells.length > 0)
  const empty = columns.filter((column) => column.cells.length === 0).map(({ tactic }) => tactic)
  return html`${hasUncovered && html`<p class="matrix-switch no-print"><input type="checkbox" id="only-covered"> <label for="only-covered">Only techniques with detections</label></p>`}
<div class="matrix" role="list">${filled.map(({ tactic, cells: ofTactic }) => {
    const covered = ofTactic.filter(({ level }) => level > 0).length
    return html`<section role="listitem"><h4>${tactic}<span class="soft">${tacticIds[tactic]} · ${covered}</span></h4>${ofTactic.map(drawCell)}</section>`
  })}</div>
${empty.length > 0 && html`<p class="soft small">Nothing of ${empty.join(', ')}.</p>`}`
}

function drawCell({ id, name, level, note, title, href }: MatrixCell): Html {
  const inner = html`<b>${id}</b> <span>${name}</span>${note !== '' && html`<em>${note}</em>`}`
  const attributes = html`class="cell level-${level}${id.includes('.') ? ' sub' : ''}"${title !== undefined && html` title="${title}"`}`
  return href === undefined
    ? html`<div ${attributes}>${inner}</div>`
    : html`<a ${attributes} href="${href}">${inner}</a>`
}

/** The style of the matrix. */
export const matrixStyle = `
.matrix{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(124px,190px);gap:4px;overflow-x:auto;padding-bottom:.5rem;align-items:start}
.matrix section{min-width:0}
.matrix h4{font-size:.76rem;overflow-wrap:break-word;hyphens:auto;padding:.35rem .4rem;background:var(--raised);border:1px solid var(--line);border-radius:5px;margin-bottom:4px;min-height:3.4rem}
.matrix h4 span{display:block;font-weight:400;font-size:.72rem}
.cell{display:block;font-size:.72rem;line-height:1.3;padding:.28rem .4rem;border:1px solid var(--line);border-radius:4px;margin-bottom:3px;color:var(--text);background:var(--panel);text-decoration:none;overflow-wrap:break-word;hyphens:auto}
.matrix-switch:has(:checked)+.matrix .level-0{display:none}
.cell b{font-weight:650;font-size:.7rem}
.cell em{display:block;font-style:normal;font-size:.7rem}
.cell.sub{margin-left:7px}
a.cell:hover{border-color:var(--link)}
.level-0{color:var(--soft)}
.level-1{background:#dcebf7;border-color:#a9cde9;color:#10212f}
.level-2{background:#a8d0ef;border-color:#6fb0de;color:#0b1a26}
.level-3{background:#27719f;border-color:#205d85;color:#fff}
.level-4{background:#124a73;border-color:#0c3554;color:#fff}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]) .level-1{background:#173247;border-color:#24506f;color:#e6ebf1}:root:not([data-theme=light]) .level-2{background:#1f5478;border-color:#2d75a6;color:#f2f7fb}:root:not([data-theme=light]) .level-3{background:#5ea9dd;border-color:#5ea9dd;color:#06121c}:root:not([data-theme=light]) .level-4{background:#b5ddfa;border-color:#b5ddfa;color:#06121c}}
:root[data-theme=dark] .level-1{background:#173247;border-color:#24506f;color:#e6ebf1}:root[data-theme=dark] .level-2{background:#1f5478;border-color:#2d75a6;color:#f2f7fb}:root[data-theme=dark] .level-3{background:#5ea9dd;border-color:#5ea9dd;color:#06121c}:root[data-theme=dark] .level-4{background:#b5ddfa;border-color:#b5ddfa;color:#06121c}
@media print{.matrix{grid-auto-flow:row;grid-template-columns:repeat(5,1fr);overflow:visible}.matrix section{break-inside:avoid}}
`
