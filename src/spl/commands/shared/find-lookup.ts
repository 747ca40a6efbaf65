// Finds the lookup that a command names.

import { suggest } from '../../../base/suggest.ts'
import { searchError } from '../../../diagnostics/diagnostic.ts'
import type { Lookups, LookupTable } from '../../host.ts'

/** @throws SearchError when there is no such lookup, with what is known of why */
export function findLookup(lookups: Lookups, name: string): LookupTable {
  const table = lookups.get(name)
  if (table !== undefined) return table
  const problem = lookups.problem?.(name) ?? `The lookup "${name}" is not defined.`
  const [nearest] = suggest(name, lookups.names())
  const help = nearest === undefined || nearest === name ? undefined : `Did you mean "${nearest}"?`
  throw searchError('missing-lookup', problem, help)
}
