// Sets of field names that a command wants from what comes before it.

import type { WantedFields } from '../host.ts'

/** Both together; 'all' swallows the rest. */
export function union(wanted: WantedFields, more: Iterable<string> | 'all'): WantedFields {
  if (wanted === 'all' || more === 'all') return 'all'
  return new Set([...wanted, ...more])
}

/** Those without the fields that the command makes itself. */
export function without(wanted: WantedFields, made: Iterable<string>): WantedFields {
  if (wanted === 'all') return 'all'
  const rest = new Set(wanted)
  for (const name of made) rest.delete(name)
  return rest
}
