// The pages that lead to others: the index of detections with its search, stories, data sources, ATT&CK coverage.

import { tactics } from '../../risk/attack.ts'
import { drawMatrix, type MatrixCell } from '../html/attack-matrix.ts'
import { severityBadge } from '../html/finding-card.ts'
import { plural, shownNumber } from '../html/format.ts'
import { type Html, html, webLink } from '../html/html.ts'
import { navigatorLayer } from '../navigator.ts'
import { byName, type Catalog, type Entry } from './catalog.ts'
import { indexScript } from './index-script.ts'
import { drawPage, drawProse, root } from './layout.ts'
import type { SiteData } from './site-data.ts'

/** A table of detections. */
export function drawEntries(entries: readonly Entry[], depth: 0 | 1): Html {
  return html`<div class="scroll"><table class="entries"><thead><tr><th>Detection</th><th>Type</th><th>Severity</th><th class="number">Risk</th><th>ATT&amp;CK</th><th>Date</th></tr></thead><tbody>${entries.map((entry) => drawEntry(entry, depth))}</tbody></table></div>`
}

function drawEntry({ detection, href, annotations, severity, score }: Entry, depth: 0 | 1): Html {
  return html`<tr><td><a href="${root(depth)}${href}">${detection.name}</a></td><td>${detection.type}</td><td>${severityBadge(severity)}</td><td class="number">${score ?? ''}</td><td class="small">${annotations.mitre_attack.join(', ')}</td><td class="time small">${detection.date}</td></tr>`
}

// ---- the index

export function indexPage(catalog: Catalog, site: SiteData): string {
  const { newest } = catalog
  const count = (key: (entry: Entry) => readonly string[]): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const entry of newest)
      for (const value of new Set(key(entry))) counts.set(value, (counts.get(value) ?? 0) + 1)
    return counts
  }
  const sorted = (counts: ReadonlyMap<string, number>): [string, number][] =>
    [...counts].filter(([value]) => value !== '').sort(([a], [b]) => byName(a, b))
  const tacticCounts = count(({ annotations }) => annotations.tactics)
  const filters: readonly (readonly [
    name: string,
    label: string,
    options: readonly (readonly [string, number])[],
  ])[] = [
    ['type', 'Type', sorted(count(({ detection }) => [detection.type]))],
    ['severity', 'Severity', sorted(count(({ severity }) => [severity]))],
    [
      'tactic',
      'Tactic',
      tactics.flatMap((tactic) =>
        tacticCounts.has(tactic) ? [[tactic, tacticCounts.get(tactic)!] as const] : [],
      ),
    ],
    ['status', 'Status', sorted(count(({ detection }) => [detection.status]))],
    ['asset', 'Asset type', sorted(count(({ detection }) => [detection.tags.assetType ?? '']))],
    ['source', 'Data source', sorted(count(({ detection }) => detection.dataSources.flat()))],
  ]
  return drawPage(
    {
      title: 'Detections',
      depth: 0,
      area: 'detections',
      script: indexScript,
      body: html`<h1>Detections</h1>
<p class="lead">${plural(newest.length, 'detection')} in ${plural(catalog.stories.size, 'analytic story', 'analytic stories')}, for ${plural(catalog.dataSources.size, 'data source')}.</p>
<form class="filters needs-script no-print" hidden role="search">
<input type="search" name="q" placeholder="Name, technique, story, CVE, id" aria-label="Search in detections" autocomplete="off">
${filters.map(
  ([name, label, options]) =>
    html`<label>${label} <select name="${name}"><option value="">any</option>${options.map(([value, number]) => html`<option value="${value}">${value} (${number})</option>`)}</select></label>`,
)}
<button type="reset" class="button">Clear</button>
<output class="soft small" role="status"></output>
</form>
<noscript><p class="soft">Searching and filtering need scripts; the whole list is below.</p></noscript>
<div class="scroll panel"><table class="entries" id="entries"><thead><tr><th>Detection</th><th>Type</th><th>Severity</th><th class="number">Risk</th><th>ATT&amp;CK</th><th>Date</th></tr></thead><tbody>${newest.map((entry) => drawIndexEntry(entry, catalog))}</tbody></table></div>`,
    },
    site,
  )
}

