// The page of a detection: everything that its author wrote, and what Karst found out about its search.

import type { Detection } from '../../content/detection.ts'
import {
  type DetectionTest,
  type ExpectedRow,
  filterMacroName,
  riskScore,
  type TestData,
} from '../../content/detection.ts'
import { type Tactic, tacticIds, techniqueOf } from '../../risk/attack.ts'
import { severityBadge } from '../html/finding-card.ts'
import { plural, shownNumber } from '../html/format.ts'
import { type Html, html, slug, webLink } from '../html/html.ts'
import type { Catalog, Entry } from './catalog.ts'
import { drawPage, drawProse } from './layout.ts'
import type { SearchFacts, SiteData, UsedMacro } from './site-data.ts'
import { drawSpl } from './spl-markup.ts'
import { drawDifferences } from './versions.ts'

/** Fields that every event has; nobody need declare them. */
const alwaysThere = new Set(['_time', '_raw', 'host', 'index', 'source', 'sourcetype', 'eventtype', 'tag'])

interface PageParts {
  readonly entry: Entry
  readonly facts: SearchFacts
  readonly catalog: Catalog
  readonly site: SiteData
}

/** Draws the page. */
export function detectionPage(entry: Entry, catalog: Catalog, site: SiteData): string {
  const { detection } = entry
  const parts: PageParts = { entry, facts: site.describe(detection), catalog, site }
  const sections: readonly (readonly [title: string, body: Html | undefined])[] = [
    ['Description', prose(detection.description)],
    ['Search', drawSearch(parts)],
    ['Macros', drawMacros(parts)],
    ['Fields it needs', drawFields(parts)],
    ['Events it needs', drawDataSources(parts)],
    ['ATT&CK', drawAttack(parts)],
    ['Risk', drawRisk(detection, entry)],
    ['How to implement', prose(detection.howToImplement)],
    ['Known false positives', prose(detection.knownFalsePositives)],
    ['Analytic stories', drawStories(parts)],
    ['Drilldowns', drawDrilldowns(detection)],
    ['Tests', drawTests(parts)],
    ['What fires on the same data', drawCrossFire(parts)],
    ['How it runs', drawPlan(parts)],
    ['References', drawReferences(detection)],
    ['History', drawHistory(parts)],
  ]
  const shown = sections.filter(([, body]) => body !== undefined)
  return drawPage(
    {
      title: detection.name,
      depth: 1,
      area: 'detections',
      body: html`<p class="crumbs small"><a href="../index.html">Detections</a></p>
<h1>${detection.name}</h1>
<p class="badges">${severityBadge(entry.severity)} <span class="tag">${detection.type}</span><span class="tag">${detection.status}</span>${entry.score !== undefined && html`<span class="tag">risk ${entry.score}</span>`}</p>
${parts.facts.problem !== undefined && html`<p class="problem"><b>Karst cannot run this search:</b> ${parts.facts.problem}</p>`}
${entry.versions[0] !== entry && html`<p class="problem"><b>This is version ${detection.version}.</b> The newest is <a href="../${entry.versions[0]!.href}">version ${entry.versions[0]!.detection.version}</a>.</p>`}
<div class="columns">
<article>${shown.map(([title, body]) => html`<section id="${slug(title)}"><h2>${title}</h2>${body}</section>`)}</article>
<aside>${drawFacts(parts)}
<nav class="panel small contents" aria-label="On this page"><h2>On this page</h2><ul>${shown.map(([title]) => html`<li><a href="#${slug(title)}">${title}</a></li>`)}</ul></nav></aside>
</div>`,
    },
    site,
  )
}

const prose = (text: string): Html | undefined => (text === '' ? undefined : drawProse(text))

