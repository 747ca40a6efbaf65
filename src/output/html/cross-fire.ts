// The cross-fire matrix as a page: detections down, datasets across, a square where a detection fires.

import { cutText, plural, shownNumber } from './format.ts'
import { type Html, html, renderPage } from './html.ts'
import { theme } from './theme.ts'

export interface ShownCrossFire {
  readonly datasets: readonly { readonly name: string; readonly events: number }[]
  readonly detections: readonly {
    readonly name: string
    readonly version: number
    /** Rows by the dataset's place. */
    readonly rows: ReadonlyMap<number, number>
    /** Datasets in which a test of its own says that it must find something. */
    readonly declared: ReadonlySet<number>
    readonly problem?: string
  }[]
  /** Tests whose data was not there. */
  readonly skipped: number
  readonly program: string
}

type Row = ShownCrossFire['detections'][number]

/** Draws the page: one file that needs no network. */
export function renderCrossFire(data: ShownCrossFire): string {
  const { datasets, detections, skipped, program } = data
  const shown = detections.filter(({ rows, declared }) => rows.size > 0 || declared.size > 0)
  const others = (row: Row): number[] => [...row.rows.keys()].filter((place) => !row.declared.has(place))
  const missed = (row: Row): number[] => [...row.declared].filter((place) => !row.rows.has(place))
  const noisy = shown
    .filter((row) => others(row).length > 0)
    .sort((a, b) => others(b).length - others(a).length)
  const blind = shown.filter((row) => missed(row).length > 0)
  const failed = detections.filter(({ problem }) => problem !== undefined)
  const body = html`<main>
<h1>Cross-fire</h1>
<p>What each of ${plural(detections.length, 'detection')} finds in each of ${plural(datasets.length, 'dataset')} that a test names${skipped > 0 && html`; the data of ${plural(skipped, 'test')} was not there`}. Made by ${program}.</p>
<section class="panel"><h2>Who fires where</h2>
${datasets.length === 0 ? html`<p>No data was there. Give a copy of attack_data with --data.</p>` : html`${legend}<div class="scroll">${drawGrid(shown, datasets)}</div>`}
</section>
${
  noisy.length > 0 &&
  html`<section class="panel"><h2>Detections that fire on the data of others</h2>
<p class="soft">That may be right: attacks have several steps, and recordings hold more than one. Those at the top are worth a look.</p>
<div class="scroll"><table><thead><tr><th>detection</th><th class="number">own data</th><th class="number">other datasets</th><th class="number">rows there</th><th>which</th></tr></thead><tbody>${noisy.map(
    (row) => {
      const places = others(row)
      const count = places.reduce((sum, place) => sum + row.rows.get(place)!, 0)
      return html`<tr><td>${label(row)}</td><td class="number">${row.declared.size - missed(row).length} of ${row.declared.size}</td><td class="number">${places.length}</td><td class="number">${shownNumber(count)}</td><td class="small breakable">${names(places, datasets)}</td></tr>`
    },
  )}</tbody></table></div></section>`
}
${
  blind.length > 0 &&
  html`<section class="panel"><h2>Detections that miss their own data</h2>
<div class="scroll"><table><thead><tr><th>detection</th><th>dataset</th></tr></thead><tbody>${blind.map(
    (row) =>
      html`<tr><td>${label(row)}</td><td class="small breakable">${names(missed(row), datasets)}</td></tr>`,
  )}</tbody></table></div></section>`
}
${
  failed.length > 0 &&
  html`<section class="panel"><h2>Detections that could not be run</h2>
<div class="scroll"><table><thead><tr><th>detection</th><th>why</th></tr></thead><tbody>${failed.map(
    (row) => html`<tr><td>${label(row)}</td><td>${row.problem}</td></tr>`,
  )}</tbody></table></div></section>`
}
<section class="panel"><h2>Datasets</h2>
<div class="scroll"><table><thead><tr><th class="number">no.</th><th>dataset</th><th class="number">events</th><th class="number">detections that fire</th></tr></thead><tbody>${datasets.map(
    ({ name, events }, place) =>
      html`<tr><td class="number">${place + 1}</td><td class="small breakable">${name}</td><td class="number">${shownNumber(events)}</td><td class="number">${detections.filter(({ rows }) => rows.has(place)).length}</td></tr>`,
  )}</tbody></table></div></section>
</main>`
  return renderPage({ title: 'Cross-fire of detections', body, style: theme + style })
}

