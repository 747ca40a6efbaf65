// Saved searches by name, for commands that run one: those of savedsearches.conf and the searches of content.
// What becomes of them as detections is content's to say.

import type { SavedSearch, SavedSearches } from '../spl/host.ts'
import type { Conf } from './conf-file.ts'

/** Reads the stanzas of savedsearches.conf that hold a search. */
export function readSavedSearches(conf: Conf): SavedSearch[] {
  const searches: SavedSearch[] = []
  const defaults = conf.get('default')?.settings
  for (const { name, settings } of conf.values()) {
    if (name === 'default') continue
    const setting = (key: string): string | undefined =>
      (settings.get(key) ?? defaults?.get(key))?.value.trim()
    const search = setting('search')
    if (search === undefined || search === '') continue
    const earliest = setting('dispatch.earliest_time')
    const latest = setting('dispatch.latest_time')
    searches.push({
      name,
      search,
      ...(earliest ? { earliest } : {}),
      ...(latest ? { latest } : {}),
    })
  }
  return searches
}

/** Puts saved searches together; of the same name the last one counts. */
export function collectSavedSearches(searches: Iterable<SavedSearch>): SavedSearches {
  const byName = new Map<string, SavedSearch>()
  for (const search of searches) byName.set(search.name, search)
  return { get: (name) => byName.get(name), names: () => byName.keys() }
}