function drawIndexEntry({ detection, href, annotations, severity, score }: Entry, { attack }: Catalog): Html {
  const { tags } = detection
  const words = [
    detection.name,
    detection.id,
    ...annotations.mitre_attack.flatMap((id) => [id, attack.techniques.get(id)?.name ?? '']),
    ...annotations.analytic_story,
    ...annotations.cve,
    ...detection.dataSources.flat(),
    tags.assetType ?? '',
    tags.securityDomain ?? '',
  ]
  return html`<tr data-type="${detection.type}" data-severity="${severity}" data-status="${detection.status}" data-asset="${tags.assetType ?? ''}" data-tactic="${annotations.tactics.join('|')}" data-source="${detection.dataSources.flat().join('|')}" data-words="${words.join(' ').toLowerCase()}"><td><a href="${href}">${detection.name}</a></td><td>${detection.type}</td><td>${severityBadge(severity)}</td><td class="number">${score ?? ''}</td><td class="small">${annotations.mitre_attack.join(', ')}</td><td class="time small">${detection.date}</td></tr>`
}

// ---- stories

export function storiesPage(catalog: Catalog, site: SiteData): string {
  return drawPage(
    {
      title: 'Analytic stories',
      depth: 0,
      area: 'stories',
      body: html`<h1>Analytic stories</h1>
<p class="lead">A story is what a group of detections is about.</p>
<div class="scroll panel"><table><thead><tr><th>Story</th><th class="number">Detections</th><th>About</th></tr></thead><tbody>${[
        ...catalog.stories,
      ].map(
        ([name, { href, entries }]) =>
          html`<tr><td><a href="${href}">${name}</a></td><td class="number">${shownNumber(entries.length)}</td><td class="small">${firstSentence(site.content.stories.get(name)?.description ?? '')}</td></tr>`,
      )}</tbody></table></div>`,
    },
    site,
  )
}

const firstSentence = (text: string): string => /^[\s\S]{20,}?[.!?](?=\s|$)/.exec(text)?.[0] ?? text

export function storyPage(name: string, catalog: Catalog, site: SiteData): string {
  const story = site.content.stories.get(name)
  const entries = catalog.stories.get(name)?.entries ?? []
  return drawPage(
    {
      title: name,
      depth: 1,
      area: 'stories',
      body: html`<p class="crumbs small"><a href="../stories.html">Stories</a></p><h1>${name}</h1>
${
  story === undefined
    ? html`<p class="soft">Detections name this story; the content does not describe it.</p>`
    : html`<p class="badges">${[...story.categories, story.useCase].filter((text) => text !== '').map((text) => html`<span class="tag">${text}</span>`)}</p>
${drawProse(story.description, 'prose lead')}
${story.narrative !== '' && html`<section><h2>Narrative</h2>${drawProse(story.narrative)}</section>`}`
}
<section><h2>${plural(entries.length, 'detection')}</h2>${drawEntries(entries, 1)}</section>
<section><h2>ATT&amp;CK</h2>${drawMatrix(coverage(entries, catalog, '../'))}</section>
${story !== undefined && story.references.length > 0 && html`<section><h2>References</h2><ul>${story.references.map((reference) => html`<li class="breakable">${webLink(reference)}</li>`)}</ul></section>`}
${story !== undefined && html`<p class="soft small">Version ${story.version}, ${story.date}, ${story.author} · ${story.id} · ${story.path}</p>`}`,
    },
    site,
  )
}

// ---- data sources

export function dataSourcesPage(catalog: Catalog, site: SiteData): string {
  return drawPage(
    {
      title: 'Data sources',
      depth: 0,
      area: 'data sources',
      body: html`<h1>Data sources</h1>
<p class="lead">What detections read, and how it is called in Splunk.</p>
<div class="scroll panel"><table><thead><tr><th>Data source</th><th class="number">Detections</th><th>source</th><th>sourcetype</th></tr></thead><tbody>${[
        ...catalog.dataSources,
      ].map(([name, { href, entries }]) => {
        const source = site.content.dataSources.get(name)
        return html`<tr><td><a href="${href}">${name}</a></td><td class="number">${shownNumber(entries.length)}</td><td class="mono breakable">${source?.source ?? ''}</td><td class="mono breakable">${source?.sourcetype ?? html`<span class="soft">not described</span>`}</td></tr>`
      })}</tbody></table></div>`,
    },
    site,
  )
}