function drawFacts({ entry, catalog, site }: PageParts): Html {
  const { detection, annotations } = entry
  const { tags } = detection
  const list = (values: readonly string[]): Html | undefined =>
    values.length === 0 ? undefined : html`${values.map((value) => html`<span class="tag">${value}</span>`)}`
  const facts: readonly (readonly [string, Html | undefined])[] = [
    ['Version', html`${detection.version}, ${detection.date || 'no date'}`],
    ['Author', html`${detection.author}`],
    ['Type', html`${detection.type}`],
    ['Product', list(tags.products)],
    ['Asset type', tags.assetType === undefined ? undefined : html`${tags.assetType}`],
    ['Security domain', tags.securityDomain === undefined ? undefined : html`${tags.securityDomain}`],
    ['Data sources', linkedSources(detection, catalog)],
    ['Techniques', list(annotations.mitre_attack)],
    ['Kill chain', list(annotations.kill_chain_phases)],
    ['NIST', list(annotations.nist)],
    ['CIS', list(annotations.cis20)],
    ['CVE', list(annotations.cve)],
    ['ID', html`<span class="mono breakable">${detection.id}</span>`],
    [
      'Source',
      site.sourceUrl === undefined
        ? html`<span class="mono breakable">${detection.path}</span>`
        : webLink(site.sourceUrl + detection.path, detection.path),
    ],
  ]
  return html`<dl class="panel facts-list">${facts.map(([name, value]) => value !== undefined && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function linkedSources({ dataSources }: Detection, catalog: Catalog): Html | undefined {
  if (dataSources.length === 0) return undefined
  return html`<ul class="plain">${dataSources.map((needed) => html`<li>${needed.map((name, index) => html`${index > 0 && ' and '}<a href="../${catalog.dataSources.get(name)?.href ?? ''}">${name}</a>`)}</li>`)}</ul>`
}

// ---- the search

const macroAnchor = (name: string): string => `macro-${slug(name.replace(/\(\d+\)$/, ''))}`

function drawSearch({ entry: { detection }, facts }: PageParts): Html {
  const known = new Set(facts.macros.map(({ name }) => name.replace(/\(\d+\)$/, '')))
  return drawSpl(detection.search.text, (name) => (known.has(name) ? `#${macroAnchor(name)}` : undefined))
}

function drawMacros({ entry: { detection }, facts }: PageParts): Html | undefined {
  if (facts.macros.length === 0) return undefined
  const filter = filterMacroName(detection.name)
  return html`<p>A macro is text that is put in its place before the search is read.</p>
${facts.macros.map((macro) => drawMacro(macro, macro.name === filter, isAfterPipe(macro, detection)))}`
}

/** Whether a search calls a macro where a command belongs. */
const isAfterPipe = ({ name }: UsedMacro, { search }: Detection): boolean =>
  new RegExp(`\\|\\s*\`\\s*${name.replace(/\(\d+\)$/, '').replace(/\W/g, '\\$&')}\\s*[\`(]`).test(search.text)

function drawMacro({ name, args, definition }: UsedMacro, isFilter: boolean, startsCommand: boolean): Html {
  const shown = args.length === 0 ? name : `${name.replace(/\(\d+\)$/, '')}(${args.join(', ')})`
  return html`<div class="macro" id="${macroAnchor(name)}"><h3 class="mono breakable">${shown}</h3>${drawSpl(definition, undefined, startsCommand)}${
    isFilter &&
    html`<p class="soft small">The filter of this detection. It lets everything through until you define it: it is the place for the false positives of your environment, so that updates of the search do not lose them. Save its text as <code class="breakable">${name}.spl</code> in a folder and give that with <code>--filters</code>.</p>`
  }</div>`
}

function drawPlan({ facts, entry: { detection } }: PageParts): Html | undefined {
  if (facts.plan.length === 0) return undefined
  return html`<p>The steps after macro expansion and planning, as <code>karst explain --detection ${detection.id}</code> prints them.</p>
<ol class="plan">${facts.plan.map((step) => html`<li><code>${step}</code></li>`)}</ol>`
}

// ---- what it needs

