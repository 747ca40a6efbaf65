// Runs saved searches for the commands that name one: savedsearch, from, union, map.
// Search Reference: savedsearch

import { suggest } from '../../../base/suggest.ts'
import { searchError } from '../../../diagnostics/diagnostic.ts'
import type { Batch } from '../../../value/batch.ts'
import type { SavedSearch } from '../../host.ts'
import type { RunContext } from '../../run/context.ts'

/** @throws SearchError when there is no such search, or it would run itself */
export function findSavedSearch(name: string, context: RunContext): SavedSearch {
  const { savedSearches, savedSearch: within } = context
  const found = savedSearches.get(name)
  if (found === undefined) {
    const [nearest] = suggest(name, [...savedSearches.names()])
    throw searchError(
      'bad-argument',
      `There is no saved search "${name}".`,
      nearest === undefined
        ? 'Saved searches come from the savedsearches.conf of --content and --app.'
        : `Did you mean "${nearest}"?`,
    )
  }
  if (within.includes(found.name))
    throw searchError(
      'bad-argument',
      `The saved search "${name}" runs itself: ${[...within, name].join(', ')}.`,
    )
  return found
}

/**
 * Runs a saved search.
 * @param text  the search with its tokens filled in
 */
export async function* runSavedSearch(
  { name, earliest, latest }: SavedSearch,
  text: string,
  context: RunContext,
): AsyncIterable<Batch> {
  // Splunk takes the saved range where no other is given. Evidence has times of its own, so that would find nothing.
  const hasRange = earliest !== undefined || latest !== undefined
  if (hasRange && context.earliest === undefined && context.latest === undefined) {
    context.warn({
      code: 'no-effect',
      severity: 'warning',
      message: `The time range that is saved with "${name}" (${earliest ?? 'all time'} to ${latest ?? 'now'}) has no effect: the search reads all events.`,
      labels: [],
      help: 'Give a time range: --from and --to, or earliest= and latest= in the search.',
    })
  }
  yield* context.runPipeline(context.parseSearch(context.expandMacros(text)), name)
}
