// The frame of every page of a site: head, navigation, foot. Links are relative, so that a site works from any folder.

import { type Html, html, renderPage } from '../html/html.ts'
import type { SiteData } from './site-data.ts'

export interface SitePage {
  readonly title: string
  /** How many folders below the site's the page is. */
  readonly depth: 0 | 1
  /** Which entry of the navigation it belongs to. */
  readonly area: 'detections' | 'stories' | 'data sources' | 'attack'
  readonly body: Html
  /** Whether it takes all the width there is. */
  readonly isWide?: boolean
  readonly script?: string
}

const areas = [
  ['detections', 'Detections', 'index.html'],
  ['stories', 'Stories', 'stories.html'],
  ['data sources', 'Data sources', 'data-sources.html'],
  ['attack', 'ATT&CK coverage', 'attack.html'],
] as const

/** The way from a page to the site's folder. */
export const root = (depth: 0 | 1): string => (depth === 0 ? '' : '../')

/** A text of an author: lines are paragraphs, what stands between backticks is code. */
export const drawProse = (text: string, kind = 'prose'): Html =>
  html`${text
    .split(/\n+/)
    .map((paragraph) => html`<p class="${kind}">${paragraph.split(/(`[^`]+`)/).map(drawPhrase)}</p>`)}`

const drawPhrase = (text: string): Html =>
  /^`[^`]+`$/.test(text) ? html`<code>${text.slice(1, -1)}</code>` : html`${text}`

export function drawPage({ title, depth, area, body, isWide, script }: SitePage, site: SiteData): string {
  const base = root(depth)
  return renderPage({
    title: `${title} · ${site.title}`,
    usesOwnFiles: true,
    head: html`<link rel="stylesheet" href="${base}style.css">\n`,
    ...(script === undefined ? {} : { script }),
    body: html`<a class="skip" href="#content">Skip to the content</a>
<header class="band"><div class="wrap"><a class="home" href="${base}index.html">${site.title}</a>
<nav aria-label="Areas">${areas.map(
      ([name, label, file]) =>
        html`<a href="${base}${file}"${name === area && html` aria-current="page"`}>${label}</a>`,
    )}</nav></div></header>
<main class="${isWide ? 'wide' : 'wrap'}" id="content">
${body}
</main>
<footer class="wrap foot">Made by ${site.program} on ${new Date(site.made).toISOString().slice(0, 10)}.</footer>`,
  })
}