function drawFields({ entry: { detection }, facts, site }: PageParts): Html | undefined {
  const declared = detection.tags.requiredFields
  const { reads } = facts
  if (reads === undefined) {
    if (declared.length === 0) return undefined
    return html`<p>The author names these. The search does not tell by itself which fields it reads.</p><p>${declared.map((name) => html`<span class="tag mono">${name}</span>`)}</p>`
  }
  const read = reads.filter((name) => !alwaysThere.has(name))
  const unread = declared.filter((name) => !reads.includes(name) && !alwaysThere.has(name))
  const given = fieldsOfSources(detection, site)
  const isModel = facts.dataset !== undefined
  return html`<p>Derived from the search${isModel && html`, which reads the data model dataset <code>${facts.dataset}</code>`}; <code>_time</code> and the metadata of an event are always there.</p>
<div class="scroll"><table><thead><tr><th>Field</th><th>Named by the author</th>${!isModel && given !== undefined && html`<th>In the data source</th>`}</tr></thead><tbody>
${read.map(
  (name) =>
    html`<tr><td class="mono breakable">${name}</td><td>${declared.includes(name) ? 'yes' : html`<b>no</b>`}</td>${!isModel && given !== undefined && html`<td>${given.has(name) ? 'yes' : 'not listed'}</td>`}</tr>`,
)}
${unread.map((name) => html`<tr><td class="mono breakable">${name}</td><td>yes, but the search does not read it</td>${!isModel && given !== undefined && html`<td>${given.has(name) ? 'yes' : 'not listed'}</td>`}</tr>`)}
</tbody></table></div>`
}

/** The fields that the data sources of a detection say they have; undefined where content describes none of them. */
function fieldsOfSources({ dataSources }: Detection, { content }: SiteData): ReadonlySet<string> | undefined {
  const described = dataSources.flat().flatMap((name) => content.dataSources.get(name) ?? [])
  const fields = described.flatMap((source) => source.fields)
  return fields.length === 0 ? undefined : new Set(fields)
}

function drawDataSources({ entry: { detection }, site, catalog }: PageParts): Html | undefined {
  const names = [...new Set(detection.dataSources.flat())]
  if (names.length === 0) return undefined
  return html`${detection.dataSources.length > 1 && html`<p>Any of these is enough.</p>`}
<div class="scroll"><table><thead><tr><th>Data source</th><th>source</th><th>sourcetype</th><th>To be switched on</th></tr></thead><tbody>${names.map(
    (name) => {
      const source = site.content.dataSources.get(name)
      return html`<tr><td><a href="../${catalog.dataSources.get(name)?.href ?? ''}">${name}</a></td><td class="mono breakable">${source?.source ?? ''}</td><td class="mono breakable">${source?.sourcetype ?? html`<span class="soft">not described by the content</span>`}</td><td>${source?.configuration ?? ''}</td></tr>`
    },
  )}</tbody></table></div>`
}

// ---- what it means

function drawAttack({ entry: { annotations }, catalog }: PageParts): Html | undefined {
  if (annotations.mitre_attack.length === 0) return undefined
  return html`<div class="scroll"><table><thead><tr><th>ID</th><th>Technique</th><th>Tactic</th></tr></thead><tbody>${annotations.mitre_attack.map(
    (id) => {
      const technique = techniqueOf(id, catalog.attack)
      const tactics: readonly Tactic[] = technique?.tactics ?? []
      return html`<tr><td>${webLink(`https://attack.mitre.org/techniques/${id.replace('.', '/')}/`, id)}</td><td>${technique?.name ?? html`<b>not in ATT&amp;CK ${catalog.attack.version}</b>`}</td><td>${tactics.map((tactic) => html`<span class="tag">${tactic} <span class="soft">${tacticIds[tactic]}</span></span>`)}</td></tr>`
    },
  )}</tbody></table></div>
<div class="scroll"><table><thead><tr><th>Kill chain phase</th><th>NIST</th><th>CIS</th><th>CVE</th></tr></thead><tbody><tr><td>${annotations.kill_chain_phases.join(', ')}</td><td>${annotations.nist.join(', ')}</td><td>${annotations.cis20.join(', ')}</td><td>${annotations.cve.length === 0 ? html`<span class="soft">none</span>` : annotations.cve.map((id) => html`${webLink(`https://nvd.nist.gov/vuln/detail/${id}`, id)} `)}</td></tr></tbody></table></div>`
}

