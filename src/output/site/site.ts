// A site of detections: a page for each, for each story and data source, the lists that lead to them, and a Navigator layer.

import { catalogOf } from './catalog.ts'
import { detectionPage } from './detection-page.ts'
import {
  attackPage,
  coverageLayer,
  dataSourcePage,
  dataSourcesPage,
  indexPage,
  storiesPage,
  storyPage,
} from './list-pages.ts'
import type { SiteData, SiteFile } from './site-data.ts'
import { siteStyle } from './site-style.ts'

/** The files of the site, one after the other. */
export function* renderSite(site: SiteData): Generator<SiteFile> {
  const catalog = catalogOf(site)
  yield { path: 'style.css', text: siteStyle }
  yield { path: 'index.html', text: indexPage(catalog, site) }
  yield { path: 'stories.html', text: storiesPage(catalog, site) }
  yield { path: 'data-sources.html', text: dataSourcesPage(catalog, site) }
  yield { path: 'attack.html', text: attackPage(catalog, site) }
  yield { path: 'attack-navigator.json', text: coverageLayer(catalog, site) }
  for (const entry of catalog.entries) yield { path: entry.href, text: detectionPage(entry, catalog, site) }
  for (const [name, { href }] of catalog.stories) yield { path: href, text: storyPage(name, catalog, site) }
  for (const [name, { href }] of catalog.dataSources)
    yield { path: href, text: dataSourcePage(name, catalog, site) }
}