export function dataSourcePage(name: string, catalog: Catalog, site: SiteData): string {
  const source = site.content.dataSources.get(name)
  const entries = catalog.dataSources.get(name)?.entries ?? []
  const fact = (label: string, value: string | undefined): Html | false =>
    value !== undefined &&
    value !== '' &&
    html`<tr><th scope="row">${label}</th><td class="mono breakable">${value}</td></tr>`
  return drawPage(
    {
      title: name,
      depth: 1,
      area: 'data sources',
      body: html`<p class="crumbs small"><a href="../data-sources.html">Data sources</a></p><h1>${name}</h1>
${
  source === undefined
    ? html`<p class="soft">Detections name this data source; the content does not describe it.</p>`
    : html`${drawProse(source.description, 'prose lead')}
<div class="scroll panel"><table><tbody>${fact('source', source.source)}${fact('sourcetype', source.sourcetype)}${fact('told apart by', source.separator)}</tbody></table></div>
${source.configuration !== undefined && html`<section><h2>To be switched on</h2>${drawProse(source.configuration)}</section>`}
${source.addOns.length > 0 && html`<section><h2>Splunk add-ons</h2><ul>${source.addOns.map(({ name: addOn, version, url }) => html`<li>${url === undefined ? addOn : webLink(url, addOn)} ${version}</li>`)}</ul></section>`}
${source.fields.length > 0 && html`<section><h2>${plural(source.fields.length, 'field')}</h2><p>${source.fields.map((field) => html`<span class="tag mono">${field}</span>`)}</p></section>`}
${source.exampleLog !== undefined && html`<section><h2>An event</h2><pre tabindex="0">${source.exampleLog.slice(0, 20_000)}</pre></section>`}`
}
<section><h2>${plural(entries.length, 'detection')}</h2>${drawEntries(entries, 1)}</section>`,
    },
    site,
  )
}

// ---- ATT&CK

export function attackPage(catalog: Catalog, site: SiteData): string {
  const cells = coverage(catalog.newest, catalog, '')
  const covered = new Set(cells.map(({ id }) => id))
  const rest = [...catalog.attack.techniques].flatMap(([id, { name, tactics: of }]): MatrixCell[] =>
    covered.has(id) ? [] : [{ id, name, tactics: of, level: 0, note: '' }],
  )
  return drawPage(
    {
      title: 'ATT&CK coverage',
      depth: 0,
      area: 'attack',
      isWide: true,
      body: html`<h1>ATT&amp;CK coverage</h1>
<p class="lead">Detections name ${shownNumber(covered.size)} of ${plural(catalog.attack.techniques.size, 'technique')} of ATT&amp;CK ${catalog.attack.version}. The darker, the more detections; a technique leads to them. That a detection names a technique does not mean that it finds every way of it.</p>
<p><a class="button" href="attack-navigator.json" download>Layer for the ATT&amp;CK Navigator</a></p>
${drawMatrix([...cells, ...rest])}`,
    },
    site,
  )
}

/** The techniques of detections as cells of the matrix. */
function coverage(entries: readonly Entry[], { attack }: Catalog, base: string): MatrixCell[] {
  const counts = new Map<string, number>()
  for (const { annotations } of entries)
    for (const id of new Set(annotations.mitre_attack)) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts].flatMap(([id, count]): MatrixCell[] => {
    const technique = attack.techniques.get(id)
    if (technique === undefined) return []
    const level = count >= 15 ? 4 : count >= 5 ? 3 : count >= 2 ? 2 : 1
    return [
      {
        id,
        name: technique.name,
        tactics: technique.tactics,
        level,
        note: plural(count, 'detection'),
        href: `${base}index.html#q=${encodeURIComponent(id)}`,
      },
    ]
  })
}

/** The coverage as a layer; the score is the number of detections. */
export function coverageLayer({ newest }: Catalog, { title, program }: SiteData): string {
  const names = new Map<string, string[]>()
  for (const { annotations, detection } of newest)
    for (const id of new Set(annotations.mitre_attack))
      names.set(id, [...(names.get(id) ?? []), detection.name])
  return navigatorLayer({
    name: title,
    description: `Techniques that detections name; the score is their number. Made by ${program}.`,
    techniques: [...names].map(([id, of]) => ({ id, score: of.length, comment: of.sort().join('\n') })),
  })
}