function drawRisk({ risk, tags, type }: Detection, { severity, score }: Entry): Html | undefined {
  if (risk === undefined) return undefined
  const raises = type === 'TTP' || type === 'Anomaly'
  const formula =
    tags.impact !== undefined && tags.confidence !== undefined
      ? html`<p>Risk score = impact × confidence / 100 = ${tags.impact} × ${tags.confidence} / 100 = <b>${riskScore(tags.impact, tags.confidence)}</b>. A score of ${score ?? 0} makes a finding ${severityBadge(severity)}.</p>`
      : html`<p>A score of ${score ?? 0} makes a finding ${severityBadge(severity)}.</p>`
  return html`<blockquote class="message">${risk.message}</blockquote>
${
  raises
    ? html`<div class="scroll"><table><thead><tr><th>Risk object</th><th>Type</th><th class="number">Risk score</th><th class="number">Impact</th><th class="number">Confidence</th></tr></thead><tbody>${risk.objects.map(
        (object) =>
          html`<tr><td class="mono">${object.field}</td><td>${object.type}</td><td class="number">${object.score}</td><td class="number">${tags.impact ?? ''}</td><td class="number">${tags.confidence ?? ''}</td></tr>`,
      )}</tbody></table></div>`
    : html`<p>${type === 'Correlation' ? 'A Correlation detection reads risk and raises none of its own.' : 'A Hunting detection raises no risk.'}</p>`
}
${risk.threatObjects.length > 0 && html`<p>Threat objects: ${risk.threatObjects.map(({ field, type: kind }) => html`<span class="tag"><span class="mono">${field}</span> ${kind}</span>`)}</p>`}
${formula}`
}

function drawStories({ entry: { annotations }, catalog }: PageParts): Html | undefined {
  if (annotations.analytic_story.length === 0) return undefined
  return html`<ul>${annotations.analytic_story.map((name) => {
    const story = catalog.stories.get(name)
    return html`<li><a href="../${story?.href ?? ''}">${name}</a> <span class="soft small">${plural(story?.entries.length ?? 0, 'detection')}</span></li>`
  })}</ul>`
}

function drawDrilldowns({ drilldowns }: Detection): Html | undefined {
  if (drilldowns.length === 0) return undefined
  return html`${drilldowns.map(({ name, search, earliest, latest }) => html`<h3>${name}</h3>${drawSpl(search)}<p class="soft small">from <code>${earliest}</code> to <code>${latest}</code></p>`)}`
}

// ---- how to try it

function drawTests({ entry: { detection, href }, catalog }: PageParts): Html | undefined {
  if (detection.tests.length === 0) {
    const { manualTest } = detection.tags
    return manualTest === undefined ? undefined : html`<p>It is tested by hand: ${manualTest}</p>`
  }
  const data = [...new Set(detection.tests.flatMap(({ attackData }) => attackData.map((test) => test.data)))]
  const others = new Map(
    data
      .flatMap((name) => catalog.byTestData.get(name) ?? [])
      .filter((entry) => entry.href !== href)
      .map((entry) => [entry.href, entry]),
  )
  return html`${detection.tests.map(drawTest(detection))}
<p><code>karst test --detection ${detection.id}</code> runs these tests.${detection.tests.some(({ attackData }) => attackData.some(({ data: place }) => !/^https?:/i.test(place))) && ' Paths count from the root of the content.'}</p>
${others.size > 0 && html`<h3>Also tested with this data</h3><ul class="many">${[...others.values()].map((entry) => html`<li><a href="../${entry.href}">${entry.detection.name}</a></li>`)}</ul>`}`
}

const drawTest =
  (detection: Detection) =>
  ({ name, attackData, mustNotFire, expectedRows }: DetectionTest): Html => {
    const expects = mustNotFire
      ? 'It must find nothing in:'
      : expectedRows === undefined
        ? 'It must find something in:'
        : `It must give ${plural(expectedRows.length, 'row')}, and these, in:`
    return html`<h3>${name}</h3><p>${expects}</p>${attackData.map((data) => drawTestData(detection, data))}${expectedRows !== undefined && expectedRows.length > 0 && drawExpectedRows(expectedRows)}`
  }