const label = ({ name, version }: Row): string => `${name} v${version}`

const mostNames = 6

function names(places: readonly number[], datasets: ShownCrossFire['datasets']): string {
  const listed = places.slice(0, mostNames).map((place) => `${place + 1}: ${datasets[place]!.name}`)
  const rest = places.length - listed.length
  return listed.join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

const legend = html`<p class="legend"><span><svg width="14" height="14" aria-hidden="true"><rect class="f2 own" x="1" y="1" width="12" height="12"/></svg> its own data</span>
<span><svg width="14" height="14" aria-hidden="true"><rect class="f2" x="1" y="1" width="12" height="12"/></svg> data of others; the stronger, the more rows</span>
<span><svg width="14" height="14" aria-hidden="true"><rect class="missed" x="1" y="1" width="12" height="12"/></svg> its own data, and nothing found</span></p>`

const cell = 14
const labelWidth = 380
const top = 22

/** Only squares that hold something are drawn, so a thousand detections on a thousand datasets stay a page. */
function drawGrid(rows: readonly Row[], datasets: ShownCrossFire['datasets']): Html {
  const width = labelWidth + cell * datasets.length + 2
  const height = top + cell * rows.length + 2
  const numbers = datasets.flatMap((_, place) =>
    place === 0 || (place + 1) % 5 === 0
      ? [
          html`<text class="number" x="${labelWidth + cell * place + cell / 2}" y="${top - 8}">${place + 1}</text>`,
        ]
      : [],
  )
  const lines = rows.map((row, index) => {
    const y = top + cell * index
    const places = [...new Set([...row.rows.keys(), ...row.declared])].sort((a, b) => a - b)
    return html`<text class="label" x="${labelWidth - 8}" y="${y + cell - 4}">${cutText(label(row), 58).shown}</text>${places.map(
      (place) => {
        const count = row.rows.get(place) ?? 0
        const own = row.declared.has(place)
        const kind = count === 0 ? 'missed' : `f${levelOf(count)}${own ? ' own' : ''}`
        return html`<rect class="${kind}" x="${labelWidth + cell * place + 1}" y="${y + 1}" width="${cell - 2}" height="${cell - 2}"><title>${label(row)} — ${datasets[place]!.name}: ${plural(count, 'row')}</title></rect>`
      },
    )}`
  })
  const stripes = rows.flatMap((_, index) =>
    index % 2 === 1
      ? [html`<rect class="stripe" x="0" y="${top + cell * index}" width="${width}" height="${cell}"/>`]
      : [],
  )
  return html`<svg class="grid" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Detections down, datasets across; the tables below say the same">${stripes}${numbers}${lines}</svg>`
}

/** 1 to 4 by the order of magnitude. */
const levelOf = (rows: number): number => Math.min(4, 1 + Math.floor(Math.log10(rows)))

const style = `
main{max-width:1500px;margin:0 auto;padding:1.2rem}
h1{font-size:1.7rem}
.panel{margin:1rem 0}
.legend span{margin-right:1.4rem;white-space:nowrap}
.legend svg{vertical-align:-2px}
.grid text{font:11px var(--sans);fill:var(--text)}
.grid .label{text-anchor:end}
.grid .number{text-anchor:middle;fill:var(--soft)}
.stripe{fill:var(--raised)}
.f1{fill:#8fbfe3}.f2{fill:#4d93c6}.f3{fill:#20659b}.f4{fill:#0c3a63}
@media (prefers-color-scheme:dark){.f1{fill:#24506f}.f2{fill:#3b7eaf}.f3{fill:#74b6e6}.f4{fill:#d2eaff}}
.own{stroke:var(--text);stroke-width:2}
.missed{fill:none;stroke:var(--critical);stroke-width:2;stroke-dasharray:3 2}
`