function drawTestData({ id }: Detection, { data, source, sourcetype, customIndex }: TestData): Html {
  const facts = [
    ['source', source],
    ['sourcetype', sourcetype],
    ['index', customIndex ?? ''],
  ] as const
  const stated = facts.filter(([, value]) => value !== '')
  const options = stated.map(([name, value]) => ` --${name} ${shellWord(value)}`).join('')
  const file = shellWord(fileOf(data))
  const fetch = /^https?:/i.test(data) ? `curl -LO ${shellWord(data)}\n` : ''
  return html`<div class="scroll"><table><tbody><tr><th scope="row">Dataset</th><td class="mono breakable">${webLink(data)}</td></tr>${stated.map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="mono breakable">${value}</td></tr>`)}</tbody></table></div>
<pre tabindex="0">${fetch}karst scan ${file} --detection ${id}${options}
karst replay ${file} --to https://splunk.example:8088${options}</pre>`
}

function drawExpectedRows(rows: readonly ExpectedRow[]): Html {
  const fields = [...new Set(rows.flatMap((row) => [...row.keys()]))]
  return html`<details><summary>The rows</summary><div class="scroll"><table><thead><tr>${fields.map((field) => html`<th>${field}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${fields.map((field) => html`<td class="mono breakable">${(row.get(field) ?? []).join('\n')}</td>`)}</tr>`)}</tbody></table></div></details>`
}

/** What every detection finds in the data that this one is tested with. */
function drawCrossFire({ entry: { detection }, catalog, site: { crossFire } }: PageParts): Html | undefined {
  const own = crossFire?.detections.get(detection)
  if (crossFire === undefined || own === undefined || own.declared.size === 0) return undefined
  const addresses = new Map(catalog.entries.map((entry) => [entry.detection, entry.href]))
  return html`<p>Every detection was run over this data. What else fires may belong to the same attack, or say that a search takes in too much.</p>
${[...own.declared].map((place) => {
  const { name, events } = crossFire.datasets[place]!
  const firing = [...crossFire.detections].filter(([, { rows }]) => rows.has(place))
  const others = firing
    .filter(([one]) => one !== detection)
    .sort(([a], [b]) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
  const mine = own.rows.get(place) ?? 0
  return html`<h3 class="mono breakable">${name}</h3>
<p>${plural(events, 'event')}; this detection gives ${mine === 0 ? html`<b>nothing</b>` : plural(mine, 'row')}, and ${others.length === 0 ? 'no other fires' : plural(others.length, 'other')}${others.length > 0 ? ':' : '.'}</p>
${others.length > 0 && html`<ul class="many">${others.map(([one, { rows }]) => html`<li><a href="../${addresses.get(one) ?? ''}">${one.name}</a>${one.version !== detection.version && one.id === detection.id && ` v${one.version}`} <span class="soft small">${shownNumber(rows.get(place)!)}</span></li>`)}</ul>`}`
})}`
}

/** A dataset as it is called once it was fetched. */
const fileOf = (data: string): string =>
  /^https?:/i.test(data) ? data.slice(data.lastIndexOf('/') + 1) : data

const shellWord = (text: string): string =>
  /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

function drawReferences({ references }: Detection): Html | undefined {
  if (references.length === 0) return undefined
  return html`<ul>${references.map((reference) => html`<li class="breakable">${webLink(reference)}</li>`)}</ul>`
}

function drawHistory({ entry }: PageParts): Html {
  const { versions } = entry
  return html`<p>${versions.length === 1 ? html`Version ${entry.detection.version} is the only one that was loaded.` : html`${plural(versions.length, 'version')} were loaded.`}</p>
${versions.length > 1 && versions.map((version, index) => drawVersion(version, versions[index + 1], version === entry))}`
}

function drawVersion({ detection, href }: Entry, before: Entry | undefined, isHere: boolean): Html {
  const name = html`Version ${detection.version}, ${detection.date}`
  return html`<h3>${isHere ? html`${name} <span class="soft">this page</span>` : html`<a href="../${href}">${name}</a>`}</h3>
${before !== undefined && html`<details><summary>What it changed against version ${before.detection.version}</summary>${drawDifferences(before.detection, detection)}</details>`}`
}
